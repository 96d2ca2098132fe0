"""All checks on every stack: no failure, every skip reasoned, none left over, nothing left open."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from policies import check_stack
from policies.__main__ import main
from tests.support.stacks import (
    Stack,
    all_stacks,
    backend_stack,
    governance_stack,
    rag_stack,
)

SKIPS = {
    "account-dev": 10,
    "account-prod": 10,
    "backend-dev": 6,
    "backend-prod": 6,
    "delivery-dev": 0,
    "delivery-prod": 0,
    "governance-dev": 5,
    "governance-prod": 4,
    "dev": 37,
    "prod": 35,
}
"""Counted, so that a new skip is a decision that somebody sees."""


def written(stack: Stack, folder: Path, name: str) -> Path:
    path = folder / "stacks" / name / "cdk.tf.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(stack.body))
    return path


@pytest.mark.parametrize("name", SKIPS)
def test_a_stack_has_no_failure_and_no_stale_skip(name: str, tmp_path: Path) -> None:
    stack = all_stacks(name.rpartition("-")[2])[name]
    verdict = check_stack(written(stack, tmp_path, name))
    assert verdict.failed == ()
    assert verdict.stale == ()
    assert verdict.undecided == ()
    assert verdict.passed > (0 if name.startswith("governance") else 40)
    assert len(verdict.skipped) == SKIPS[name]


def test_the_other_choices_hold_as_well(tmp_path: Path) -> None:
    """What the two environments do not use: flow logs to S3, NAT, no proxy, Grafana."""
    stack = rag_stack(
        "dev",
        rag__network__flow_logs__cloudwatch_days=None,
        rag__network__nat="single",
        rag__network__interface_endpoints=(),
        rag__network__interface_endpoint_zones=(),
        rag__database__proxy=None,
        rag__grafana={},
    )
    verdict = check_stack(written(stack, tmp_path, "dev"))
    assert (verdict.failed, verdict.stale) == ((), ())


def test_guard_rails_that_act_hold_as_well(tmp_path: Path) -> None:
    """What no environment uses: a budget's action, activated tags."""
    stack = governance_stack(
        "dev", governance__budgets__action={}, governance__cost_allocation_tags=True
    )
    verdict = check_stack(written(stack, tmp_path, "governance-dev"))
    assert (verdict.failed, verdict.stale) == ((), ())


def broken(change: Any) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(json.dumps(dict(backend_stack("dev").body)))
    change(body["resource"])
    return body


def test_a_weakened_stack_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def unencrypted(resources: dict[str, Any]) -> None:
        resources["aws_dynamodb_table"]["lock-table"]["point_in_time_recovery"]["enabled"] = False

    written(Stack(broken(unencrypted)), tmp_path, "backend-dev")
    assert main(["--out", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "FAILED  medium CKV_AWS_28 lock-table" in said
    assert "FAILED  high MV_AWS_10 lock-table: point_in_time_recovery is not on" in said
    assert "          MV_AWS_10: Databases: " in said


def test_a_skip_that_is_no_longer_needed_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def skip_for_nothing(resources: dict[str, Any]) -> None:
        table = resources["aws_dynamodb_table"]["lock-table"]
        table["//"]["checkov_skip"] = {"CKV_AWS_28": "a reason that used to be true"}

    written(Stack(broken(skip_for_nothing)), tmp_path, "backend-dev")
    assert main(["--out", str(tmp_path)]) == 1
    assert "STALE   CKV_AWS_28 lock-table" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [([], "no synthesised stacks; run 'cdktf synth' first"), (["nosuch"], "nosuch: no such stack")],
)
def test_errors_are_one_line(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if arguments:
        written(backend_stack("dev"), tmp_path, "backend-dev")
    assert main([*arguments, "--out", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_json_that_checkov_cannot_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "stacks" / "dev" / "cdk.tf.json"
    path.parent.mkdir(parents=True)
    path.write_text("{")
    assert main(["--out", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
