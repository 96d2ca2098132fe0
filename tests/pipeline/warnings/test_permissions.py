"""Permissions that widen are told; those that narrow or stay are not."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from pipeline.plan.model import Change
from pipeline.report.model import Topic
from pipeline.warnings import find_warnings
from tests.pipeline.plans import change, plan

POLICY = "aws_iam_role_policy.rag_00000000"
QUEUE = "arn:aws:sqs:ap-southeast-1:111122223333:mapvibe-dev-jobs"


def document(*rows: dict[str, Any]) -> dict[str, str]:
    return {"policy": json.dumps({"Version": "2012-10-17", "Statement": list(rows)})}


def allow(action: Any, resource: Any = QUEUE, **others: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **others}


def iam(*changes: Change) -> list[str]:
    return [w.text for w in find_warnings(plan(*changes)) if w.topic == Topic.IAM]


def updated(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return iam(change(POLICY, "update", before=before, after=after))


def test_another_action_is_told() -> None:
    assert updated(
        document(allow("sqs:SendMessage")), document(allow(["sqs:SendMessage", "sqs:PurgeQueue"]))
    ) == [f"may now sqs:PurgeQueue on {QUEUE}"]


def test_another_resource_is_told() -> None:
    assert updated(
        document(allow("sqs:SendMessage")), document(allow("sqs:SendMessage", [QUEUE, "*"]))
    ) == ["may now sqs:SendMessage on *"]


def test_a_condition_that_goes_is_told() -> None:
    condition = {"StringEquals": {"aws:SourceAccount": "111122223333"}}
    assert updated(
        document(allow("sqs:SendMessage", Condition=condition)), document(allow("sqs:SendMessage"))
    ) == [f"may now sqs:SendMessage on {QUEUE}"]


def test_a_denial_that_goes_is_told() -> None:
    denied = {"Effect": "Deny", "Action": "sqs:PurgeQueue", "Resource": "*"}
    assert updated(document(allow("sqs:*"), denied), document(allow("sqs:*"))) == [
        "is no longer denied sqs:PurgeQueue on *"
    ]
    assert iam(change(POLICY, "delete", before=document(denied))) == [
        "is no longer denied sqs:PurgeQueue on *"
    ]


def test_all_but_some_is_told() -> None:
    row = {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
    assert updated(document(), document(row)) == ["may now not iam:* on *"]
    assert iam(change(POLICY, after=document(row))) == ["may now not iam:* on *"]


def test_a_denial_that_terraform_forgets_stays() -> None:
    denied = {"Effect": "Deny", "Action": "sqs:PurgeQueue", "Resource": "*"}
    assert iam(change(POLICY, "forget", before=document(denied))) == []


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"NotAction": "iam:GetRole", "Resource": QUEUE}, f"may now not iam:GetRole on {QUEUE}"),
        ({"Action": "sqs:SendMessage", "NotResource": QUEUE}, f"may now sqs:SendMessage on not {QUEUE}"),
    ],
)  # fmt: skip
def test_all_but_some_is_told_of_a_new_policy(row: dict[str, Any], told: str) -> None:
    assert iam(change(POLICY, after=document({"Effect": "Allow", **row}))) == [told]


def test_many_are_counted() -> None:
    actions = [f"sqs:Action{i}" for i in range(9)]
    [text] = updated(document(), document(allow(actions)))
    assert text.endswith("; and 6 more")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(allow("sqs:*"), allow("sqs:SendMessage"), id="action-within-pattern"),
        pytest.param(allow("sqs:*", "*"), allow("sqs:*", QUEUE), id="resource-within-pattern"),
        pytest.param(allow("SQS:sendmessage"), allow("sqs:SendMessage"), id="case-of-action"),
        pytest.param(
            allow("sqs:SendMessage"),
            allow("sqs:SendMessage", Condition={"Bool": {"aws:SecureTransport": "true"}}),
            id="condition-added",
        ),
        pytest.param(allow(["a:B", "a:C"]), allow(["a:C", "a:B"]), id="order"),
        pytest.param(allow(["a:B", "a:C"]), allow("a:B"), id="action-gone"),
    ],
)
def test_what_is_covered_already_is_not_told(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert updated(document(before), document(after)) == []


def test_a_resource_pattern_is_no_character_class() -> None:
    """IAM knows * and ? only."""
    assert updated(document(allow("a:B", "x[ab]")), document(allow("a:B", "xa"))) == [
        "may now a:B on xa"
    ]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        pytest.param(allow("sqs:SendMessage"), False, id="one-queue"),
        pytest.param(allow("sqs:*"), True, id="every-action"),
        pytest.param(allow("*", "*"), True, id="everything"),
        pytest.param(allow("ec2:DescribeSubnets", "*"), False, id="reading-all"),
        pytest.param(allow("ec2:DeleteSubnet", "*"), True, id="writing-all"),
    ],
)
def test_of_a_new_policy_what_has_no_limit_is_told(row: dict[str, Any], told: bool) -> None:
    assert bool(iam(change(POLICY, after=document(row)))) == told


def test_a_trust_that_lets_somebody_else_in_is_told() -> None:
    def trust(service: str) -> dict[str, str]:
        row = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        return {"assume_role_policy": json.dumps({"Statement": row})}

    role = "aws_iam_role.rag_00000000"
    assert iam(
        change(
            role, "update", before=trust("lambda.amazonaws.com"), after=trust("ec2.amazonaws.com")
        )
    ) == ["may now sts:AssumeRole on itself by ec2.amazonaws.com"]


def test_a_boundary_that_goes_is_told() -> None:
    had = {"permissions_boundary": "arn:aws:iam::111122223333:policy/b"}
    role = "aws_iam_role.rag_00000000"
    assert iam(change(role, "update", before=had, after={})) == ["loses its permissions boundary"]
    assert iam(change(role, "update", before=had, after=had | {"tags": {}})) == []


@pytest.mark.parametrize(
    ("arn", "told"),
    [
        ("arn:aws:iam::aws:policy/AdministratorAccess", True),
        ("arn:aws:iam::aws:policy/AmazonS3FullAccess", True),
        ("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole", False),
    ],
)
def test_a_broad_managed_policy_is_told(arn: str, told: bool) -> None:
    address = "aws_iam_role_policy_attachment.rag_00000000"
    assert iam(change(address, after={"policy_arn": arn})) == (
        [f"gets the policy {arn}"] if told else []
    )


UNREAD = "policy is known only after the apply: nobody can review what it will allow"


def test_a_policy_that_nobody_can_read_yet_is_told() -> None:
    unknown = {"policy": True}
    before = document(allow("a:B"), {"Effect": "Deny", "Action": "a:C", "Resource": "*"})
    assert iam(change(POLICY, "update", before=before, unknown=unknown)) == [UNREAD]
    assert iam(change(POLICY, unknown=unknown)) == [UNREAD]


def test_new_policies_that_nobody_can_read_yet_are_one_warning() -> None:
    new = [change(f"aws_iam_policy.p{n}", unknown={"policy": True}) for n in range(5)]
    [found] = find_warnings(plan(*new))
    assert (found.topic, found.address) == (Topic.IAM, "")
    assert found.text == (
        "5 new policies are known only after the apply: nobody can review what they will allow "
        "(aws_iam_policy.p0 policy; aws_iam_policy.p1 policy; aws_iam_policy.p2 policy; "
        "and 2 more)"
    )


def test_a_policy_that_aws_will_write_is_not_awaited() -> None:
    key = change("aws_kms_key.x", after={}, unknown={"policy": True, "arn": True})
    assert iam(replace(key, written={"description": True})) == []
    assert iam(replace(key, written={"policy": True})) == [UNREAD]
    again = change("aws_kms_key.x", "replace", before={}, after={}, unknown={"policy": True})
    assert iam(replace(again, written={"description": True})) == []
    assert iam(replace(again, written={"policy": True})) == [UNREAD]


def test_a_policy_that_is_marked_sensitive_is_told_when_it_changes() -> None:
    hidden = ["policy is marked sensitive: nobody can review it"]
    one, other = document(allow("*", "*")), document(allow("a:B", "*"))
    marks = {"policy": True}
    assert iam(change(POLICY, after=one, sensitive_after=marks)) == hidden
    assert iam(change(POLICY, "update", before=other, after=one, sensitive_after=marks)) == hidden
    same = change(POLICY, "update", before=one, after=one | {"name": "a"}, sensitive_after=marks)
    assert iam(same) == []


ROLES = "arn:aws:iam::111122223333:role/*"


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        pytest.param([allow("iam:Create*", ROLES)], "may give itself more", id="pattern"),
        pytest.param([allow("IAM:putUSERpolicy", ROLES)], "may give itself more", id="case"),
        pytest.param(
            [allow("iam:UpdateAssumeRolePolicy", ROLES, Condition={"Bool": {"aws:SecureTransport": "true"}})],
            "may give itself more",
            id="condition-for-all",
        ),
        pytest.param(
            [{"Effect": "Allow", "Action": "sts:AssumeRole", "NotResource": QUEUE}],
            "may become any role",
            id="all-roles-but-one",
        ),
        pytest.param([allow("glue:UpdateDevEndpoint", "*")], "may change the code", id="glue"),
        pytest.param(
            [
                allow(
                    "iam:PassRole",
                    "*",
                    Condition={"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}},
                ),
                allow("lambda:*", "arn:f"),
            ],
            "may run code as any role that it hands over: iam:PassRole on * under a condition with lambda:* on arn:f",
            id="service-wildcard",
        ),
        pytest.param([allow("sts:*", ROLES)], "may now sts:*", id="all-of-sts"),
        pytest.param([allow("iam:*", "*")], "may now iam:*", id="all-of-iam-once"),
        pytest.param([allow("*", "*")], "may now * on *", id="everything-once"),
        pytest.param(
            [allow("iam:PutRolePolicy", ROLES), allow("iam:*", "*", Effect="Deny")],
            "",
            id="denied",
        ),
        pytest.param([allow("iam:GetRole", ROLES)], "", id="reading"),
        pytest.param([allow("sts:GetCallerIdentity", "*")], "", id="who-am-i"),
    ],
)  # fmt: skip
def test_ways_to_more_permissions(rows: list[dict[str, Any]], told: str) -> None:
    found = iam(change(POLICY, after=document(*rows)))
    assert [text.startswith(told) for text in found] == ([True] if told else [])


@pytest.mark.parametrize(
    ("action", "runs"),
    [
        ("ec2:RunInstances", True),
        ("lambda:CreateFunction", True),
        ("cloudformation:CreateStack", True),
        ("datapipeline:CreatePipeline", True),
        ("sagemaker:CreateProcessingJob", True),
        ("dynamodb:CreateTable", False),
        ("lambda:InvokeFunction", False),
    ],
)
def test_what_runs_as_a_role_that_is_passed(action: str, runs: bool) -> None:
    rows = document(allow("iam:PassRole", ROLES), allow(action, "arn:x"))
    [text] = iam(change(POLICY, after=rows))
    assert text.startswith("may run code as any role" if runs else "may give any role")


def test_a_way_that_was_there_is_not_told_again() -> None:
    writing, running = allow("iam:PutRolePolicy", ROLES), allow("ecs:RunTask", "arn:t")
    assert updated(document(writing), document(writing, allow("sqs:SendMessage"))) == [
        f"may now sqs:SendMessage on {QUEUE}"
    ]
    passing = allow("iam:PassRole", ROLES)
    way = (
        f"may run code as any role that it hands over: iam:PassRole on {ROLES} "
        "with ecs:RunTask on arn:t"
    )
    assert updated(document(running), document(running, passing)) == [way]
    assert updated(document(passing), document(running, passing)) == [way]


def test_a_text_that_is_no_policy_breaks_nothing() -> None:
    for text in ("{", '{"Statement": "x"}', '{"Statement": [1]}', "", None, 7):
        assert iam(change(POLICY, "update", before={"policy": text}, after={"policy": text})) == []
