"""The list of environments and stacks that ``cdktf synth`` writes: read whole, or refused in one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.environments import Environment, chosen, named, read_environments, stack_name
from pipeline.errors import PipelineError, Status
from tests.pipeline.environments import environments_json

SEVERAL = environments_json(
    ("staging", "prod"), dev=["dev", "web-dev"], staging=["web-staging"], prod=["prod"]
)


def read(folder: Path, content: object = SEVERAL) -> tuple[Environment, ...]:
    path = folder / "environments.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return read_environments(path)


def refusal(folder: Path, content: object) -> PipelineError:
    with pytest.raises(PipelineError) as caught:
        read(folder, content)
    assert "\n" not in str(caught.value)
    return caught.value


def test_environments_and_stacks_keep_their_order(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert [(each.name, each.guarded) for each in found] == [
        ("dev", False),
        ("staging", True),
        ("prod", True),
    ]
    assert [stack.id for stack in found[0].stacks] == ["dev", "web-dev"]
    assert [found[0].stack_name(stack) for stack in found[0].stacks] == ["dev", "dev/web-dev"]


def test_what_the_synthesis_writes_besides_is_left_to_others(tmp_path: Path) -> None:
    more = {"environments": [{**SEVERAL["environments"][2], "region": "x"}], "version": 1}
    assert [each.name for each in read(tmp_path, more)] == ["prod"]


def test_a_stack_has_variables_of_its_own_where_there_are_several(tmp_path: Path) -> None:
    dev, staging, _ = read(tmp_path)
    names = [dev.variable("AWS_ROLE_ARN", stack) for stack in dev.stacks]
    assert names == ["AWS_ROLE_ARN", "AWS_ROLE_ARN_WEB"]
    assert staging.variable("AWS_ROLE_ARN", staging.stacks[0]) == "AWS_ROLE_ARN"


def test_an_environment_without_roles_or_stacks_has_no_jobs(tmp_path: Path) -> None:
    content = environments_json(dev=["dev"], idle=[], manual=["manual"])
    content["environments"][2] |= {"plan_audience": None, "deployment_tier": None}
    content["environments"][2]["stacks"][0]["apply_audience"] = None
    found = read(tmp_path, content)
    assert [each.name for each in found if each.has_jobs] == ["dev"]
    assert named(found, "manual").stacks
    with pytest.raises(PipelineError, match=r"there are: dev, manual$"):
        named(found, "idle")


def test_all_stacks_or_one_are_chosen(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert [stack.id for stack in chosen(found, "dev")[1]] == ["dev", "web-dev"]
    assert [stack.id for stack in chosen(found, "dev/web-dev")[1]] == ["web-dev"]
    assert [stack.id for stack in chosen(found, "dev/dev")[1]] == ["dev"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("test", "no environment 'test' with a stack; there are: dev, staging, prod"),
        ("web-dev", "no environment 'web-dev' with a stack; there are: dev, staging, prod"),
        ("dev/prod", "dev has no stack 'prod'; there are: dev, web-dev"),
        ("dev/", "dev has no stack ''; there are: dev, web-dev"),
    ],
)
def test_what_there_is_not_is_one_line_that_says_what_there_is(
    text: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(PipelineError) as caught:
        chosen(read(tmp_path), text)
    assert str(caught.value) == message
    assert caught.value.status is Status.USAGE


def test_before_a_synthesis_the_remedy_is_named(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="run 'cdktf synth' first") as caught:
        read_environments(tmp_path / "environments.json")
    assert caught.value.status is Status.USAGE


def changed(**fields: Any) -> dict[str, Any]:
    """One environment with other fields."""
    (environment,) = environments_json(dev=["dev"])["environments"]
    return {"environments": [{**environment, **fields}]}


STACK = environments_json(dev=["dev"])["environments"][0]["stacks"][0]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "it is empty"),
        ("{", "truncated"),
        ({}, "missing required field `environments`"),
        ([], "Expected `object`"),
        (changed(name="Dev"), "matching regex"),
        (changed(name="dev/x"), "matching regex"),
        (changed(guarded="no"), "Expected `bool`, got `str` - at `$.environments[0].guarded`"),
        (changed(deployment_tier="live"), "Invalid enum value 'live'"),
        (changed(plan_audience="a b"), "matching regex"),
        (changed(stacks=[{**STACK, "id": "../x"}]), "at `$.environments[0].stacks[0].id`"),
        (changed(stacks=[STACK, STACK]), "stack 'dev' is there twice"),
        (
            changed(stacks=[{**STACK, "id": "a"}, {**STACK, "id": "b"}]),
            "variable of dev 'AWS_ROLE_ARN_RAG' is there twice",
        ),
        (
            {"environments": environments_json(dev=["dev"])["environments"] * 2},
            "environment 'dev' is there twice",
        ),
        (
            {"environments": environments_json(dev=["x"], prod=["x"])["environments"]},
            "stack 'x' is there twice",
        ),
    ],
)
def test_a_wrong_file_is_refused_in_one_line(content: object, reason: str, tmp_path: Path) -> None:
    error = refusal(tmp_path, content)
    assert str(error).startswith(f"{tmp_path}/environments.json: not as 'cdktf synth' writes it: ")
    assert reason in str(error)
    assert error.status is Status.BAD_SETTINGS


def test_a_stack_called_as_its_environment_needs_no_second_name() -> None:
    assert stack_name("dev", "dev") == "dev"
    assert stack_name("dev", "web-dev") == "dev/web-dev"
