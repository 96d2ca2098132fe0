"""The delivery stack of an environment with two stacks that the pipeline applies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cdktf import App

from environments.dev import DEV
from stacks.base import applied_stack
from stacks.delivery.stack import DeliveryStack
from stacks.rag import stack as rag
from tests.support.stacks import Stack


@pytest.fixture
def delivery(tmp_path: Path) -> Stack:
    assert DEV.delivery is not None
    assert DEV.rag is not None
    app = App(outdir=str(tmp_path))
    DeliveryStack(
        app,
        DEV,
        DEV.delivery,
        stacks=[
            rag.applied(DEV, DEV.rag),
            applied_stack("web", DEV, services=("functions", "logs")),
        ],
        audiences=["a"],
    )
    app.synth()
    return Stack(json.loads((tmp_path / "stacks/delivery-dev/cdk.tf.json").read_text()))


def test_gitlab_is_told_the_role_and_audience_of_each_stack(delivery: Stack) -> None:
    outputs = delivery.body["output"]
    assert outputs["apply_audience"]["value"] == "mapvibe-dev-pipeline-apply"
    assert outputs["apply_audience_web"]["value"] == "mapvibe-dev-pipeline-apply-web"
    assert "gitlab_apply_" in outputs["apply_role_arn"]["value"]
    assert "gitlab_apply-web_" in outputs["apply_role_arn_web"]["value"]
    assert outputs["apply_role_arn_web"]["description"] == "Role of the apply job of web-dev"


def test_each_role_writes_the_state_of_its_stack(delivery: Stack) -> None:
    for suffix, stack_id in (("", "dev"), ("-web", "web-dev")):
        policy = delivery.one("aws_iam_policy", f"gitlab_data{suffix}-policy")["policy"]
        assert f"/mapvibe/{stack_id}/terraform.tfstate" in policy


def test_states_that_a_person_applies_are_refused_to_both(delivery: Stack) -> None:
    for suffix in ("", "-web"):
        policy = delivery.one("aws_iam_policy", f"gitlab_guards{suffix}-policy")["policy"]
        for stack_id in ("backend-dev", "delivery-dev", "governance-dev"):
            assert f"/mapvibe/{stack_id}/terraform.tfstate*" in policy
