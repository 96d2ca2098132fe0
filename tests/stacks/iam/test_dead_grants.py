"""Nothing in a policy of ours is without effect: no grant that never works, no idle refusal."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.choices import every_stack
from tests.support.iam.dead import ONE_OF, dead, incomplete
from tests.support.iam.decisions import malformed
from tests.support.iam.documents import held, policies
from tests.support.iam.reference import actions

HERE = "ap-southeast-1:111122223333"
GROUP = f"arn:aws:logs:{HERE}:log-group:/aws/lambda/mapvibe-dev-rag:*"
BUCKET = "arn:aws:s3:::mapvibe-dev-documents"


def test_iam_would_take_every_policy_of_every_stack() -> None:
    found = {
        f"{policy.address}: {said}"
        for policy in policies(every_stack())
        for said in malformed(policy.place.kind, policy.statements)
    }
    assert found == set()


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("identity", [{"Effect": "Allow", "Action": "s3:*"}]),
        ("identity", [{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Principal": "*"}]),
        ("identity", [{"Sid": "a-b", "Effect": "Allow", "Action": "s3:*", "Resource": "*"}]),
        ("identity", [{"Sid": "a", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}] * 2),
        ("trust", [{"Effect": "Allow", "Principal": "*", "Action": "sts:*", "Resource": "*"}]),
        ("resource", [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]),
        ("endpoint", [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]),
        ("scp", [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}]),
    ],
)
def test_what_iam_would_not_take_is_told(kind: str, given: list[dict[str, Any]]) -> None:
    assert malformed(kind, given)


def test_no_statement_of_any_stack_is_without_effect() -> None:
    found = {
        f"{policy.address}: {said}"
        for policy in policies(every_stack())
        for said in dead(policy.statements)
    }
    assert found == set()


def test_no_role_or_group_has_half_of_what_an_action_needs() -> None:
    found = {
        f"{holder}: {said}"
        for holder, together in held(every_stack()).items()
        for said in incomplete(each.statements for each in together)
    }
    assert found == set()


def statement(action: str, resource: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def when(key: str, value: str = "x") -> dict[str, Any]:
    return {"Condition": {"StringEquals": {key: value}}}


LAMBDA = {"Principal": {"Service": "lambda.amazonaws.com"}}
GITLAB = {"Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/gitlab.com"}}
TRUST = "sts:AssumeRoleWithWebIdentity"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (statement("s3:GetObjects", f"{BUCKET}/*"), "s3:GetObjects: AWS has no such action"),
        (statement("s4:*", "*"), "s4:*: AWS has no such action"),
        (
            {"Effect": "Deny", "NotAction": "iam:Listz*", "Resource": "*"},
            "iam:Listz*: AWS has no such action",
        ),
        (statement("logs:DescribeLogGroups", GROUP), "logs:DescribeLogGroups: acts on none of"),
        (statement("s3:GetObject", BUCKET), "s3:GetObject: acts on none of"),
        (statement("ec2:Describe*", GROUP), "ec2:Describe*: acts on none of"),
        (
            {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": [BUCKET, f"{BUCKET}/*"]},
            f"{BUCKET}/*: none of the statement's actions acts on it",
        ),
        (
            statement("kms:CreateKey", "*", **when("kms:ResourceAliases")),
            "kms:CreateKey: AWS sends no kms:ResourceAliases with it",
        ),
        (
            statement("sqs:SendMessage", "*", **when("aws:RequestTag/Project")),
            "sqs:SendMessage: AWS sends no aws:RequestTag/Project with it",
        ),
        (
            statement("s3:GetObject", f"{BUCKET}/*", **when("aws:SourceAccount")),
            "s3:GetObject: AWS sends no aws:SourceAccount with it",
        ),
        (
            {"Effect": "Allow", "Action": TRUST, **GITLAB, **when("gitlab.example.com:sub")},
            f"{TRUST}: AWS sends no gitlab.example.com:sub with it",
        ),
    ],
)
def test_what_is_without_effect_is_told(given: dict[str, Any], said: str) -> None:
    assert any(each.startswith(said) for each in dead([given])), list(dead([given]))


@pytest.mark.parametrize(
    "given",
    [
        statement("ec2:*", "*", **when("aws:ResourceTag/Project")),
        statement("s3:GetObject", "*", **when("aws:RequestedRegion")),
        statement("s3:PutObject", f"{BUCKET}/*", **LAMBDA, **when("aws:SourceAccount")),
        statement("ec2:CreateVpc", "*", **when("AWS:RequestTag/Project")),
        {"Effect": "Allow", "Action": TRUST, **GITLAB, **when("gitlab.com:sub")},
        statement("apigateway:POST", "arn:aws:apigateway:ap-southeast-1::/apis"),
        statement("ec2:*Vpc*", f"arn:aws:ec2:{HERE}:vpc/*"),
    ],
)
def test_what_has_an_effect_is_left_alone(given: dict[str, Any]) -> None:
    assert list(dead([given])) == []


def test_half_of_what_an_action_needs_is_told() -> None:
    to_detach = statement("ec2:AttachInternetGateway", f"arn:aws:ec2:{HERE}:internet-gateway/*")
    said = "ec2:AttachInternetGateway: no vpc among its resources"
    assert list(incomplete([[to_detach]])) == [said]
    other = statement("ec2:Attach*", f"arn:aws:ec2:{HERE}:vpc/*")
    assert said not in incomplete([[to_detach], [other]])
    refused = {**other, "Effect": "Deny"}
    assert said in incomplete([[to_detach], [refused]])


@pytest.mark.parametrize("name", sorted(ONE_OF))
def test_each_exception_is_still_needed(name: str) -> None:
    """AWS's tables want several types for it."""
    (action,) = actions(name)
    assert len(action.acts_on()) > 1
    assert all(each.required for each in action.acts_on())
