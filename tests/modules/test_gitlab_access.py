"""The pipeline's access: who signs in, what is enough, and what is refused."""

from __future__ import annotations

import json

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

from modules.gitlab_access.services import SERVICES
from modules.iam import Statement
from tests.support.choices import AMAZON_Q, CHOICES, GRAFANA
from tests.support.iam.decisions import FULL_ACCESS, Policies, Request, allowed
from tests.support.iam.limits import outgrown
from tests.support.iam.patterns import listed, matches
from tests.support.iam.pipeline import may as role_may
from tests.support.iam.pipeline import refused, requests, role_statements
from tests.support.iam.reference import actions
from tests.support.provider_calls import (
    ACCOUNT,
    APPLY,
    CREATES,
    FLOW_BUCKET,
    FUNCTION,
    INVOCATION_BUCKET,
    KEY,
    LOCK,
    LOCKS,
    MACHINE_APPLY,
    MACHINE_PLAN,
    PLAN,
    READS,
    REGION,
    RESULTS,
    ROLE,
    SECRET,
    STATE,
    STATE_BUCKET,
    VPC,
    Call,
)
from tests.support.stacks import Stack, delivery_stack, policy_of, rag_stack

BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/mapvibe-dev-pipeline-boundary"
FULL = ("project_path", "ref_type", "ref", "environment_protected", "deployment_tier")
MAIN = "project_path:mapvibe/infrastructure:ref_type:branch:ref:main"


def may(role: str, action: str, resource: str, **context: str) -> bool:
    return role_may(delivery_stack("dev"), role, action, resource, context)


def signs_in(stack: Stack, role: str, *, sub: str, aud: str, host: str = "gitlab.com") -> bool:
    """Whether AWS lets a token of this subject and audience assume the role."""
    body = stack.one("aws_iam_role", f"gitlab_{role}")
    account = stack.body["provider"]["aws"][0]["allowed_account_ids"][0]
    request = Request(
        principal=f"arn:aws:iam::{account}:oidc-provider/{host}",
        action="sts:AssumeRoleWithWebIdentity",
        resource=f"arn:aws:iam::{account}:role/{body['name']}",
        context={f"{host}:sub": sub, f"{host}:aud": aud},
    )
    return allowed(request, Policies(resource=policy_of(body, "assume_role_policy")))


# --- who signs in ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sub", "plans", "applies"),
    [
        (MAIN, True, True),
        ("project_path:mapvibe/infrastructure:ref_type:branch:ref:feature", True, False),
        ("project_path:mapvibe/infrastructure:ref_type:branch:ref:main2", True, False),
        ("project_path:mapvibe/infrastructure:ref_type:tag:ref:main", False, False),
        ("project_path:stranger/infrastructure:ref_type:branch:ref:main", False, False),
        ("project_path:mapvibe/infrastructure-2:ref_type:branch:ref:main", False, False),
        ("project_path:mapvibe/infrastructure/x:ref_type:branch:ref:main", False, False),
        ("", False, False),
    ],
)
def test_only_the_projects_branches_plan_and_only_one_applies(
    sub: str, plans: bool, applies: bool
) -> None:
    dev = delivery_stack("dev")
    assert signs_in(dev, "plan", sub=sub, aud="mapvibe-dev-pipeline-plan") is plans
    assert signs_in(dev, "apply", sub=sub, aud="mapvibe-dev-pipeline-apply") is applies


def test_a_plan_jobs_token_does_not_apply() -> None:
    for name in ("dev", "prod"):
        stack = delivery_stack(name)
        for audience in ("mapvibe-dev-pipeline-plan", "mapvibe-prod-pipeline-plan", "other"):
            assert not signs_in(stack, "apply", sub=MAIN, aud=audience)
    assert not signs_in(delivery_stack("prod"), "apply", sub=MAIN, aud="mapvibe-dev-pipeline-apply")


