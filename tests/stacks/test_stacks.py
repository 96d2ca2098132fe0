"""What holds for every stack: it stands alone, and its name says system and environment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cdktf import App, LocalBackend, TerraformStack
from cdktf_cdktf_provider_aws.kms_alias import KmsAlias
from cdktf_cdktf_provider_aws.kms_key import KmsKey

from backend import aws_provider
from environments.app import pipeline_stacks
from stacks.base import stack_id
from tests.support.stacks import BY_NAME, all_stacks

STACKS = {id_: stack for name in BY_NAME for id_, stack in all_stacks(name).items()}


def reads_another_state(body: Mapping[str, Any]) -> bool:
    """CDKTF adds such a reference silently where one stack uses an attribute of another."""
    return "terraform_remote_state" in json.dumps(body)


@pytest.mark.parametrize("name", STACKS)
def test_no_stack_reads_the_state_of_another(name: str) -> None:
    assert not reads_another_state(dict(STACKS[name].body))


def test_a_stack_that_reads_another_is_seen(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path))
    one, other = TerraformStack(app, "one"), TerraformStack(app, "other")
    for stack in (one, other):
        aws_provider(stack, naming=BY_NAME["dev"].naming, tags={})
        LocalBackend(stack)
    key = KmsKey(one, "key")
    KmsAlias(other, "alias", name="alias/a", target_key_id=key.id)
    app.synth()
    assert reads_another_state(json.loads((tmp_path / "stacks/other/cdk.tf.json").read_text()))


@pytest.mark.parametrize("name", STACKS)
def test_every_stack_has_a_state_of_its_own(name: str) -> None:
    keys = [stack.body["terraform"]["backend"]["s3"]["key"] for stack in STACKS.values()]
    assert (
        STACKS[name].body["terraform"]["backend"]["s3"]["key"]
        == f"mapvibe/{name}/terraform.tfstate"
    )
    assert len(set(keys)) == len(keys)


def test_the_pipeline_is_refused_every_state_that_a_person_applies() -> None:
    for environment in BY_NAME.values():
        stacks = all_stacks(environment.name)
        delivery = stacks[stack_id("delivery", environment.name)]
        guards = delivery.one("aws_iam_policy", "gitlab_guards-policy")["policy"]
        for id_ in stacks.keys() - pipeline_stacks(environment):
            assert f"/mapvibe/{id_}/terraform.tfstate*" in guards


def test_ids_of_stacks() -> None:
    assert stack_id("rag", "dev") == "dev"
    assert stack_id("web", "dev") == "web-dev"
    assert pipeline_stacks(BY_NAME["prod"]) == {"prod": "rag"}
    assert pipeline_stacks(BY_NAME["prod"].model_copy(update={"rag": None})) == {}
