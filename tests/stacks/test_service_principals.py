"""Services that a policy lets in act for this account, and not for a stranger who asks them to.

``service_principals.csv`` says of each service in each kind of policy what it sends of its source, and
where AWS says so; what it sends must be demanded, and where it sends nothing, a reason stands there.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.support.choices import every_stack
from tests.support.iam.patterns import listed
from tests.support.stacks import Stack
from tests.support.twins import NAMING, twins

TABLE = Path(__file__).with_name("service_principals.csv")
ACCOUNT = "aws:SourceAccount"
ARN = "aws:SourceArn"

KINDS = {
    ("aws_iam_role", "assume_role_policy"): "trust",
    ("aws_kms_key", "policy"): "key",
    ("aws_s3_bucket_policy", "policy"): "bucket",
    ("aws_sns_topic_policy", "policy"): "topic",
}
"""Policies of the stacks' resources; a new one that names a service is asked for below."""


class Row(NamedTuple):
    """What a service sends."""

    sends: str
    why: str
    source: str


class Admitted(NamedTuple):
    """A statement that lets a service in."""

    kind: str
    service: str
    conditions: dict[str, dict[str, Any]]


def table() -> dict[tuple[str, str], Row]:
    with TABLE.open() as file:
        rows = [
            ((row["policy"], row["service"]), Row(row["sends"], row["why"], row["source"]))
            for row in csv.DictReader(file)
        ]
    assert len({key for key, _ in rows}) == len(rows), "a row stands twice"
    return dict(rows)


def admitted(stack: Stack) -> Iterator[tuple[str, Admitted]]:
    """Address to each statement that lets a service in."""
    for address, body in stack.everything():
        resource = address.split(".")[0]
        if resource == "aws_lambda_permission":
            conditions = {"ArnLike": {ARN: body["source_arn"]}} if "source_arn" in body else {}
            yield address, Admitted("function", body["principal"], conditions)
            continue
        for argument, text in body.items():
            for statement in _statements(text):
                principal = statement.get("Principal")
                services = principal.get("Service", []) if isinstance(principal, dict) else []
                for service in listed(services):
                    kind = KINDS.get((resource, argument), f"{resource}.{argument}")
                    plain = service.replace(f".{NAMING.region}.", ".")
                    yield address, Admitted(kind, plain, statement.get("Condition", {}))


def _statements(text: Any) -> list[dict[str, Any]]:
    if not isinstance(text, str) or '"Statement"' not in text:
        return []
    found: list[dict[str, Any]] = json.loads(text)["Statement"]
    return [each for each in found if each.get("Effect") == "Allow"]


def problem(each: Admitted, rows: Mapping[tuple[str, str], Row], account_id: str) -> str | None:
    """What is wrong with a statement; None for nothing."""
    row = rows.get((each.kind, each.service))
    if row is None:
        return f"add {each.service} in a {each.kind} policy to {TABLE.name}, with AWS's page"
    values = {
        key: listed(value)
        for operator, keys in each.conditions.items()
        for key, value in keys.items()
        if operator in ("StringEquals", "StringLike", "ArnLike", "ArnEquals")
    }
    if "account" in row.sends and values.get(ACCOUNT) != [account_id]:
        return f"{each.service} sends {ACCOUNT}: demand {account_id}"
    if "arn" in row.sends and not _ours(values.get(ARN, []), account_id):
        return f"{each.service} sends {ARN}: demand one of this account"
    if row.sends == "context":
        context = [value for key in values if "EncryptionContext" in key for value in values[key]]
        if not _ours(context, account_id):
            return f"demand {each.service}'s encryption context of this account"
    undocumented = {ACCOUNT: "account", ARN: "arn"}
    for key, name in undocumented.items():
        if key in values and name not in row.sends:
            return f"nobody says that {each.service} sends {key}: with it, it is refused"
    return None


def _ours(arns: list[str], account_id: str) -> bool:
    """Whether all are of one account; a bucket's ARN holds none, and begins with our names."""
    return bool(arns) and all(
        f":{account_id}:" in arn or arn.startswith(("${aws_", "arn:aws:s3:::mapvibe-"))
        for arn in arns
    )


STACKS = {**every_stack(), "twins": twins(NAMING, NAMING.within("reports"))}


@pytest.mark.parametrize("name", STACKS)
def test_services_act_for_this_account(name: str) -> None:
    stack, rows = STACKS[name], table()
    (account_id,) = stack.body["provider"]["aws"][0]["allowed_account_ids"]
    found = {
        f"{address}: {wrong}"
        for address, each in admitted(stack)
        if (wrong := problem(each, rows, account_id))
    }
    assert not found, "\n".join(sorted(found))


def test_what_the_test_looks_at_is_there() -> None:
    seen = {(each.kind, each.service) for stack in STACKS.values() for _, each in admitted(stack)}
    assert ("trust", "vpc-flow-logs.amazonaws.com") in seen
    assert {kind for kind, _ in seen} >= {"trust", "key", "bucket", "topic", "function"}


@pytest.mark.parametrize("row", table().items(), ids=lambda row: "-".join(row[0]))
def test_a_row_has_its_source_and_less_than_all_has_a_reason(
    row: tuple[tuple[str, str], Row],
) -> None:
    _, (sends, why, source) = row
    assert sends in ("account+arn", "account", "arn", "context", "nothing")
    assert source.startswith("https://docs.aws.amazon.com/")
    assert bool(why) is (sends != "account+arn")


OURS, STRANGER = "111122223333", "444455556666"
FLOW_LOG = "arn:aws:ec2:ap-southeast-1:111122223333:vpc-flow-log/*"


@pytest.mark.parametrize(
    ("service", "conditions", "says"),
    [
        (
            "vpc-flow-logs",
            {"StringEquals": {ACCOUNT: OURS}, "ArnLike": {ARN: FLOW_LOG}},
            None,
        ),
        ("vpc-flow-logs", {"StringEquals": {ACCOUNT: OURS}}, ARN),
        ("vpc-flow-logs", {"ArnLike": {ARN: FLOW_LOG}}, ACCOUNT),
        (
            "vpc-flow-logs",
            {"StringEquals": {ACCOUNT: STRANGER}, "ArnLike": {ARN: FLOW_LOG}},
            ACCOUNT,
        ),
        (
            "vpc-flow-logs",
            {
                "StringEquals": {ACCOUNT: OURS},
                "ArnLike": {ARN: FLOW_LOG.replace(OURS, "*")},
            },
            ARN,
        ),
        (
            "vpc-flow-logs",
            {"StringNotEquals": {ACCOUNT: OURS}, "ArnLike": {ARN: FLOW_LOG}},
            ACCOUNT,
        ),
        ("lambda", {}, None),
        ("lambda", {"StringEquals": {ACCOUNT: OURS}}, "it is refused"),
        ("firehose", {}, "add firehose.amazonaws.com"),
    ],
)
def test_a_statement_is_judged(
    service: str, conditions: dict[str, dict[str, Any]], says: str | None
) -> None:
    found = problem(Admitted("trust", f"{service}.amazonaws.com", conditions), table(), OURS)
    assert found is None if says is None else found and says in found