@pytest.mark.parametrize(
    ("name", "ending", "applies"),
    [
        ("prod", ":environment_protected:true:deployment_tier:production", True),
        ("prod", ":environment_protected:false:deployment_tier:production", False),
        ("prod", ":environment_protected:true:deployment_tier:development", False),
        ("prod", "", False),
        ("dev", ":environment_protected:false:deployment_tier:development", True),
        ("dev", ":environment_protected:true:deployment_tier:production", False),
    ],
)
def test_with_its_components_in_the_subject_the_environment_counts(
    name: str, ending: str, applies: bool
) -> None:
    stack = delivery_stack(name, delivery__subject_components=FULL)
    audience = f"mapvibe-{name}-pipeline-apply"
    assert signs_in(stack, "apply", sub=MAIN + ending, aud=audience) is applies
    assert signs_in(stack, "plan", sub=MAIN + ending, aud=f"mapvibe-{name}-pipeline-plan")


def test_a_protected_branch_can_be_demanded() -> None:
    components = ("project_path", "ref_type", "ref", "ref_protected")
    stack = delivery_stack("prod", delivery__subject_components=components)
    for ending, applies in ((":ref_protected:true", True), (":ref_protected:false", False)):
        got = signs_in(stack, "apply", sub=MAIN + ending, aud="mapvibe-prod-pipeline-apply")
        assert got is applies


def test_an_own_gitlab_has_its_own_condition_keys() -> None:
    stack = delivery_stack("dev", delivery__gitlab_url="https://gitlab.example.com")
    provider = stack.one("aws_iam_openid_connect_provider")
    assert provider["url"] == "https://gitlab.example.com"
    audience = "mapvibe-dev-pipeline-apply"
    assert signs_in(stack, "apply", sub=MAIN, aud=audience, host="gitlab.example.com")
    assert not signs_in(stack, "apply", sub=MAIN, aud=audience)
    (trust,) = policy_of(stack.one("aws_iam_role", "gitlab_plan"), "assume_role_policy")
    assert trust["Principal"] == {
        "Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/gitlab.example.com"
    }


def test_the_provider_admits_the_audiences_of_both_environments() -> None:
    assert delivery_stack("dev").one("aws_iam_openid_connect_provider")["client_id_list"] == [
        "mapvibe-dev-pipeline-plan",
        "mapvibe-dev-pipeline-apply",
        "mapvibe-prod-pipeline-plan",
        "mapvibe-prod-pipeline-apply",
    ]


def test_the_roles_wait_for_the_provider_and_an_existing_one_is_not_made_again() -> None:
    made = delivery_stack("dev")
    (provider,) = made.resources("aws_iam_openid_connect_provider")
    found = delivery_stack("dev", delivery__identity_provider="existing")
    assert found.resources("aws_iam_openid_connect_provider") == {}
    for name in ("gitlab_plan", "gitlab_apply"):
        role, twin = made.one("aws_iam_role", name), found.one("aws_iam_role", name)
        assert role["depends_on"] == [f"aws_iam_openid_connect_provider.{provider}"]
        assert twin["assume_role_policy"] == role["assume_role_policy"]


def test_sessions_are_as_long_as_the_work() -> None:
    stack = delivery_stack("dev")
    assert stack.one("aws_iam_role", "gitlab_plan")["max_session_duration"] == 3600
    assert stack.one("aws_iam_role", "gitlab_apply")["max_session_duration"] == 7200


# --- what is enough -------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["plan", "apply"])
def test_both_roles_may_do_what_a_plan_does(role: str) -> None:
    assert refused(delivery_stack("dev"), role, PLAN) == []


def test_the_apply_role_may_do_what_a_deployment_and_its_end_do() -> None:
    assert refused(delivery_stack("dev"), "apply", APPLY) == []
    harmless = ("ec2:Describe", "iam:List", "s3:GetObject")
    writing = [call for call in APPLY if not call[0].startswith(harmless)]
    assert refused(delivery_stack("dev"), "plan", writing) == writing


def test_grafanas_machine_is_made_where_the_settings_ask_for_it() -> None:
    delivery = delivery_stack("dev", **GRAFANA)
    calls = [*MACHINE_PLAN, *MACHINE_APPLY]
    assert refused(delivery, "apply", calls) == []
    assert refused(delivery, "plan", calls) == MACHINE_APPLY


