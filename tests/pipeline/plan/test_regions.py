"""The region of each resource's provider, from the configuration."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from pipeline.plan.document import Configuration, Given
from pipeline.plan.regions import Regions
from pipeline.plan.variables import Variables


def written(region: str) -> dict[str, Any]:
    return {"expressions": {"region": {"constant_value": region}}}


def refers(*references: str) -> dict[str, Any]:
    return {"expressions": {"region": {"references": list(references)}}}


def resource(name: str, key: str) -> dict[str, Any]:
    return {"address": f"aws_x.{name}", "mode": "managed", "provider_config_key": key}


def regions(providers: dict[str, Any], root: dict[str, Any], **variables: str) -> Regions:
    configuration = msgspec.convert(
        {"provider_config": providers, "root_module": root}, Configuration
    )
    given = {
        name: Given(value=msgspec.Raw(msgspec.json.encode(value)))
        for name, value in variables.items()
    }
    return Regions(configuration, Variables(configuration.root_module, given))


HOME = {"aws": written("us-east-1")}


@pytest.mark.parametrize(
    ("alias", "expected"),
    [
        pytest.param(written("eu-west-1"), "eu-west-1", id="written"),
        pytest.param(refers("var.given"), "eu-west-2", id="variable"),
        pytest.param(refers("var.usual"), "eu-west-3", id="variable's default"),
        pytest.param(refers("local.region"), "", id="local"),
        pytest.param(refers("data.aws_region.now.name", "data.aws_region.now"), "", id="data"),
        pytest.param(refers("var.secret"), "", id="marked variable"),
        pytest.param({"expressions": {}}, "us-east-1", id="none"),
    ],
)
def test_an_aliased_provider_has_its_own_region(alias: dict[str, Any], expected: str) -> None:
    root = {
        "resources": [resource("home", "aws"), resource("away", "aws.west")],
        "variables": {
            "given": {"default": "us-west-1"},
            "usual": {"default": "eu-west-3"},
            "secret": {"default": "eu-west-1", "sensitive": True},
        },
    }
    found = regions({**HOME, "aws.west": alias}, root, given="eu-west-2")
    assert (found.of("aws_x.home"), found.of("aws_x.away")) == ("us-east-1", expected)


def test_a_default_provider_without_a_region_leaves_it_open() -> None:
    root = {"resources": [resource("home", "aws"), resource("away", "aws.west")]}
    found = regions({"aws": refers("local.region"), "aws.west": written("eu-west-1")}, root)
    assert found.default is None
    assert (found.of("aws_x.home"), found.of("aws_x.away")) == (None, "eu-west-1")


@pytest.mark.parametrize(
    ("inner", "passed", "expected"),
    [
        pytest.param(written("eu-west-1"), {}, "eu-west-1", id="written"),
        pytest.param(
            refers("var.region"), {"region": {"constant_value": "eu-west-2"}}, "eu-west-2",
            id="passed",
        ),
        pytest.param(
            refers("var.region"), {"region": {"references": ["var.region"]}}, "us-west-2",
            id="passed on",
        ),
        pytest.param(refers("var.region"), {}, "eu-west-3", id="the module's default"),
        pytest.param(
            refers("var.region"), {"region": {"references": ["local.x"]}}, "", id="not told"
        ),
    ],
)  # fmt: skip
def test_a_provider_of_a_module_has_the_modules_variables(
    inner: dict[str, Any], passed: dict[str, Any], expected: str
) -> None:
    module = {
        "resources": [resource("inside", "module.a:aws")],
        "variables": {"region": {"default": "eu-west-3"}},
    }
    root = {
        "variables": {"region": {"default": "us-west-1"}},
        "module_calls": {"a": {"expressions": passed, "module": module}},
    }
    found = regions({**HOME, "module.a:aws": inner}, root, region="us-west-2")
    assert found.of("module.a.aws_x.inside") == expected
    assert found.default == "us-east-1"


def test_a_module_two_levels_down_is_followed_to_the_root() -> None:
    inner = {
        "resources": [resource("x", "module.a.module.b:aws.west")],
        "variables": {"place": {}},
    }
    middle = {
        "variables": {"region": {}},
        "module_calls": {
            "b": {"expressions": {"place": {"references": ["var.region"]}}, "module": inner}
        },
    }
    root = {
        "module_calls": {
            "a": {"expressions": {"region": {"constant_value": "eu-west-1"}}, "module": middle}
        }
    }
    providers = {**HOME, "module.a.module.b:aws.west": refers("var.place")}
    assert regions(providers, root).of("module.a.module.b.aws_x.x") == "eu-west-1"


def test_a_module_that_gets_its_callers_provider_has_that_ones_region() -> None:
    root = {"module_calls": {"a": {"module": {"resources": [resource("x", "aws.west")]}}}}
    found = regions({**HOME, "aws.west": written("eu-west-1")}, root)
    assert found.of("module.a.aws_x.x") == "eu-west-1"
