"""People's groups: everybody has all the limits and the boundary, whichever way they sign in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cdktf import TerraformStack

from backend import aws_provider
from backend.state import KEY_ROLE, StateLocation
from environments.rules import broken_between
from modules.errors import RefusedByAws
from modules.governance import (
    GROUPS,
    IdentityCenter,
    Limits,
    PeoplePolicies,
    PermissionSets,
    service_control_policies,
)
from modules.governance.documents import boundary_of_people
from modules.governance.people import permissions
from modules.governance.statements import protection
from modules.iam import policy, size
from modules.naming import Naming
from tests.support.apps import new_app
from tests.support.iam.decisions import FULL_ACCESS, Policies, Request, allowed
from tests.support.iam.limits import outgrown
from tests.support.iam.patterns import matches
from tests.support.iam.reference import actions
from tests.support.stacks import BY_NAME, Stack, governance_stack, settings

CENTER: dict[str, Any] = {
    "instance_arn": "arn:aws:sso:::instance/ssoins-0123456789abcdef",
    "auditors": "01234567-0123-0123-0123-0123456789aa",
    "developers": "01234567-0123-0123-0123-0123456789ab",
}
LIMITS = BY_NAME["dev"].limit_values
LARGEST = Limits(
    environment=Naming(
        project="p" * 16, environment="e" * 12, account_id="111122223333", region="ap-southeast-1"
    ),
    instance_types=("t3.micro", "t4g.micro", "t3.small", "t4g.small", "m7i-flex.large"),
    database_classes=("db.t4g.large", "db.m7g.large", "db.r6g.16xlarge"),
    volume_types=("gp3", "gp2", "sc1"),
    largest_volume_gib=65_536,
    inference_profiles=("apac", "global", "us"),
    edge_regions=("us-east-1",),
)


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_every_group_has_every_limit(name: str) -> None:
    stack = governance_stack(name)
    refusing = {
        f"${{aws_iam_policy.{key}.arn}}"
        for key, body in stack.resources("aws_iam_policy").items()
        if not body["name"].endswith("-boundary")
    }
    assert len(refusing) == 3
    groups = stack.resources("aws_iam_group")
    assert {body["name"].rpartition("-")[2] for body in groups.values()} == set(GROUPS)
    for key in groups:
        attached = {
            body["policy_arn"]
            for body in stack.resources("aws_iam_group_policy_attachment").values()
            if body["group"] == f"${{aws_iam_group.{key}.name}}"
        }
        assert attached == refusing


def test_every_user_has_the_boundary_and_its_groups_and_no_password() -> None:
    stack = governance_stack(
        "dev",
        governance__people__users__developers=("anna", "bert"),
        governance__people__users__operators=("anna",),
    )
    users = stack.resources("aws_iam_user")
    assert {body["name"] for body in users.values()} == {"anna", "bert"}
    for body in users.values():
        assert "people-boundary" in body["permissions_boundary"]
    of_anna = stack.one("aws_iam_user_group_membership", "anna")["groups"]
    assert len(of_anna) == 2
    assert not {"aws_iam_access_key", "aws_iam_user_login_profile"} & set(stack.body["resource"])


def test_identity_centers_groups_have_the_same_permissions_limits_and_boundary() -> None:
    by_center = governance_stack("dev", governance__people__identity_center=CENTER)
    assert not {"aws_iam_group", "aws_iam_user"} & set(by_center.body["resource"])
    for kind, number in {
        "aws_ssoadmin_permission_set": 2,
        "aws_ssoadmin_permissions_boundary_attachment": 2,
        "aws_ssoadmin_customer_managed_policy_attachment": 6,
        "aws_ssoadmin_account_assignment": 2,
    }.items():
        assert len(by_center.resources(kind)) == number
    inline = by_center.one("aws_ssoadmin_permission_set_inline_policy", "developers")
    statements = json.loads(inline["inline_policy"])["Statement"]
    by_iam = [
        statement
        for name, body in governance_stack("dev").resources("aws_iam_group_policy").items()
        if "developers" in name and "sign-in" not in name
        for statement in json.loads(body["policy"])["Statement"]
    ]
    assert sorted(map(str, statements)) == sorted(map(str, by_iam))
    # With Identity Center the key of the second factor is absent from every request.
    assert "MultiFactorAuth" not in json.dumps(by_center.body)


def test_nobody_signs_in_before_the_boundary_is_there() -> None:
    stack = governance_stack("dev", governance__people__identity_center=CENTER)
    waits = stack.one("aws_ssoadmin_account_assignment", "developers")["depends_on"]
    assert any("developers-boundary" in each for each in waits)
    assert sum("developers-limits" in each for each in waits) == 3


def test_developers_try_things_only_where_nothing_is_guarded() -> None:
    parts = {
        name: {
            body["name"]
            for key, body in governance_stack(name).resources("aws_iam_group_policy").items()
            if "developers" in key
        }
        for name in ("dev", "prod")
    }
    assert parts["dev"] - parts["prod"] == {"try"}


def test_the_boundary_allows_all_that_groups_are_given_and_nothing_beside() -> None:
    naming = LIMITS.environment
    given = {
        action
        for group in GROUPS.values()
        for statements in group.policies(naming, trial=True).values()
        for statement in statements
        for action in statement.actions
    } | {action for each in permissions.own_credentials(naming) for action in each.actions}
    most = {
        action
        for statement in boundary_of_people(LIMITS)
        if statement.effect == "Allow"
        for action in statement.actions
    }
    assert most == given


def test_reading_shows_no_data() -> None:
    """Neither a secret, nor a parameter, nor an object, nor a log's entry."""
    read = {
        action.name.lower()
        for statement in permissions.reading(LIMITS.environment)
        for pattern in statement.actions
        for action in actions(pattern)
    }
    data = {
        "dynamodb:getitem", "dynamodb:scan", "logs:filterlogevents", "logs:getlogevents",
        "s3:getobject", "secretsmanager:getsecretvalue", "sqs:receivemessage", "ssm:getparameter",
    }  # fmt: skip
    assert not read & data


