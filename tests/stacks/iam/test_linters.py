"""No finding of a linter is unexplained, and no explanation outlives its finding."""

from __future__ import annotations

import csv
import functools
import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.choices import every_stack
from tests.support.iam.documents import PLACES, Policy, policies
from tests.support.iam.linters import Finding, findings
from tests.support.iam.patterns import matches

EXPLAINED = Path(__file__).with_name("explained.csv")
"""Patterns of findings, each with the reason why it stays."""


@functools.cache
def explanations() -> list[tuple[Finding, str]]:
    with EXPLAINED.open() as file:
        rows = list(csv.DictReader(file))
    return [(Finding(*list(row.values())[:4]), row["reason"]) for row in rows]


@functools.cache
def found() -> frozenset[Finding]:
    return frozenset(each for policy in policies(every_stack()) for each in findings(policy))


def explains(pattern: Finding, finding: Finding) -> bool:
    return (pattern.tool, pattern.issue) == (finding.tool, finding.issue) and all(
        matches(wanted, given)
        for wanted, given in ((pattern.policy, finding.policy), (pattern.detail, finding.detail))
    )


def test_every_finding_is_explained() -> None:
    """Mend the policy; or add a line with the reason to explained.csv."""
    patterns = [pattern for pattern, _ in explanations()]
    unexplained = [each for each in found() if not any(explains(p, each) for p in patterns)]
    assert sorted(unexplained) == []


def test_every_explanation_has_its_finding_and_a_reason() -> None:
    idle = [p for p, _ in explanations() if not any(explains(p, each) for each in found())]
    assert idle == []
    assert all(len(reason) > 20 for _, reason in explanations())


def test_explanations_are_sorted() -> None:
    patterns = [pattern for pattern, _ in explanations()]
    assert patterns == sorted(patterns)


def planted(place: tuple[str, str], *statements: dict[str, Any]) -> set[tuple[str, str]]:
    policy = Policy(
        stack="s", address=f"{place[0]}.x", place=PLACES[place], statements=json.loads(json.dumps(statements))
    )  # fmt: skip
    return {(each.issue, each.detail) for each in findings(policy)}


ROLE = ("aws_iam_role_policy", "policy")


@pytest.mark.parametrize(
    ("action", "resource", "said"),
    [
        ("s3:GetObject", "*", ("data exfiltration", "s3:GetObject")),
        ("ec2:RunInstance", "*", ("UNKNOWN_ACTION", "Unknown action ec2:RunInstance")),
        ("iam:CreateAccessKey", "*", ("privilege escalation", "CreateAccessKey")),
        ("s3:*", "arn:aws:s3:::b", ("service wildcard", "s3")),
        ("s3:PutBucketPolicy", "*", ("permissions of others", "s3:PutBucketPolicy")),
        ("ec2:CreateTags", "*", ("tagging without limits", "ec2:CreateTags")),
        ("sqs:DeleteQueue", "*", ("writing without limits", "sqs:DeleteQueue")),
        ("s3:GetObject", "arn:aws:s3:::b", ("RESOURCE_MISMATCH", "s3:GetObject")),
    ],
)
def test_what_is_planted_is_found(action: str, resource: str, said: tuple[str, str]) -> None:
    assert said in planted(ROLE, {"Effect": "Allow", "Action": action, "Resource": resource})


def test_a_bucket_open_to_all_is_found() -> None:
    opened = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::mapvibe-dev-documents/*",
    }
    said = ("open to the internet", "s3:GetObject")
    assert said in planted(("aws_s3_bucket_policy", "policy"), opened)


def test_a_trust_policy_is_linted_like_the_others() -> None:
    trust = {"Effect": "Allow", "Principal": {"AWS": "x"}, "Action": "sts:Assume"}
    said = planted(("aws_iam_role", "assume_role_policy"), trust)
    assert ("UNKNOWN_ACTION", "Unknown action sts:Assume") in said