@pytest.mark.parametrize("choice", CHOICES)
def test_every_resource_type_of_the_stacks_has_a_permission(choice: str) -> None:
    """A new module's types need a line in tests/support/provider_calls.py, and a permission."""
    name, changes = CHOICES[choice]
    assert set(rag_stack(name, **changes).body["resource"]) - set(CREATES) == set()


def test_every_resource_type_may_be_made() -> None:
    recorded = {(name, of): carried for name, of, carried in [*APPLY, *MACHINE_APPLY]}
    calls: list[Call] = []
    for action, resource in CREATES.values():
        (known,) = actions(action)
        bounded = known.takes("iam:PermissionsBoundary")
        context = recorded.get((action, resource), {})
        calls.append(
            (action, resource, {"iam:PermissionsBoundary": BOUNDARY} if bounded else context)
        )
    assert refused(delivery_stack("dev", **GRAFANA), "apply", calls) == []


@pytest.mark.parametrize("kind", CREATES)
def test_every_resource_type_may_be_refreshed(kind: str) -> None:
    read = READS[kind.split("_")[1]]
    statements = role_statements(delivery_stack("dev", **GRAFANA), "plan")
    granted = [action for s in statements for action in listed(s["Action"])]
    assert any(matches(pattern, read) for pattern in granted)


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_every_service_that_the_environments_roles_trust_may_get_them(name: str) -> None:
    trusted = {
        principal
        for stack in (rag_stack(name, **GRAFANA), rag_stack(name, **AMAZON_Q))
        for role in stack.resources("aws_iam_role").values()
        for statement in policy_of(role, "assume_role_policy")
        for principal in listed(statement["Principal"]["Service"])
    }
    assert trusted == {to for service in SERVICES.values() for to in service.roles_for}


def test_the_refreshed_secret_is_the_one_that_terraform_writes() -> None:
    secret = rag_stack("dev").one("aws_secretsmanager_secret", "application")["name"]
    readable = [
        resource
        for s in role_statements(delivery_stack("dev"), "plan")
        if s["Effect"] == "Allow" and "secretsmanager:GetSecretValue" in listed(s["Action"])
        for resource in listed(s["Resource"])
    ]
    assert readable == [f"arn:aws:secretsmanager:ap-southeast-1:{ACCOUNT}:secret:{secret}-??????"]


# --- what is refused ------------------------------------------------------------------------------

ELSEWHERE = f"arn:aws:secretsmanager:ap-southeast-1:{ACCOUNT}:secret"
_STATE_ALIAS = {"kms:ResourceAliases": "alias/mapvibe-dev-state"}
_S3 = {"kms:ViaService": "s3.ap-southeast-1.amazonaws.com"}


@pytest.mark.parametrize(
    ("action", "resource", "context"),
    [
        ("secretsmanager:GetSecretValue", f"{ELSEWHERE}:rds!db-0123-a1B2c3", {}),
        ("secretsmanager:GetSecretValue", f"{ELSEWHERE}:mapvibe/dev/other-a1B2c3", {}),
        ("secretsmanager:GetSecretValue", SECRET.replace("/dev/", "/prod/"), {}),
        ("s3:GetObject", f"{STATE_BUCKET}/mapvibe/backend-dev/terraform.tfstate", {}),
        ("s3:GetObject", f"{STATE_BUCKET}/mapvibe/delivery-dev/terraform.tfstate", {}),
        ("s3:GetObject", "arn:aws:s3:::mapvibe-dev-documents/passport.pdf", {}),
        ("s3:ListBucket", STATE_BUCKET, {"s3:prefix": ""}),
        ("s3:PutObject", STATE, {}),
        ("dynamodb:PutItem", LOCKS, {"dynamodb:LeadingKeys": LOCK}),
        ("dynamodb:GetItem", LOCKS, {"dynamodb:LeadingKeys": "another"}),
        ("dynamodb:Scan", LOCKS, {}),
        ("kms:Decrypt", KEY, {}),
        ("kms:Decrypt", KEY, _S3),
        ("kms:GenerateDataKey", KEY, {**_S3, **_STATE_ALIAS}),
        ("lambda:InvokeFunction", FUNCTION, {}),
        ("rds-db:connect", "*", {}),
        ("logs:GetLogEvents", "*", {}),
        ("logs:FilterLogEvents", "*", {}),
        ("sqs:ReceiveMessage", "*", {}),
        ("iam:PassRole", ROLE, {"iam:PassedToService": "lambda.amazonaws.com"}),
        ("sts:AssumeRole", ROLE, {}),
    ],
)
def test_the_plan_role_reads_no_data_and_writes_nothing(
    action: str, resource: str, context: dict[str, str]
) -> None:
    assert not role_may(delivery_stack("dev"), "plan", action, resource, context)


