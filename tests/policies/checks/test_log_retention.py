"""In a plan a group's retention is a number, 0 where nobody wrote one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.policies.examples import change, faults, of_plan, plan, stack

CHECK = "MV_AWS_6"
GROUP = "aws_cloudwatch_log_group.g"


@pytest.mark.parametrize(("days", "fails"), [(0, True), (None, True), (1, False), (3653, False)])
def test_a_plans_retention(tmp_path: Path, days: int | None, fails: bool) -> None:
    path = stack(tmp_path, {"aws_cloudwatch_log_group": {"g": {"name": "g"}}})
    made = plan(tmp_path, change(GROUP, {"name": "g", "retention_in_days": days}))
    assert (GROUP in faults(of_plan(CHECK, path, made))) is fails
