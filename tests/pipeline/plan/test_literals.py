"""A map that Terraform calls unknown still holds what the configuration writes out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline.plan.attributes import view
from pipeline.plan.model import Change
from pipeline.plan.read import read_plan
from tests.pipeline.plans import plan_json, resource_change

FUNCTION = "aws_lambda_function.rag_20E805FF"
HOST = "${aws_db_proxy.database_00000000.endpoint}"


def read(folder: Path, variables: Any, *, unknown: Any = True, address: str = FUNCTION) -> Change:
    created = resource_change(
        address,
        after={"environment": [{}], "memory_size": 512},
        unknown={"environment": [{"variables": unknown}], "arn": True},
    )
    body = plan_json(created)
    body["configuration"]["root_module"] = {
        "resources": [
            {
                "address": FUNCTION,
                "mode": "managed",
                "expressions": {"environment": [{"variables": variables}]},
            }
        ]
    }
    path = folder / "plan.json"
    path.write_text(json.dumps(body))
    return read_plan(path, stack="dev").changes[0]


def test_what_is_written_out_is_known_and_the_rest_is_not(tmp_path: Path) -> None:
    written = {"MODEL_ID": "nova", "HOST": HOST, "TEXT": "%{ if true }a%{ endif }", "PORT": 5432}
    change = read(tmp_path, {"constant_value": written, "references": ["aws_db_proxy.database"]})
    assert change.after == {
        "environment": [{"variables": {"MODEL_ID": "nova", "PORT": 5432}}],
        "memory_size": 512,
    }
    assert change.unknown == {
        "environment": [{"variables": {"HOST": True, "TEXT": True}}],
        "arn": True,
    }


def test_a_secret_among_them_is_masked_like_any_other(tmp_path: Path) -> None:
    change = read(tmp_path, {"constant_value": {"API_TOKEN": "hunter2hunter2", "HOST": HOST}})
    shown = {each.path: each.after for each in view(change).attributes}
    assert shown["environment[0].variables.API_TOKEN"] == "(sensitive)"


def test_every_instance_of_a_resource_gets_them(tmp_path: Path) -> None:
    change = read(tmp_path, {"constant_value": {"A": "b"}}, address=f'{FUNCTION}["one"]')
    assert change.after is not None
    assert change.after["environment"] == [{"variables": {"A": "b"}}]


def test_an_expression_that_is_no_map_stays_unknown(tmp_path: Path) -> None:
    for expression in ({"references": ["local.variables"]}, {"constant_value": HOST}, {}):
        change = read(tmp_path, expression)
        assert change.unknown == {"environment": [{"variables": True}], "arn": True}


def test_what_terraform_knows_is_not_touched(tmp_path: Path) -> None:
    change = read(tmp_path, {"constant_value": {"A": "b"}}, unknown={"C": True})
    assert change.after == {"environment": [{}], "memory_size": 512}
    assert change.unknown == {"environment": [{"variables": {"C": True}}], "arn": True}