_SNS = {"kms:ViaService": "sns.ap-southeast-1.amazonaws.com"}
_ALERTS_ALIAS = {"kms:ResourceAliases": "alias/mapvibe-dev-alerts"}
_ALERTS = f"arn:aws:sns:ap-southeast-1:{ACCOUNT}:mapvibe-dev-alerts-critical"


@pytest.mark.parametrize(
    ("action", "resource", "context", "may_tell"),
    [
        ("sns:Publish", _ALERTS, {}, True),
        ("sns:Publish", _ALERTS.replace("-critical", "-warning"), {}, True),
        ("sns:Publish", _ALERTS.replace("-dev-", "-prod-"), {}, False),
        ("sns:Publish", _ALERTS.replace("-alerts-", "-orders-"), {}, False),
        ("sns:Subscribe", _ALERTS, {}, False),
        ("sns:SetTopicAttributes", _ALERTS, {}, False),
        ("kms:GenerateDataKey", KEY, {**_SNS, **_ALERTS_ALIAS}, True),
        ("kms:Decrypt", KEY, {**_SNS, **_ALERTS_ALIAS}, True),
        ("kms:Decrypt", KEY, _ALERTS_ALIAS, False),
        ("kms:Decrypt", KEY, {**_SNS, "kms:ResourceAliases": "alias/mapvibe-dev"}, False),
    ],
)
def test_the_plan_role_tells_the_alert_topics_what_has_drifted(
    action: str, resource: str, context: dict[str, str], may_tell: bool
) -> None:
    assert may("plan", action, resource, **context) is may_tell


def test_the_apply_role_publishes_nothing() -> None:
    """Changes are told by who plans; what is applied was planned."""
    assert not may("apply", "sns:Publish", _ALERTS)


OWN_ROLE = f"arn:aws:iam::{ACCOUNT}:role/mapvibe-dev-pipeline-apply"
_BOUNDED = {"iam:PermissionsBoundary": BOUNDARY}
_ANOTHER = {"iam:PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/mapvibe-dev-wide"}
_LAMBDA = {"iam:PassedToService": "lambda.amazonaws.com"}


