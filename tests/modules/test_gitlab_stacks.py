"""Two stacks of one environment in the pipeline: a role each, and IAM's limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from cdktf import TerraformStack

from backend import aws_provider
from environments.dev import DEV
from modules.errors import RefusedByAws
from modules.gitlab_access import (
    AppliedStack,
    GitlabAccess,
    Pipeline,
    ServiceName,
    StateObject,
    apply_audience,
    plan_audience,
)
from modules.gitlab_access.trust import DEFAULT_COMPONENTS
from modules.naming import Naming
from stacks.rag import stack as rag
from tests.support.apps import new_app
from tests.support.apps import synthesised as app_stack
from tests.support.iam.decisions import FULL_ACCESS, Policies, Request, allowed
from tests.support.iam.pipeline import may as role_may
from tests.support.names import problems
from tests.support.provider_calls import ACCOUNT, DATABASE_SIZE, LOCKS, NEW
from tests.support.stacks import Stack, delivery_stack, policy_of
from tests.support.validate import Validator

NAMING = Naming(project="mapvibe", environment="dev", account_id=ACCOUNT, region="ap-southeast-1")
BUCKET = f"mapvibe-dev-state-{ACCOUNT}"
WEB: tuple[ServiceName, ...] = ("functions", "apis", "roles", "logs", "flow-log-queries")


def applied(
    stack_id: str, services: Sequence[ServiceName], *secrets: str, naming: Naming = NAMING
) -> AppliedStack:
    return AppliedStack(
        id=stack_id,
        environment=naming,
        state=StateObject(
            bucket=naming.global_name("state"),
            object_key=f"{naming.project}/{stack_id}/terraform.tfstate",
            lock_table=naming.name("state-lock"),
            key_alias=f"alias/{naming.name('state')}",
        ),
        services=services,
        secrets=secrets,
    )


def delivery(*stacks: AppliedStack, project: str = "mapvibe/infrastructure") -> Stack:
    app = new_app()
    stack = TerraformStack(app, "delivery")
    naming = stacks[0].environment
    aws_provider(stack, naming=naming, tags={})
    GitlabAccess(
        stack,
        "gitlab",
        stacks=stacks,
        pipeline=Pipeline(
            url="https://gitlab.com",
            project_path=project,
            branch="main",
            components=DEFAULT_COMPONENTS,
            environment_protected=False,
            deployment_tier="development",
        ),
        identity_provider="create",
        audiences=[plan_audience(naming), *(apply_audience(naming, each.id) for each in stacks)],
        foreign_states=[f"arn:aws:s3:::{BUCKET}/mapvibe/delivery-dev/terraform.tfstate*"],
        limits=replace(DEV.limit_values, environment=naming),
        flow_logs_stay=False,
    )
    return app_stack(app, "delivery")


@pytest.fixture(scope="module")
def two() -> Stack:
    assert DEV.rag is not None
    return delivery(rag.applied(DEV, DEV.rag), applied("web-dev", WEB))


def may(stack: Stack, role: str, action: str, resource: str, **context: str) -> bool:
    return role_may(stack, role, action, resource, context)


STATES = {"apply": "dev", "apply-web": "web-dev"}


def state_of(stack_id: str) -> str:
    return f"arn:aws:s3:::{BUCKET}/mapvibe/{stack_id}/terraform.tfstate"


@pytest.mark.parametrize(("role", "own"), STATES.items())
def test_an_apply_role_writes_its_own_state_and_no_other(two: Stack, role: str, own: str) -> None:
    other = next(stack_id for stack_id in STATES.values() if stack_id != own)
    for suffix in ("", ".tflock"):
        assert may(two, role, "s3:PutObject", state_of(own) + suffix)
        assert not may(two, role, "s3:PutObject", state_of(other) + suffix)
        assert not may(two, role, "s3:PutObject", state_of("account-dev") + suffix)
    for stack_id, writes in ((own, True), (other, False)):
        item = f"{BUCKET}/mapvibe/{stack_id}/terraform.tfstate"
        for key in (item, f"{item}-md5"):
            context = {"dynamodb:LeadingKeys": key}
            assert may(two, role, "dynamodb:PutItem", LOCKS, **context) is writes
        assert may(two, role, "s3:GetObject", state_of(stack_id)) is writes


@pytest.mark.parametrize(("role", "own"), STATES.items())
def test_the_other_state_stays_closed_whatever_is_attached_later(
    two: Stack, role: str, own: str
) -> None:
    other = next(stack_id for stack_id in STATES.values() if stack_id != own)
    for action in ("s3:PutObject", "s3:GetObject", "s3:DeleteObject"):
        assert not role_may(two, role, action, state_of(other), {}, widened=FULL_ACCESS)
    assert role_may(two, role, "s3:PutObject", state_of(own), {}, widened=FULL_ACCESS)


def test_the_plan_role_reads_every_state_and_writes_none(two: Stack) -> None:
    for stack_id in STATES.values():
        assert may(two, "plan", "s3:GetObject", state_of(stack_id))
        assert not may(two, "plan", "s3:PutObject", state_of(stack_id))
    assert not may(two, "plan", "s3:GetObject", state_of("delivery-dev"))


def test_a_role_may_touch_what_its_stack_is_made_of(two: Stack) -> None:
    function = f"arn:aws:lambda:ap-southeast-1:{ACCOUNT}:function:mapvibe-dev"
    assert role_may(two, "apply-web", "lambda:CreateFunction", f"{function}-web-page", NEW)
    assert not role_may(two, "apply-web", "lambda:CreateFunction", f"{function}-rag", NEW)
    assert not role_may(two, "apply-web", "ec2:CreateVpc", "*", NEW)
    assert not may(two, "apply-web", "rds:CreateDBProxy", "*")
    database = f"arn:aws:rds:ap-southeast-1:{ACCOUNT}:db:mapvibe-dev-database"
    created = {**NEW, **DATABASE_SIZE}
    assert role_may(two, "apply", "rds:CreateDBInstance", database, created)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("lambda:UpdateFunctionCode", NAMING.arn("lambda", "function:mapvibe-dev-web-page")),
        ("iam:PutRolePolicy", NAMING.iam_arn("role/mapvibe-dev-web-page")),
        ("logs:DeleteLogGroup", NAMING.arn("logs", "log-group:/aws/lambda/mapvibe-dev-web-page")),
        ("glue:DeleteTable", NAMING.arn("glue", "table/mapvibe_dev_web_page/flow_logs")),
    ],
)
def test_the_first_stacks_role_leaves_the_others_resources_alone(
    two: Stack, action: str, resource: str
) -> None:
    """Their names begin as its own do."""
    bounded = {"iam:PermissionsBoundary": NAMING.iam_arn("policy/mapvibe-dev-pipeline-boundary")}
    context = bounded if action == "iam:PutRolePolicy" else {}
    assert role_may(two, "apply-web", action, resource, context)
    assert not role_may(two, "apply", action, resource, context, widened=FULL_ACCESS)
    website = resource.replace("-web-page", "-website").replace("_web_page", "_website")
    assert role_may(two, "apply", action, website, context, widened=FULL_ACCESS)


def test_no_role_changes_the_pipelines_own_permissions(two: Stack) -> None:
    bounded = {"iam:PermissionsBoundary": NAMING.iam_arn("policy/mapvibe-dev-pipeline-boundary")}
    page = NAMING.iam_arn("role/mapvibe-dev-web-page")
    assert may(two, "apply-web", "iam:PutRolePolicy", page, **bounded)
    for role in STATES:
        for target in ("pipeline-apply", "pipeline-apply-web", "pipeline-plan"):
            arn = NAMING.iam_arn(f"role/mapvibe-dev-{target}")
            assert not may(two, role, "iam:PutRolePolicy", arn, **bounded)


def test_each_apply_role_has_an_audience_of_its_own(two: Stack) -> None:
    sub = "project_path:mapvibe/infrastructure:ref_type:branch:ref:main"
    audiences = {
        "apply": "mapvibe-dev-pipeline-apply",
        "apply-web": "mapvibe-dev-pipeline-apply-web",
    }
    for role, own in audiences.items():
        body = two.one("aws_iam_role", f"gitlab_{role}_")
        trust = Policies(resource=policy_of(body, "assume_role_policy"))
        for audience in audiences.values():
            request = Request(
                principal=NAMING.iam_arn("oidc-provider/gitlab.com"),
                action="sts:AssumeRoleWithWebIdentity",
                resource=NAMING.iam_arn(f"role/{body['name']}"),
                context={"gitlab.com:sub": sub, "gitlab.com:aud": audience},
            )
            assert allowed(request, trust) is (audience == own)


def test_the_first_stacks_role_stays_as_it_is_without_a_second(two: Stack) -> None:
    """Only the refusals grow: to the plan role one more state, to the apply role the other's."""
    alone = delivery_stack("dev")
    changed = {
        body["name"]
        for kind in ("aws_iam_policy", "aws_iam_role")
        for name, body in alone.resources(kind).items()
        if {**body, "//": ""} != {**two.resources(kind)[name], "//": ""}
    }
    assert changed == {"mapvibe-dev-pipeline-guards", "mapvibe-dev-pipeline-no-data"}


