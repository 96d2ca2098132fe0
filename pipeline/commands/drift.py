"""``drift``: is what exists still what was applied?"""

from __future__ import annotations

import argparse

from pipeline.commands.job import say, show
from pipeline.commands.plan import plan_and_report
from pipeline.errors import PipelineError, Status
from pipeline.report.model import Report, Topic
from pipeline.report.numbers import counted


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``drift``."""
    parser.add_argument("environment", metavar="ENV", help="dev or prod; run 'cdktf synth' before")


def run(options: argparse.Namespace) -> None:
    """Plan without a lock, and tell drift from what merely waits to be applied.

    Raises:
        PipelineError: something was changed outside Terraform (DRIFT), or Terraform failed.
    """
    environment = options.environment
    report = plan_and_report(environment, costs=None)
    drifted = [each.address for each in report.warnings if each.topic is Topic.DRIFT]
    if report.unchanged and not drifted:
        say(f"{environment}: everything is as the default branch describes it")
        return
    show(Report(environments=(report,)))
    if drifted:
        raise PipelineError(
            f"{environment}: changed outside Terraform: {', '.join(drifted)}; apply the default "
            "branch to undo it, or bring it into the code",
            Status.DRIFT,
        )
    outputs = f" and {counted(len(report.outputs), 'output')}" if report.outputs else ""
    say(f"{environment}: no drift; {counted(len(report.changes), 'change')}{outputs} to be applied")