@pytest.mark.parametrize(
    ("action", "resource", "context"),
    [
        # its own permissions
        ("iam:PutRolePolicy", OWN_ROLE, _BOUNDED),
        ("iam:AttachRolePolicy", OWN_ROLE, _BOUNDED),
        ("iam:UpdateAssumeRolePolicy", OWN_ROLE, {}),
        ("iam:PutRolePermissionsBoundary", OWN_ROLE, _BOUNDED),
        ("iam:DeleteRole", OWN_ROLE, {}),
        ("iam:PassRole", OWN_ROLE, _LAMBDA),
        ("iam:CreatePolicyVersion", BOUNDARY, {}),
        ("iam:CreateOpenIDConnectProvider", f"arn:aws:iam::{ACCOUNT}:oidc-provider/gitlab.com", {}),
        ("iam:AddClientIDToOpenIDConnectProvider", f"arn:aws:iam::{ACCOUNT}:oidc-provider/gitlab.com", {}),
        # roles that could do more than the environment needs
        ("iam:CreateRole", ROLE, {}),
        ("iam:CreateRole", ROLE, _ANOTHER),
        ("iam:PutRolePolicy", ROLE, {}),
        ("iam:DeleteRolePermissionsBoundary", ROLE, _BOUNDED),
        ("iam:CreateRole", ROLE.replace("-dev-", "-prod-"), _BOUNDED),
        ("iam:PassRole", ROLE, {"iam:PassedToService": "ec2.amazonaws.com"}),
        ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/Administrator", _LAMBDA),
        ("iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/mapvibe-dev-x", {}),
        ("iam:CreateAccessKey", f"arn:aws:iam::{ACCOUNT}:user/x", {}),
        ("sts:AssumeRole", ROLE, {}),
        # states and their guards
        ("s3:GetObject", f"{STATE_BUCKET}/mapvibe/delivery-dev/terraform.tfstate", {}),
        ("s3:PutObject", f"{STATE_BUCKET}/mapvibe/delivery-dev/terraform.tfstate", {}),
        ("s3:PutObject", f"{STATE_BUCKET}/mapvibe/backend-dev/terraform.tfstate", {}),
        ("s3:DeleteObject", STATE, {}),
        ("s3:DeleteObjectVersion", STATE, {}),
        ("s3:PutBucketPolicy", STATE_BUCKET, {}),
        ("s3:DeleteBucket", STATE_BUCKET, {}),
        ("dynamodb:DeleteTable", LOCKS, {}),
        ("dynamodb:PutItem", LOCKS, {"dynamodb:LeadingKeys": "another"}),
        ("kms:ScheduleKeyDeletion", KEY, _STATE_ALIAS),
        ("kms:PutKeyPolicy", KEY, _STATE_ALIAS),
        ("kms:UpdateAlias", f"arn:aws:kms:ap-southeast-1:{ACCOUNT}:alias/mapvibe-dev-state", {}),
        # another environment, project, region
        ("ec2:DeleteVpc", "*", {"aws:ResourceTag/Environment": "prod"}),
        ("ec2:CreateTags", VPC, {"aws:ResourceTag/Environment": "prod"}),
        ("ec2:DeleteVpc", "*", {"aws:ResourceTag/Project": "another"}),
        ("kms:ScheduleKeyDeletion", KEY, {"aws:ResourceTag/Environment": "prod"}),
        ("lambda:UpdateFunctionCode", FUNCTION.replace("-dev-", "-prod-"), {}),
        ("ec2:CreateVpc", "*", {"aws:RequestedRegion": "us-east-1"}),
        ("kms:CreateKey", "*", {"aws:RequestedRegion": "eu-west-1"}),
        # another's metrics, which alarms may watch
        ("cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": "AWS/Lambda"}),
        ("cloudwatch:PutMetricData", "*", {}),
        # ways to let data out
        ("s3:PutBucketAcl", FLOW_BUCKET, {}),
        ("s3:PutBucketWebsite", INVOCATION_BUCKET, {}),
        ("s3:PutBucketNotification", RESULTS, {}),
        ("lambda:CreateFunctionUrlConfig", FUNCTION, {}),
        ("rds:ModifyDBSnapshotAttribute", f"arn:aws:rds:ap-southeast-1:{ACCOUNT}:snapshot:mapvibe-dev-final", {}),
        ("secretsmanager:PutResourcePolicy", SECRET, {}),
        # what its settings do not ask for, and what no stack of ours has
        ("ec2:RunInstances", "*", {}),
        ("organizations:LeaveOrganization", "*", {}),
        ("cloudtrail:StopLogging", "*", {}),
    ],
)  # fmt: skip
def test_the_apply_role_keeps_to_its_environment(
    action: str, resource: str, context: dict[str, str]
) -> None:
    assert not role_may(delivery_stack("dev"), "apply", action, resource, context)


