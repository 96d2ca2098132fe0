"""The pages of keys, leaked credentials, a region's loss and events, followed on the deployed dev.

In the deployment of ``test_dev.py``, whose worker runs it; what a page changes is set back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.deploy.conftest import Project
from tests.support.runbooks import Page

pytestmark = [pytest.mark.deploy, pytest.mark.xdist_group("dev")]

FUNCTION = ROLE = "mapvibe-dev-rag"


def page(dev: Project, name: str) -> Page:
    return Page.open(name, root=dev.root, process=dev.process)


def typed(opened: Page, command: str, **filled: str) -> str:
    """What a command of the page says, which must go well."""
    (whole,) = [each for each in opened.left if each.startswith(command)]
    status, said = opened.type(whole, **filled)
    assert status == 0, said
    return said


def test_keys_say_how_they_rotate_and_do_at_once(dev: Project) -> None:
    opened = page(dev, "key-rotation")
    secrets = typed(opened, "aws secretsmanager list-secrets")
    assert "mapvibe/dev/database/mapvibe_app" in secrets
    key = typed(opened, "aws kms describe-key").strip()
    status = json.loads(typed(opened, "aws kms get-key-rotation-status", KEY_ID=key))
    assert status["KeyRotationEnabled"] is True
    typed(opened, "aws kms rotate-key-on-demand", KEY_ID=key)
    assert dev.api("GET", "/health")[0] == 200, "what was encrypted stays readable"
    assert opened.left == []


@pytest.fixture
def as_before(dev: Project) -> Iterator[None]:
    """Sets back what new credentials change, so that no later plan sees it."""
    functions = dev.client("lambda")
    before = functions.get_function_configuration(FunctionName=FUNCTION)
    alias = functions.get_alias(FunctionName=FUNCTION, Name="live")
    yield
    made = functions.get_alias(FunctionName=FUNCTION, Name="live")["FunctionVersion"]
    functions.update_alias(
        FunctionName=FUNCTION, Name="live", FunctionVersion=alias["FunctionVersion"]
    )
    functions.update_function_configuration(
        FunctionName=FUNCTION, Description=before["Description"]
    )
    if made != alias["FunctionVersion"]:
        functions.delete_function(FunctionName=FUNCTION, Qualifier=made)


@pytest.mark.usefixtures("as_before")
def test_sessions_end_and_the_function_goes_on_with_new_credentials(dev: Project) -> None:
    opened = page(dev, "leaked-credential")
    now = typed(opened, "date").strip()
    typed(opened, "aws iam put-role-policy", NOW=now)
    iam = dev.client("iam")
    policy = iam.get_role_policy(RoleName=ROLE, PolicyName="AWSRevokeOlderSessions")
    refused = policy["PolicyDocument"]["Statement"]
    assert refused["Condition"] == {"DateLessThan": {"aws:TokenIssueTime": now}}
    typed(opened, "aws lambda update-function-configuration")
    typed(opened, "aws lambda wait")
    version = typed(opened, "aws lambda publish-version").strip()
    typed(opened, "aws lambda update-alias", VERSION=version)
    status, answer = dev.api("GET", "/health")
    assert (status, answer["version"]) == (200, version)
    typed(opened, "aws iam delete-role-policy")
    assert "AWSRevokeOlderSessions" not in iam.list_role_policies(RoleName=ROLE)["PolicyNames"]
    assert opened.left == []


def test_what_rds_told_is_listed(dev: Project) -> None:
    opened = page(dev, "database-events")
    said = json.loads(typed(opened, "aws rds describe-events"))
    assert "creation" in [each for event in said["Events"] for each in event["EventCategories"]]
    assert opened.left == []


def test_copies_are_listed(dev: Project) -> None:
    opened = page(dev, "region-loss")
    typed(opened, "aws rds describe-db-snapshots")
    assert opened.left == []
