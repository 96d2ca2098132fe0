"""Runs Checkov in this process: to start it anew for each stack took six seconds each time."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

# Checkov would ask its maker's service for severities and a newer version.
os.environ.setdefault("BC_SKIP_MAPPING", "TRUE")

from checkov.common.output.record import Record
from checkov.runner_filter import RunnerFilter
from checkov.terraform.plan_runner import Runner as PlanRunner
from checkov.terraform_json.runner import TerraformJsonRunner

from policies.check import Outcome, judging
from policies.checks import checks
from policies.errors import PolicyError
from policies.stack import Stack


class Answers(NamedTuple):
    """What Checkov says of one file.

    Attributes:
        passed: number of checks that passed.
        failed: failures of Checkov's own checks.
        outcomes: what our checks say.
    """

    passed: int
    failed: list[Record]
    outcomes: list[Outcome]


def run_on_synthesised(path: Path, stack: Stack, *, ours_only: bool = False) -> Answers:
    """Checkov's checks and ours on ``cdk.tf.json``.

    Args:
        path: the file.
        stack: what it says.
        ours_only: leave Checkov's own checks out.

    Raises:
        PolicyError: Checkov failed, or could not parse the file.
    """
    return _run(TerraformJsonRunner(), path, stack, _filter("terraform_json", ours_only=ours_only))


def run_on_plan(path: Path, stack: Stack) -> Answers:
    """Our checks on what ``terraform show -json`` wrote; Checkov's own have seen the JSON.

    Args:
        path: the file.
        stack: what it says.

    Raises:
        PolicyError: Checkov failed, or could not parse the file.
    """
    return _run(PlanRunner(), path, stack, _filter("terraform_plan", ours_only=True))


def _filter(framework: str, *, ours_only: bool) -> RunnerFilter:
    return RunnerFilter(
        framework=[framework],
        checks=[check.id for check in checks()] if ours_only else None,
        show_progress_bar=False,
    )


def _run(
    runner: TerraformJsonRunner | PlanRunner, path: Path, stack: Stack, chosen: RunnerFilter
) -> Answers:
    known = {check.id for check in checks()}
    with judging(stack) as outcomes:
        try:
            # Each file for itself: stacks have resources of the same names, and a reference would
            # lead from one stack into another.
            reports = runner.run(files=[str(path.resolve())], runner_filter=chosen)
        except Exception as error:
            raise PolicyError(f"{path}: Checkov failed: {type(error).__name__}: {error}") from error
    # Checkov gives several reports only where it looks for images of containers.
    [report] = reports if isinstance(reports, list) else [reports]
    if report.parsing_errors:
        raise PolicyError(f"{path}: Checkov could not parse it; run 'cdktf synth' again")
    return Answers(
        passed=len(report.passed_checks),
        failed=[each for each in report.failed_checks if each.check_id not in known],
        outcomes=outcomes,
    )