@pytest.mark.parametrize(
    ("role", "action", "resource", "context"),
    [
        ("plan", "secretsmanager:GetSecretValue", f"{ELSEWHERE}:rds!db-0123-a1B2c3", {}),
        ("plan", "s3:GetObject", f"{STATE_BUCKET}/mapvibe/backend-dev/terraform.tfstate", {}),
        ("plan", "dynamodb:Scan", LOCKS, {}),
        ("plan", "rds-db:connect", "*", {}),
        ("plan", "logs:GetLogEvents", "*", {}),
        ("apply", "iam:PutRolePolicy", OWN_ROLE, {}),
        ("apply", "iam:CreatePolicyVersion", BOUNDARY, {}),
        ("apply", "iam:DeleteRolePermissionsBoundary", ROLE, {}),
        ("apply", "iam:CreateAccessKey", f"arn:aws:iam::{ACCOUNT}:user/x", {}),
        ("apply", "s3:PutObject", f"{STATE_BUCKET}/mapvibe/backend-dev/terraform.tfstate", {}),
        ("apply", "s3:PutObject", f"{STATE_BUCKET}/mapvibe/delivery-dev/terraform.tfstate", {}),
        ("apply", "s3:DeleteObjectVersion", STATE, {}),
        ("apply", "s3:PutBucketPolicy", STATE_BUCKET, {}),
        ("apply", "s3:PutBucketPolicy", f"arn:aws:s3:::mapvibe-dev-state-logs-{ACCOUNT}", {}),
        ("apply", "s3:GetObject", f"{FLOW_BUCKET}/AWSLogs/today.parquet", {}),
        ("apply", "s3:DeleteObjectVersion", f"{FLOW_BUCKET}/AWSLogs/today.parquet", {}),
        ("apply", "s3:PutObject", f"{INVOCATION_BUCKET}/AWSLogs/forged.json.gz", {}),
        ("apply", "kms:ScheduleKeyDeletion", KEY, _STATE_ALIAS),
        ("apply", "kms:UpdateAlias", f"arn:aws:kms:ap-southeast-1:{ACCOUNT}:alias/mapvibe-dev-state", {}),
        ("apply", "ec2:DeleteVpc", "*", {"aws:ResourceTag/Project": "another"}),
        ("apply", "ec2:RunInstances", "*", {"aws:RequestedRegion": "us-east-1"}),
    ],
)  # fmt: skip
def test_what_is_refused_stays_refused_whatever_is_attached_later(
    role: str, action: str, resource: str, context: dict[str, str]
) -> None:
    dev = delivery_stack("dev")
    assert not role_may(dev, role, action, resource, context, widened=FULL_ACCESS)
    free = Policies(identity=[FULL_ACCESS])
    assert all(allowed(each, free) for each in requests(role, action, resource, context))


def test_own_tags_are_not_refused_and_what_has_none_is_changed_but_not_removed() -> None:
    own = {"aws:ResourceTag/Environment": "dev", "aws:ResourceTag/Project": "mapvibe"}
    assert may("apply", "ec2:DeleteVpc", "*", **own)
    assert not may("apply", "ec2:DeleteVpc", "*")
    # AWS's own default security group, and an interface that Lambda made.
    assert may("apply", "ec2:RevokeSecurityGroupEgress", "*")
    assert may("apply", "ec2:DeleteNetworkInterface", "*")
    provider = rag_stack("dev").body["provider"]["aws"][0]
    tags = provider["default_tags"][0]["tags"]
    assert {f"aws:ResourceTag/{name}": tags[name] for name in ("Environment", "Project")} == own


# --- the boundary ---------------------------------------------------------------------------------

MANAGED = json.loads(aws_managed_policies_data)
"""Policies that AWS keeps, by name, as moto ships them."""


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_every_role_of_the_environment_has_the_boundary(name: str) -> None:
    stack = rag_stack(name)
    made = delivery_stack(name).one("aws_iam_policy", "boundary")["name"]
    assert made == f"mapvibe-{name}-pipeline-boundary"
    for role in stack.resources("aws_iam_role").values():
        assert role["permissions_boundary"].endswith(f":policy/{made}")


def test_an_environment_without_a_pipeline_has_neither_boundary_nor_roles() -> None:
    stack = rag_stack("dev", delivery=None)
    for role in stack.resources("aws_iam_role").values():
        assert "permissions_boundary" not in role
    with pytest.raises(KeyError):
        delivery_stack("dev", delivery=None)


