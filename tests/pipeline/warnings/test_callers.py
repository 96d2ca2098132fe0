"""Whom policies let in, under which conditions, and whose account it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pipeline.plan.model import Change
from pipeline.report.model import Topic
from pipeline.warnings import find_warnings
from tests.pipeline.plans import change, plan
from tests.pipeline.warnings.cases import OURS, SOURCE, THEIRS, allow, policy, trust

BUCKET = "aws_s3_bucket_policy.x"
ROLE = "aws_iam_role.x"
PROVIDER = {"Federated": f"arn:aws:iam::{OURS}:oidc-provider/token.actions.githubusercontent.com"}
SUB = "token.actions.githubusercontent.com:sub"


def told(*changes: Change, accounts: frozenset[str] = frozenset()) -> list[str]:
    found = find_warnings(replace(plan(*changes), accounts=accounts))
    return [each.text for each in found if each.topic in (Topic.PUBLIC, Topic.IAM)]


def bucket(*rows: dict[str, Any]) -> list[str]:
    return told(change(BUCKET, after={"policy": policy(*rows)}))


def conditional(**condition: Any) -> list[str]:
    return bucket(allow("s3:GetObject", "*", Condition=condition))


OPEN = "its policy lets anybody under a condition that limits nobody s3:GetObject on *"


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
        {"StringEquals": {"AWS:PRINCIPALORGID": ["o-1", "o-2"]}},
        {"StringLike": {"aws:PrincipalArn": f"arn:aws:iam::{OURS}:role/*"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::mapvibe-*"}},
        {"ArnEquals": {"aws:SourceArn": f"arn:aws:sns:*:{OURS}:*"}},
        {"IpAddress": {"aws:SourceIp": ["192.0.2.0/24", "2001:db8::/32"]}},
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/r-1/*"}},
        {"StringEquals": {"aws:PrincipalTag/team": "web"}},
        {"StringEquals": {"aws:PrincipalTag/outside": "false"}},
        {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}},
        {
            "Bool": {"aws:SecureTransport": "true"},
            "StringEquals": {"aws:SourceVpce": "vpce-1"},
        },
    ],
)
def test_a_condition_that_limits_who_it_is_for_is_quiet(condition: dict[str, Any]) -> None:
    assert conditional(**condition) == []


@pytest.mark.parametrize(
    "condition",
    [
        {"StringLike": {"aws:PrincipalArn": "*"}},
        {"StringLike": {"aws:PrincipalArn": ["arn:aws:iam::*:role/admin"]}},
        {"StringLike": {"aws:PrincipalOrgID": "o-*"}},
        {"StringLike": {"aws:SourceAccount": ["111122223333", "*"]}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}},
        {"ArnLike": {"aws:SourceArn": "arn:*"}},
        {"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1"}},
        {"ForAllValues:StringEquals": {"aws:PrincipalOrgPaths": "o-1/r-1"}},
        {"ForAnyValue:StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}},
        {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}},
        {"Null": {"aws:PrincipalOrgID": "false"}},
        {"Bool": {"aws:SecureTransport": "true"}},
        {"Bool": {"elasticfilesystem:AccessedViaMountTarget": False}},
        {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
        {"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}},
        {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}},
        {"StringEquals": {"s3:x-amz-acl": "private"}},
    ],
)
def test_a_condition_that_limits_nobody_is_told(condition: dict[str, Any]) -> None:
    assert conditional(**condition) == [OPEN]


@pytest.mark.parametrize(
    ("denial", "quiet"),
    [
        ({"Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}}, True),
        ({"Condition": {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}, True),
        ({"Condition": {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}}, True),
        ({"Condition": {"Bool": {"aws:SecureTransport": "false"}}}, False),
        ({"Condition": {"StringNotLike": {"aws:PrincipalArn": "*"}}}, False),
        (
            {
                "Condition": {
                    "StringNotEquals": {"aws:SourceVpce": "vpce-1"},
                    "StringNotLike": {"aws:PrincipalArn": "*"},
                }
            },
            False,
        ),
        ({"Action": "s3:PutObject", "Condition": {"StringNotEquals": {"aws:SourceVpc": "v"}}}, False),
    ],
)  # fmt: skip
def test_a_denial_to_all_but_some_limits_as_well(denial: dict[str, Any], quiet: bool) -> None:
    row = allow("s3:*", "*", Effect="Deny") | denial
    assert (bucket(allow("s3:GetObject", "*"), row) == []) is quiet


def test_all_but_somebody_is_anybody() -> None:
    row = {"Effect": "Allow", "NotPrincipal": {"AWS": OURS}, "Action": "s3:*", "Resource": "*"}
    assert bucket(row) == ["its policy lets anybody s3:* on *"]


def test_many_actions_for_anybody_are_one_warning() -> None:
    actions = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"]
    assert bucket(allow(actions, "*", "arn:aws:s3:::b")) == [
        (
            "its policy lets anybody s3:DeleteObject on arn:aws:s3:::b; "
            "s3:GetObject on arn:aws:s3:::b; s3:ListBucket on arn:aws:s3:::b; and 1 more"
        )
    ]


@pytest.mark.parametrize(
    ("action", "service", "quiet"),
    [
        ("sqs:SendMessage", "sns.amazonaws.com", False),
        ("s3:GetBucketAcl", "cloudtrail.amazonaws.com", True),
        ("kms:GenerateDataKey*", "sns.amazonaws.com", True),
        ("kms:Decrypt", "cloudtrail.amazonaws.com", True),
    ],
)
def test_a_service_that_acts_for_anybody_needs_a_condition(
    action: str, service: str, quiet: bool
) -> None:
    found = bucket(allow(action, {"Service": service}))
    assert found == (
        [] if quiet else [f"its policy lets {service}, for any account, {action} on *"]
    )
    assert bucket(allow(action, {"Service": service}, Condition=SOURCE)) == []


def test_an_endpoint_lets_nobody_in_who_has_no_permission_of_his_own() -> None:
    document = {"policy": policy(allow("*", "*"))}
    assert told(change("aws_vpc_endpoint.x", after=document)) == []
    before = {"policy": policy(allow("s3:GetObject", "*"))}
    assert told(change("aws_vpc_endpoint.x", "update", before=before, after=document)) == [
        "may now * on * by *"
    ]


def test_an_open_policy_of_a_search_domain_counts_outside_a_network() -> None:
    open_to_all = {"access_policies": policy(allow("es:*", "*"))}
    inside = open_to_all | {"vpc_options": [{"subnet_ids": ["subnet-1"]}]}
    assert told(change("aws_opensearch_domain.x", after=inside)) == []
    assert len(told(change("aws_opensearch_domain.x", after=open_to_all))) == 2


def web_identity(**more: Any) -> list[str]:
    return told(change(ROLE, after=trust(PROVIDER, "sts:AssumeRoleWithWebIdentity", **more)))


@pytest.mark.parametrize(
    ("condition", "quiet"),
    [
        ({"StringEquals": {SUB: "repo:mapvibe/infrastructure:ref:refs/heads/main"}}, True),
        ({"StringLike": {SUB: "repo:mapvibe/*"}}, True),
        ({"ForAnyValue:StringLike": {SUB: ["repo:mapvibe/a:*", "repo:mapvibe/b:*"]}}, True),
        ({"StringLike": {SUB: "*"}}, False),
        ({"StringLike": {SUB: "repo:*"}}, False),
        ({"StringLike": {SUB: "repo:*/*:ref:refs/heads/main"}}, False),
        ({"StringLike": {SUB: ["repo:mapvibe/*", "repo:*"]}}, False),
        ({"StringEqualsIfExists": {SUB: "repo:mapvibe/a"}}, False),
        ({"ForAllValues:StringEquals": {SUB: "repo:mapvibe/a"}}, False),
        ({"StringNotEquals": {SUB: "repo:mapvibe/a"}}, False),
        ({"StringEquals": {SUB.replace(":sub", ":aud"): "sts.amazonaws.com"}}, False),
        ({}, False),
    ],
)
def test_a_web_identity_must_be_limited_to_a_subject(
    condition: dict[str, Any], quiet: bool
) -> None:
    found = web_identity(Condition=condition)
    assert found == [] if quiet else "token.actions.githubusercontent.com signs in" in found[0]


def test_a_pool_of_cognito_is_limited_by_its_audience() -> None:
    def pool(condition: dict[str, Any]) -> list[str]:
        who = {"Federated": "cognito-identity.amazonaws.com"}
        document = trust(who, "sts:AssumeRoleWithWebIdentity", Condition=condition)
        return told(change(ROLE, after=document))

    assert pool({"StringEquals": {"cognito-identity.amazonaws.com:aud": "pool"}}) == []
    assert len(pool({})) == 1


FOREIGN = f"account {THEIRS} (another account) may assume the role"


@pytest.mark.parametrize(
    "ours",
    [
        pytest.param({"accounts": frozenset({OURS})}, id="provider"),
        pytest.param({"arn": f"arn:aws:sqs:a:{OURS}:q"}, id="arn"),
        pytest.param({"owner_id": OURS}, id="owner"),
        pytest.param({"role": f"arn:aws:iam::{OURS}:role/a"}, id="role"),
        pytest.param(
            {"assume_role_policy": trust(PROVIDER)["assume_role_policy"]}, id="identity-provider"
        ),
    ],
)
def test_an_account_of_ours_is_known_from_the_plan(ours: dict[str, Any]) -> None:
    accounts = ours.get("accounts", frozenset())
    known = change("aws_sqs_queue.known", "no-op", before=ours)
    own = change("aws_iam_role.own", after=trust({"AWS": f"arn:aws:iam::{OURS}:root"}))
    other = change("aws_iam_role.other", after=trust({"AWS": THEIRS}))
    assert told(known, own, other, accounts=accounts) == [FOREIGN]


def test_where_no_account_is_known_each_is_told_with_a_doubt() -> None:
    own = change("aws_iam_role.own", after=trust({"AWS": OURS}))
    assert told(own) == [f"account {OURS} (another account unless it is yours) may assume the role"]


def test_a_condition_on_another_account_is_told_where_ours_is_known() -> None:
    row = allow("s3:Get*", "*", Condition={"StringEquals": {"aws:PrincipalAccount": THEIRS}})
    made = change(BUCKET, after={"policy": policy(row)})
    assert told(made) == []
    assert told(made, accounts=frozenset({OURS})) == [
        f"its policy lets account {THEIRS} (another account) s3:Get* on *"
    ]
    outside = allow("s3:Get*", "*", Condition={"StringEquals": {"sts:ExternalId": THEIRS}})
    limited = change(BUCKET, after={"policy": policy(outside)})
    assert told(limited, accounts=frozenset({OURS})) == []
    source = f"arn:aws:s3:::b-{THEIRS}"
    call = {"principal": "s3.amazonaws.com", "source_arn": source, "source_account": THEIRS}
    permission = change("aws_lambda_permission.x", after=call)
    assert told(permission, accounts=frozenset({OURS})) == [
        f"account {THEIRS} (another account) may call the function"
    ]
    assert told(permission, accounts=frozenset({THEIRS})) == []


def test_a_trust_that_changes_names_only_who_is_new() -> None:
    before = trust({"AWS": [f"arn:aws:iam::{THEIRS}:root"]})
    after = trust({"AWS": [f"arn:aws:iam::{THEIRS}:root", "*"]})
    assert told(change(ROLE, "update", before=before, after=after)) == [
        "anybody may assume the role"
    ]
