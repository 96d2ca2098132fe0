"""Which of Checkov's own checks see a policy that is JSON as text, as our modules write them.

Those that do not see it are why some of our own checks are there. Once Checkov sees more, this fails,
and a check of ours may go.
"""

from __future__ import annotations

import json
from pathlib import Path

from policies.checkov import run_on_synthesised
from policies.read import read_stack
from tests.policies.examples import faults, judged, stack

EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
EXPOSING = {
    "Effect": "Allow",
    "Action": ["iam:PassRole", "iam:CreatePolicyVersion", "s3:GetObject", "sts:AssumeRole"],
    "Resource": "*",
}
ANYBODY = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}

SEEN = {
    "aws_iam_policy.everything": {"CKV_AWS_62", "CKV_AWS_63", "CKV2_AWS_40"},
    "aws_iam_policy.exposing": set(),  # CKV_AWS_286 to 290 and 355
    "aws_s3_bucket_policy.anybody": {"CKV_AWS_70"},
    "aws_sqs_queue_policy.anybody": set(),  # CKV_AWS_387
    "aws_sqs_queue.anybody": set(),  # CKV_AWS_72 and 387
    "aws_sns_topic_policy.anybody": set(),  # CKV_AWS_169
    "aws_kms_key.anybody": set(),  # CKV_AWS_33
    "aws_secretsmanager_secret_policy.anybody": set(),
    "aws_ecr_repository_policy.anybody": set(),  # CKV_AWS_32
}
"""Address to those of Checkov's checks that find what its policy says; behind it those that ask for it
and pass, or say nothing."""

OURS = {"MV_AWS_4", "MV_AWS_7"}
OF_POLICIES = {
    *("CKV_AWS_32", "CKV_AWS_33", "CKV_AWS_62", "CKV_AWS_63", "CKV_AWS_70", "CKV_AWS_72"),
    *("CKV_AWS_169", "CKV_AWS_387", "CKV_AWS_355", "CKV2_AWS_40"),
    *(f"CKV_AWS_{number}" for number in range(286, 291)),
}


def _text(statement: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_what_checkov_does_not_see_our_checks_do(tmp_path: Path) -> None:
    resources: dict[str, dict[str, object]] = {
        "aws_iam_policy": {
            "everything": {"policy": _text(EVERYTHING)},
            "exposing": {"policy": _text(EXPOSING)},
        }
    }
    for address in SEEN:
        kind, name = address.split(".")
        resources.setdefault(kind, {}).setdefault(name, {"policy": _text(ANYBODY)})
    found: dict[str, set[str]] = {}
    for address in SEEN:
        kind, name = address.split(".")
        path = stack(tmp_path, {kind: {name: resources[kind][name]}}, name=name + kind)
        answers = run_on_synthesised(path, read_stack(path))
        found[address] = {each.check_id for each in answers.failed} & OF_POLICIES
        ours = {check for check, outcomes in judged(path).items() if address in faults(outcomes)}
        assert ours & OURS, address
    assert found == SEEN