@pytest.mark.parametrize("choice", CHOICES)
def test_the_boundary_holds_what_the_environments_roles_are_given(choice: str) -> None:
    name, changes = CHOICES[choice]
    stack = rag_stack(name, **changes)
    boundary = policy_of(delivery_stack(name, **changes).one("aws_iam_policy", "boundary"))
    held = [a for s in boundary if s["Effect"] == "Allow" for a in listed(s["Action"])]
    documents = [
        *(policy_of(body) for body in stack.resources("aws_iam_role_policy").values()),
        *(
            MANAGED[body["policy_arn"].rpartition("/")[2]]["Document"]["Statement"]
            for body in stack.resources("aws_iam_role_policy_attachment").values()
        ),
    ]
    given = {
        action
        for document in documents
        for s in document
        if s["Effect"] == "Allow"
        for action in listed(s["Action"])
    }
    missing = {a for a in given if not any(matches(pattern, a) for pattern in held)}
    # AWS's policy for machines would let them read every parameter of the account.
    assert missing == given & {"ssm:GetParameter", "ssm:GetParameters"}


def test_the_boundary_lets_no_role_change_permissions() -> None:
    boundary = policy_of(delivery_stack("dev").one("aws_iam_policy", "boundary"))

    def within(action: str, resource: str) -> bool:
        """Whether a role of the environment could be given as much."""
        here = {"aws:RequestedRegion": REGION}
        request = Request(principal=ROLE, action=action, resource=resource, context=here)
        return allowed(request, Policies(identity=[FULL_ACCESS], boundary=boundary))

    assert not within("iam:PutRolePolicy", ROLE)
    assert not within("sts:AssumeRole", ROLE)
    assert not within("lambda:UpdateFunctionCode", FUNCTION)
    assert within("secretsmanager:GetSecretValue", SECRET)
    assert not within("secretsmanager:GetSecretValue", SECRET.replace("/dev/", "/prod/"))


# --- form -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_policies_fit_into_iams_limits(name: str) -> None:
    longest = f"group-of-some-length/{'x' * 200}"
    stack = delivery_stack(
        name, project="a-long-name-1234"[:16], delivery__project_path=longest, **GRAFANA
    )
    assert outgrown({"delivery": stack}) == []
    for body in stack.resources("aws_iam_role").values():
        assert len(body["name"]) <= 64


def test_nothing_is_allowed_whole() -> None:
    for body in delivery_stack("dev").resources("aws_iam_policy").values():
        for s in policy_of(body):
            if s["Effect"] == "Allow":
                assert not [a for a in listed(s["Action"]) if a == "*" or a.endswith(":*")]
                assert "NotResource" not in s


def test_names_say_project_and_environment() -> None:
    stack = delivery_stack("prod")
    for kind in ("aws_iam_policy", "aws_iam_role"):
        for body in stack.resources(kind).values():
            assert body["name"].startswith("mapvibe-prod-pipeline-")


def test_the_stack_says_what_gitlab_must_be_told() -> None:
    outputs = delivery_stack("dev").body["output"]
    assert set(outputs) == {
        "apply_audience",
        "apply_role_arn",
        "identity_provider_arn",
        "plan_audience",
        "plan_role_arn",
    }
    assert outputs["apply_audience"]["value"] == "mapvibe-dev-pipeline-apply"


def test_its_state_lies_beside_the_others() -> None:
    s3 = delivery_stack("prod").body["terraform"]["backend"]["s3"]
    assert s3["key"] == "mapvibe/delivery-prod/terraform.tfstate"
    assert s3["bucket"] == "mapvibe-prod-state-444455556666"


def test_everything_but_some_resources_is_rendered() -> None:
    rendered = Statement(actions=("a:b",), effect="Deny", not_resources=("x", "y")).render()
    assert json.loads(json.dumps(rendered)) == {
        "Effect": "Deny",
        "Action": "a:b",
        "NotResource": ["x", "y"],
    }
