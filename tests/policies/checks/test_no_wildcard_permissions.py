"""Which actions on everything are too much, and which are not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.policies.examples import change, faults, judged, of_plan, plan, stack, unknown

CHECK = "MV_AWS_7"
ADDRESS = "aws_iam_policy.p"


def _policy(**statement: Any) -> str:
    return json.dumps({"Statement": [{"Effect": "Allow", "Resource": "*", **statement}]})


@pytest.mark.parametrize(
    ("action", "fails"),
    [
        ("S3:*", True),
        ("s3:Put*", True),
        ("s3:*Object", True),
        ("ec2:Describe*", False),
        ("ec2:DescribeVpcs", False),
        ("logs:Get*", False),
        ("ssm:Get*", True),
        ("dynamodb:BatchGet*", True),
        ("iam:PassRole", True),
        ("IAM:passrole", True),
        ("s*:List*", True),
        ("kms:Decrypt", True),
        ("ec2:RunInstances", False),
    ],
)
def test_an_action_on_everything(tmp_path: Path, action: str, fails: bool) -> None:
    path = stack(tmp_path, {"aws_iam_policy": {"p": {"policy": _policy(Action=action)}}})
    assert (ADDRESS in faults(judged(path)[CHECK])) is fails


def test_a_policy_that_is_an_object_in_json_is_not_passed_over(tmp_path: Path) -> None:
    """Terraform itself refuses it, but nothing shall pass because it has another form."""
    policy = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    path = stack(tmp_path, {"aws_iam_policy": {"p": {"policy": policy}}})
    assert judged(path)[CHECK][ADDRESS].faults or judged(path)[CHECK][ADDRESS].unknown


def test_the_plan_knows_what_the_json_does_not(tmp_path: Path) -> None:
    path = stack(tmp_path, {"aws_iam_policy": {"p": {"policy": "${local.policy}"}}})
    assert ADDRESS in unknown(judged(path)[CHECK])
    known = plan(tmp_path, change(ADDRESS, {"policy": _policy(Action="*")}))
    assert faults(of_plan(CHECK, path, known)) == {ADDRESS: "allows every action on *"}
    to_come = plan(tmp_path, change(ADDRESS, {}, {"policy": True}))
    assert unknown(of_plan(CHECK, path, to_come)) == {ADDRESS: "its policy is not known yet"}
