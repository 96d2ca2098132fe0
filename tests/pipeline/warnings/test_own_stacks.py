"""The stacks of this project, as plans: what is told of them is true, and nothing else is told."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from pipeline.report.model import Topic
from pipeline.warnings import find_warnings
from tests.pipeline.plans import change, plan
from tests.support.stacks import Stack, all_stacks

_TEMPLATE = re.compile(r"\$\{[^}]*\}")
_REFERENCE = re.compile(r"aws_\w+\.[\w-]+")
_META = frozenset(("depends_on", "lifecycle", "provider", "provisioner", "connection"))
_MAPS = frozenset(("tags", "variables", "triggers", "request_parameters"))
_PATTERNS = (
    ("anybody may call the route", "route without sign-in"),
    ("its subnets become public", "public subnet"),
    ("may now", "broad permission of the delivery"),
    ("may give itself more permissions: iam:UpdateAssumeRolePolicy", "trust written by delivery"),
    ("opens ports 1024-65535 to anywhere", "answers through an ACL"),
    ("opens ICMP type 3 code 4 to anywhere", "too large packets through an ACL"),
    ("its policy lets events.amazonaws.com, for any account, sns:Publish", "EventBridge publishes"),
    ("iam:*AccessKey*", "people's own access keys"),
    ("lambda:UpdateFunctionCode", "people's own functions"),
    ("known only after the apply", "policies to come"),
)


def told(stack: Stack, *, new: bool) -> Counter[str]:
    """What is told of a stack that is created, by kind.

    Args:
        stack: its synthesised body.
        new: expressions are known only after the apply; otherwise they have made-up values.
    """
    changes, references = [], {}
    for address, body in stack.everything():
        written = {name: value for name, value in body.items() if name not in _META}
        values, unknown = _planned(written, new=new)
        made = change(address, after=values, unknown=unknown)
        changes.append(replace(made, written=dict.fromkeys(written, True)))
        references[address] = {
            name: tuple(_REFERENCE.findall(json.dumps(value))) for name, value in written.items()
        }
    accounts = stack.body["provider"]["aws"][0].get("allowed_account_ids", ())
    whole = replace(plan(*changes, references=references), accounts=frozenset(accounts))
    return Counter(_kind(each.text) for each in find_warnings(whole) if each.topic in _OF_INTEREST)


_OF_INTEREST = (Topic.PUBLIC, Topic.IAM, Topic.PROTECTION)


def _kind(text: str) -> str:
    return next((kind for part, kind in _PATTERNS if part in text), text)


def _planned(value: Any, *, new: bool, name: str = "") -> tuple[Any, Any]:
    """A value as a plan holds it, and what of it is unknown."""
    if isinstance(value, dict):
        both = {key: _planned(item, new=new, name=key) for key, item in value.items()}
        known = {key: item for key, (item, unknown) in both.items() if unknown is not True}
        unknown = {key: mark for key, (_, mark) in both.items() if mark}
        return ([known], [unknown]) if name and name not in _MAPS else (known, unknown)
    if isinstance(value, list):
        items = [_planned(item, new=new) for item in value]
        return [item for item, mark in items if mark is not True], [mark for _, mark in items]
    if isinstance(value, str) and "${" in value:
        return (None, True) if new else (_TEMPLATE.sub("made-up", value), {})
    return value, {}


RAG = {
    "route without sign-in": 8,
    "answers through an ACL": 2,
    "too large packets through an ACL": 2,
    "EventBridge publishes": 2,
}
DELIVERY = {"broad permission of the delivery": 5, "trust written by delivery": 1}
PEOPLE = {
    "broad permission of the delivery": 4,
    "people's own access keys": 1,
    "people's own functions": 1,
}
"""The boundary and the groups; where one's own name is known, each group's keys as well."""
PEOPLE_WHO_TRY = {"broad permission of the delivery": 5, "people's own functions": 2}
KNOWN_NAMES = {"people's own access keys": 4}
TO_COME = {"policies to come": 1}
EXPECTED: dict[str, tuple[dict[str, int], dict[str, int]]] = {
    "dev": (RAG, RAG | {"public subnet": 2, "policies to come": 1}),
    "prod": (RAG, RAG | {"public subnet": 3, "policies to come": 1}),
    "account-dev": ({}, {"policies to come": 1}),
    "account-prod": ({}, {"policies to come": 1}),
    "backend-dev": ({}, {"policies to come": 1}),
    "backend-prod": ({}, {"policies to come": 1}),
    "delivery-dev": (DELIVERY, DELIVERY),
    "delivery-prod": (DELIVERY, DELIVERY),
    "governance-dev": (PEOPLE | PEOPLE_WHO_TRY | KNOWN_NAMES, PEOPLE | PEOPLE_WHO_TRY | TO_COME),
    "governance-prod": (PEOPLE | KNOWN_NAMES, PEOPLE | TO_COME),
}
"""Stack to the kinds that are told where every value is known, and where expressions are not."""


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_told_of_our_own_stacks_is_true(name: str) -> None:
    stack = {**all_stacks("dev"), **all_stacks("prod")}[name]
    known, to_come = EXPECTED[name]
    assert told(stack, new=False) == known
    assert told(stack, new=True) == to_come


def test_every_stack_is_looked_at() -> None:
    assert EXPECTED.keys() == {*all_stacks("dev"), *all_stacks("prod")}