def test_all_documents_fit_with_the_longest_names_and_many_types() -> None:
    app = new_app()
    stack = TerraformStack(app, "people")
    aws_provider(stack, naming=LARGEST.environment, tags={})
    PeoplePolicies(stack, "policies", limits=LARGEST)
    service_control_policies(LARGEST, administrators=["arn:aws:iam::111122223333:role/" + "a" * 64])
    assert size(policy(*boundary_of_people(LARGEST))) <= 6_144
    for name in ("dev", "prod"):
        assert outgrown({name: governance_stack(name, project="a-long-name-1234")}) == []


def test_too_many_types_are_told_in_one_line() -> None:
    many = tuple(f"m7i-flex.{number}xlarge" for number in range(200))
    limits = Limits(**{**_fields(LARGEST), "instance_types": many})
    stack = TerraformStack(new_app(), "people")
    with pytest.raises(RefusedByAws, match=r"^policy .*: [0-9]+ characters, and IAM takes 6144"):
        PeoplePolicies(stack, "policies", limits=limits)
    with pytest.raises(RefusedByAws, match=r"^service control policy .*-costs: .* AWS takes 5120"):
        service_control_policies(limits, administrators=["a"])


def test_a_permission_sets_name_is_refused_where_it_is_too_long() -> None:
    stack = TerraformStack(new_app(), "people")
    policies = PeoplePolicies(stack, "policies", limits=LARGEST)
    center = IdentityCenter(instance_arn=CENTER["instance_arn"], groups={"developers": "a"})
    with pytest.raises(RefusedByAws, match=r"permission set p+-e+-developers: 40 characters"):
        PermissionSets(stack, "sets", limits=LARGEST, policies=policies, identity_center=center)


def test_the_states_names_are_those_of_the_backend() -> None:
    """The module knows them by pattern; the room that makes the state has the names."""
    environment = BY_NAME["dev"]
    naming = environment.naming
    location = StateLocation(naming=naming, stack="dev")
    bucket, table = protection.state(LIMITS).resources
    assert matches(bucket, f"arn:aws:s3:::{location.bucket}/{location.object_key}")
    assert matches(table, naming.arn("dynamodb", f"table/{location.lock_table}"))
    keys = protection.state_key(LIMITS).conditions["ForAnyValue:StringEquals"]
    assert keys["kms:ResourceAliases"] == f"alias/{naming.name(KEY_ROLE)}"


def test_users_by_their_own_name_only() -> None:
    """IAM fills the name in, and Terraform leaves ``${`` alone where it reads ``$${``."""
    statements = [
        statement
        for name, body in governance_stack("dev").resources("aws_iam_group_policy").items()
        if "auditors-sign-in" in name
        for statement in json.loads(body["policy"].replace("$${", "${"))["Statement"]
    ]
    user = "arn:aws:iam::111122223333:user"
    for name, may in (("anna", True), ("bert", False)):
        request = Request(
            principal=f"{user}/anna",
            action="iam:ChangePassword",
            resource=f"{user}/{name}",
            context={"aws:username": "anna", "aws:MultiFactorAuthPresent": "true"},
        )
        assert allowed(request, Policies(identity=[statements])) is may
    assert allowed(request, Policies(identity=[FULL_ACCESS]))


def test_an_account_with_two_environments_takes_no_service_control_policy() -> None:
    dev = settings("dev")
    prod = settings(
        "prod", account_id=dev.account_id, governance__organization__targets=(dev.account_id,)
    )
    lines = [line for _, line in broken_between([dev, prod])]
    assert any(line.startswith("governance.organization.targets=111122223333:") for line in lines)
    alone = settings("prod", governance__organization__targets=("444455556666",))
    assert not [line for _, line in broken_between([dev, alone]) if "organization" in line]


def test_one_account_has_one_user_of_a_name() -> None:
    dev = settings("dev", governance__people__users__developers=("Anna",))
    prod = settings(
        "prod", account_id=dev.account_id, governance__people__users__operators=("anna",)
    )
    lines = [line for _, line in broken_between([dev, prod])]
    assert any(line.startswith("governance.people.users: anna is a user of dev") for line in lines)


def _fields(limits: Limits) -> dict[str, Any]:
    return {name: getattr(limits, name) for name in Limits.__slots__}


def test_the_outputs_are_the_policies() -> None:
    outputs = governance_stack("dev").body["output"]
    documents = service_control_policies(
        LIMITS,
        administrators=[
            (
                "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/"
                "*AWSReservedSSO_AdministratorAccess_*"
            )
        ],
    )
    for name, (_, document) in documents.items():
        theme = name.partition("governance-")[2].replace("-", "_")
        assert outputs[f"service_control_policy_{theme}"]["value"] == document


def test_a_stack_of_stacks_has_what_the_settings_ask_for() -> None:
    none: Stack = governance_stack("dev", governance__people=None, governance__organization=None)
    kinds = set(none.body["resource"])
    assert not {kind for kind in kinds if kind.startswith(("aws_iam", "aws_sso", "aws_org"))}
    assert not [name for name in none.body.get("output", {}) if name.startswith("service_control")]
