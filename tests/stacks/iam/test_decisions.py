"""What judges our policies decides as AWS's documentation says.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.iam.decisions import (
    FULL_ACCESS,
    Context,
    Policies,
    Request,
    Statements,
    allowed,
    decide,
)

ACCOUNT, OTHER = "111122223333", "444455556666"
HERE = f"ap-southeast-1:{ACCOUNT}"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/mapvibe-dev-rag"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/mapvibe-dev-rag/job"
MACHINE = f"arn:aws:ec2:{HERE}:instance/i-0123456789abcdef0"
SUBNET = f"arn:aws:ec2:{HERE}:subnet/subnet-0123456789abcdef0"
OBJECT = "arn:aws:s3:::mapvibe-dev-documents/a.txt"
KEY = f"arn:aws:kms:{HERE}:key/0123abcd-0123-0123-0123-0123456789ab"


def request(action: str, resource: str, context: Context | None = None, by: str = ROLE) -> Request:
    return Request(principal=by, action=action, resource=resource, context=context or {})


def deny(action: str | list[str], **more: Any) -> list[dict[str, Any]]:
    return [{"Effect": "Deny", "Action": action, "Resource": "*", **more}]


def when(operator: str, key: str, *values: str) -> dict[str, Any]:
    return {"Condition": {operator: {key: list(values)}}}


SMALL = ("ec2:InstanceType", "t3.micro", "t3.small")
PROJECT = "aws:RequestTag/Project"
TAGS = "aws:TagKeys"
CHANGED = ("Environment", "Project")


@pytest.mark.parametrize(
    ("condition", "asked", "refused"),
    [
        (when("StringEquals", *SMALL), {"ec2:InstanceType": "t3.micro"}, True),
        (when("StringEquals", *SMALL), {"EC2:instancetype": "t3.micro"}, True),
        (when("StringEquals", *SMALL), {"ec2:InstanceType": "T3.micro"}, False),
        (when("StringEqualsIgnoreCase", *SMALL), {"ec2:InstanceType": "T3.MICRO"}, True),
        (when("StringNotEquals", *SMALL), {"ec2:InstanceType": "m5.large"}, True),
        (when("StringNotEquals", *SMALL), {"ec2:InstanceType": "t3.small"}, False),
        (when("StringLike", "ec2:InstanceType", "t3.*"), {"ec2:InstanceType": "t3.nano"}, True),
        (when("StringLike", "ec2:InstanceType", "t3.?"), {"ec2:InstanceType": "t3.nano"}, False),
        # A key that is not there: positive operators do not hold, negated ones do.
        (when("StringEquals", *SMALL), {}, False),
        (when("StringNotEquals", *SMALL), {}, True),
        (when("StringNotLike", "ec2:InstanceType", "t3.*"), {}, True),
        (when("StringEqualsIfExists", *SMALL), {}, True),
        (when("NumericGreaterThan", "ec2:MetadataHttpPutResponseHopLimit", "1"), {}, False),
        (when("NumericGreaterThan", "ec2:MetadataHttpPutResponseHopLimit", "9"), {"ec2:MetadataHttpPutResponseHopLimit": "10"}, True),
        (when("Null", PROJECT, "true"), {}, True),
        (when("Null", PROJECT, "true"), {PROJECT: "mapvibe"}, False),
        (when("Null", PROJECT, "false"), {PROJECT: "mapvibe"}, True),
        (when("Bool", "aws:SecureTransport", "false"), {}, False),
        (when("Bool", "aws:SecureTransport", "false"), {"aws:SecureTransport": "false"}, True),
        (when("BoolIfExists", "aws:MultiFactorAuthPresent", "false"), {}, True),
        (when("Bool", "aws:MultiFactorAuthPresent", "false"), {}, False),
        (when("IpAddress", "aws:SourceIp", "203.0.113.0/24"), {"aws:SourceIp": "203.0.113.9"}, True),
        (when("NotIpAddress", "aws:SourceIp", "203.0.113.0/24"), {"aws:SourceIp": "203.0.113.9"}, False),
        # Several values in the request.
        (when("ForAnyValue:StringEquals", TAGS, *CHANGED), {TAGS: ["Name", "Project"]}, True),
        (when("ForAnyValue:StringEquals", TAGS, *CHANGED), {TAGS: ["Name"]}, False),
        (when("ForAllValues:StringEquals", TAGS, *CHANGED), {TAGS: ["Name", "Project"]}, False),
        (when("ForAllValues:StringEquals", TAGS, *CHANGED), {TAGS: ["Project"]}, True),
        (when("ForAnyValue:StringEquals", TAGS, *CHANGED), {}, False),
        (when("ForAnyValue:StringNotEquals", TAGS, *CHANGED), {}, False),
        (when("ForAllValues:StringEquals", TAGS, *CHANGED), {}, True),
        # What is said of the caller is filled in from the principal.
        (when("ArnEquals", "aws:PrincipalArn", ROLE), {}, True),
        (when("ArnNotLike", "aws:PrincipalArn", f"arn:aws:iam::{ACCOUNT}:role/mapvibe-dev-*"), {}, False),
        (when("StringNotEquals", "aws:PrincipalAccount", ACCOUNT), {}, False),
        (when("StringLike", PROJECT, "${aws:PrincipalAccount}"), {PROJECT: ACCOUNT}, True),
    ],
)  # fmt: skip
def test_conditions(condition: dict[str, Any], asked: dict[str, Any], refused: bool) -> None:
    policies = Policies(identity=[[*FULL_ACCESS, *deny("ec2:RunInstances", **condition)]])
    for by in (ROLE, SESSION):
        decision = decide([request("ec2:RunInstances", MACHINE, asked, by)], policies)[0]
        assert decision.result == ("ExplicitlyDenied" if refused else "Allowed")


def test_a_key_belongs_to_one_type_of_resource() -> None:
    """A refusal of big machines that names every resource would stop small ones at their subnet."""
    small = {"ec2:InstanceType": "t3.micro"}
    everywhere = deny("ec2:RunInstances", **when("StringNotEquals", *SMALL))
    machines = [{**everywhere[0], "Resource": "arn:aws:ec2:*:*:instance/*"}]
    both = [request("ec2:RunInstances", MACHINE, small), request("ec2:RunInstances", SUBNET)]
    for statements, results in ((everywhere, [True, False]), (machines, [True, True])):
        decisions = decide(both, Policies(identity=[FULL_ACCESS, statements]))
        assert [each.allowed for each in decisions] == results
    with pytest.raises(AssertionError, match="AWS sends no ec2:InstanceType"):
        decide([request("ec2:RunInstances", SUBNET, small)], Policies(identity=[FULL_ACCESS]))


@pytest.mark.parametrize(
    ("action", "resource", "region", "may"),
    [
        ("sqs:SendMessage", f"arn:aws:sqs:{HERE}:q", "ap-southeast-1", True),
        ("sqs:SendMessage", f"arn:aws:sqs:us-east-1:{ACCOUNT}:q", "us-east-1", False),
        ("iam:GetRole", ROLE, "us-east-1", True),
        ("iam:CreateRole", ROLE, "us-east-1", False),
    ],
)
def test_everything_but_some_actions(action: str, resource: str, region: str, may: bool) -> None:
    abroad = {"StringNotEquals": {"aws:RequestedRegion": "ap-southeast-1"}}
    refused = [{"Effect": "Deny", "NotAction": ["iam:Get*", "s3:*"], "Resource": "*", "Condition": abroad}]  # fmt: skip
    asked = request(action, resource, {"aws:RequestedRegion": region})
    assert allowed(asked, Policies(identity=[FULL_ACCESS, refused])) is may


def test_everything_but_some_resources() -> None:
    others = [{"Effect": "Deny", "Action": "s3:GetObject", "NotResource": OBJECT}]
    policies = Policies(identity=[FULL_ACCESS, others])
    assert allowed(request("s3:GetObject", OBJECT), policies)
    assert not allowed(request("s3:GetObject", f"{OBJECT}.bak"), policies)


def test_a_boundary_permits_nothing_and_limits_everything() -> None:
    reads = [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]
    asked = [request("s3:GetObject", OBJECT), request("s3:PutObject", OBJECT)]
    assert [d.allowed for d in decide(asked, Policies(boundary=FULL_ACCESS))] == [False, False]
    limited = decide(asked, Policies(identity=[FULL_ACCESS], boundary=reads))
    assert [d.allowed for d in limited] == [True, False]
    assert limited[1].blocked_by == ("pb",)


def test_every_level_of_the_organization_must_allow() -> None:
    asked = request("s3:GetObject", OBJECT)
    reads = [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]
    nothing = deny("*")
    levels: list[tuple[list[list[Statements]], bool]] = [
        ([[FULL_ACCESS]], True),
        ([[FULL_ACCESS], [reads]], True),
        ([[FULL_ACCESS], []], False),
        ([[FULL_ACCESS], [FULL_ACCESS, nothing]], False),
        ([[FULL_ACCESS, nothing], [FULL_ACCESS]], False),
    ]
    for scps, may in levels:
        decision = decide([asked], Policies(identity=[FULL_ACCESS], scps=scps))[0]
        assert decision.allowed is may
        assert decision.blocked_by == (() if may else ("scp",))
    assert not allowed(asked, Policies(scps=[[FULL_ACCESS]]))


def test_a_resources_policy_lets_in_and_keeps_out() -> None:
    asked = request("s3:GetObject", OBJECT)
    let_in = [{"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": "s3:*", "Resource": "*"}]
    keep_out = [{**deny("s3:GetObject")[0], "Principal": "*"}]
    assert allowed(asked, Policies(resource=let_in))
    assert not allowed(asked, Policies(identity=[FULL_ACCESS], resource=keep_out))
    stranger = request("s3:GetObject", OBJECT, by=f"arn:aws:iam::{OTHER}:role/x")
    assert not allowed(stranger, Policies(resource=let_in))


def test_a_key_leaves_it_to_the_account_unless_its_policy_says_otherwise() -> None:
    asked = request("kms:Decrypt", KEY)
    assert allowed(asked, Policies(identity=[FULL_ACCESS]))
    assert not allowed(asked, Policies())
    only = [
        {
            "Effect": "Allow",
            "Principal": {"Service": "logs.amazonaws.com"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ]
    assert not allowed(asked, Policies(identity=[FULL_ACCESS], resource=only))
    service = request("kms:Decrypt", KEY, by="logs.amazonaws.com")
    assert allowed(service, Policies(resource=only))


def test_an_endpoint_carries_what_its_policy_allows() -> None:
    asked = request("s3:GetObject", OBJECT)
    writes = [{"Effect": "Allow", "Principal": "*", "Action": "s3:PutObject", "Resource": "*"}]
    decision = decide([asked], Policies(identity=[FULL_ACCESS], endpoint=writes))[0]
    assert decision.blocked_by == ("vpce",)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (request("s3:GetObjects", OBJECT), "invalid.action"),
        (request("s3:GetObject", "arn:aws:s3:::mapvibe-dev-documents"), "no.resource.types"),
        (request("s3:GetObject", "arn:aws:s3:::b/*"), "without asterisks"),
        (request("ec2:DescribeVpcs", SUBNET), "must.use.wildcard"),
        (request("sqs:SendMessage", f"arn:aws:sqs:{HERE}:q", {"kms:ViaService": "x"}), "AWS sends no kms:ViaService"),
        (request("s3:GetObject", OBJECT, by="nobody"), "no principal: nobody"),
    ],
)  # fmt: skip
def test_what_aws_would_never_judge_is_no_answer(asked: Request, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        decide([asked], Policies(identity=[FULL_ACCESS]))


def test_a_policy_that_iam_would_refuse_is_no_answer() -> None:
    wrong: list[dict[str, Any]] = [{"Effect": "Allowed", "Action": "s3:*", "Resource": "*"}]
    for policies in (
        Policies(identity=[wrong]),
        Policies(identity=[FULL_ACCESS], boundary=wrong),
        Policies(identity=[FULL_ACCESS], scps=[[wrong]]),
        Policies(identity=[FULL_ACCESS], resource=[{**wrong[0], "Principal": "*"}]),
    ):
        with pytest.raises(AssertionError, match=r"policy.errors|Allowed"):
            decide([request("s3:GetObject", OBJECT)], policies)


def test_decisions_come_in_the_order_of_the_requests() -> None:
    asked = [request("s3:GetObject", OBJECT), request("s3:PutObject", OBJECT)] * 50
    reads = [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]
    assert [d.allowed for d in decide(asked, Policies(identity=[reads]))] == [True, False] * 50
    assert decide([], Policies()) == []
