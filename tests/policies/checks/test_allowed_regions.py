"""A plan says where its providers are in its configuration."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.policies.examples import change, faults, judged, of_plan, plan, stack

CHECK = "MV_AWS_2"


def _providers(**aws: Any) -> dict[str, Any]:
    expressions = {"allowed_account_ids": {"constant_value": ["111122223333"]}, **aws}
    return {
        "configuration": {
            "provider_config": {"aws": {"name": "aws", "expressions": expressions}},
            "root_module": {"resources": []},
        }
    }


@pytest.mark.parametrize(
    ("region", "text"), [("ap-southeast-1", ""), ("eu-west-1", "is for eu-west-1, not for")]
)
def test_the_providers_region_in_a_plan(tmp_path: Path, region: str, text: str) -> None:
    path = stack(tmp_path, {"aws_sns_topic": {"t": {"name": "t"}}})
    made = plan(
        tmp_path,
        change("aws_sns_topic.t", {"name": "t"}),
        **_providers(region={"constant_value": region}),
    )
    found = faults(of_plan(CHECK, path, made))
    assert text in found.pop("aws.aws", "")
    assert found == {}


def test_an_arn_that_only_the_plan_knows(tmp_path: Path) -> None:
    address = "aws_sns_topic.t"
    path = stack(tmp_path, {"aws_sns_topic": {"t": {"kms_master_key_id": "${var.key}"}}})
    key = "arn:aws:kms:us-west-2:111122223333:key/1"
    made = plan(tmp_path, change(address, {"kms_master_key_id": key}))
    assert faults(of_plan(CHECK, path, made)) == {address: "names us-west-2 in kms_master_key_id"}


def test_a_stack_that_says_no_limits_fails_and_does_not_pass(tmp_path: Path) -> None:
    path = stack(tmp_path, {"aws_sns_topic": {"t": {"name": "t"}}}, limits={})
    found = faults(judged(path)[CHECK])
    assert "does not say in which region" in found["aws.aws"]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("aws_cloudwatch_event_rule", None),
        ("aws_guardduty_detector", None),
        ("aws_sns_topic", "is for eu-north-1, not for ap-southeast-1 or us-east-1"),
    ],
)
def test_another_region_may_be_watched_and_nothing_else(
    tmp_path: Path, kind: str, said: str | None
) -> None:
    path = stack(tmp_path, {kind: {"t": {"provider": "aws.eu-north-1"}}})
    body = json.loads(path.read_text())
    here = body["provider"]["aws"][0]
    body["provider"]["aws"].append({**here, "region": "eu-north-1", "alias": "eu-north-1"})
    path.write_text(json.dumps(body))
    assert list(faults(judged(path)[CHECK]).values()) == ([said] if said else [])
