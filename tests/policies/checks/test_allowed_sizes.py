"""Sizes that only the plan knows, and environments that allow none."""

from __future__ import annotations

import json
from pathlib import Path

from tests.policies.examples import change, faults, judged, of_plan, plan, stack, unknown

CHECK = "MV_AWS_3"
ADDRESS = "aws_db_instance.d"


def test_the_plan_decides_what_an_expression_left_open(tmp_path: Path) -> None:
    path = stack(tmp_path, {"aws_db_instance": {"d": {"instance_class": "${var.size}"}}})
    for size, text in (("db.t4g.micro", ""), ("db.x2g.16xlarge", "db.x2g.16xlarge is no instance")):
        made = plan(tmp_path, change(ADDRESS, {"instance_class": size}))
        assert text in faults(of_plan(CHECK, path, made)).get(ADDRESS, "")
    made = plan(tmp_path, change(ADDRESS, {}, {"instance_class": True}))
    assert unknown(of_plan(CHECK, path, made)) == {ADDRESS: "its instance_class is not known yet"}


def test_an_environment_that_names_none_allows_none(tmp_path: Path) -> None:
    path = stack(tmp_path, {"aws_instance": {"i": {"instance_type": "t3.micro"}}})
    body = json.loads(path.read_text())
    del body["//"]["limits"]["instance_types"]
    path.write_text(json.dumps(body))
    found = faults(judged(path)[CHECK])
    assert "which allows none of its kind" in found["aws_instance.i"]