def test_names_and_schemas_are_those_of_aws(two: Stack, tmp_path: Path) -> None:
    assert problems([two]) == []
    assert Validator(tmp_path, two).problems(two) == []


def test_a_stack_without_secrets_roles_or_keys_gets_none() -> None:
    lone = delivery(applied("web-dev", ("logs",)))
    assert not may(lone, "plan", "secretsmanager:GetSecretValue", "*")
    assert not may(lone, "apply-web", "kms:CreateKey", "*")
    assert not may(lone, "plan", "sns:Publish", "*")
    names = {body["name"] for body in lone.resources("aws_iam_policy").values()}
    assert not names & {"mapvibe-dev-pipeline-roles-web", "mapvibe-dev-pipeline-tell"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"stacks": [applied(f"s{number}-dev", ("logs",)) for number in range(10)]},
            "^role mapvibe-dev-pipeline-plan: more than 10 policies; give it fewer stacks",
        ),
        (
            {"stacks": [applied("dev", ("secrets",), *(f"{'s' * 90}{n}" for n in range(50)))]},
            "^policy mapvibe-dev-pipeline-read: [0-9]+ characters, and IAM takes 6144; divide it",
        ),
        (
            {"stacks": [applied("dev", ("logs",))], "project": f"group/{'p' * 2000}"},
            "^the trust policy of role mapvibe-dev-pipeline-plan: .* IAM takes 2048",
        ),
    ],
    ids=["policies of a role", "characters of a policy", "characters of a trust policy"],
)
def test_what_outgrows_iams_limits_is_told_in_one_line(
    arguments: dict[str, object], message: str
) -> None:
    stacks = arguments.pop("stacks")
    with pytest.raises(RefusedByAws, match=message) as raised:
        delivery(*stacks, **arguments)  # type: ignore[misc, arg-type]
    assert len(str(raised.value).splitlines()) == 1
