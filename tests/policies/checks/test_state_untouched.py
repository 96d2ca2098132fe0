"""The stack that makes the state may; a denial counts where the same role has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.policies.examples import faults, judged, stack

CHECK = "MV_AWS_12"
BUCKET = {"aws_s3_bucket": {"b": {"bucket": "example-dev-state-111122223333"}}}


@pytest.mark.parametrize(
    ("name", "fails"), [("dev", True), ("web-dev", True), ("backend-dev", False)]
)
def test_only_the_stack_of_the_state_manages_it(tmp_path: Path, name: str, fails: bool) -> None:
    found = judged(stack(tmp_path, BUCKET, name=name)).get(CHECK, {})
    assert bool(faults(found)) is fails


def test_without_a_remote_state_there_is_nothing_to_guard(tmp_path: Path) -> None:
    assert CHECK not in judged(stack(tmp_path, BUCKET, terraform={}))
