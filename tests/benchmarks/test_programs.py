"""What the benchmarks start follows the project: a benchmark that can't start measures nothing."""

from __future__ import annotations

from pathlib import Path

from benchmarks import report_plan
from benchmarks.synth import synthesise


def test_the_stacks_of_the_benchmarks_are_synthesised(tmp_path: Path) -> None:
    assert synthesise(tmp_path) > 0
    stack = tmp_path / "stacks" / "dev" / "cdk.tf.json"
    assert stack.is_file()
    report_plan.write(stack, tmp_path / "plan.json", resources=50)
    assert (tmp_path / "plan.json").stat().st_size > 10_000
