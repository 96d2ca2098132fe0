"""``drift``: is what exists still what was applied?"""

from __future__ import annotations

import argparse

from pipeline.commands.job import print_line, raise_together, show
from pipeline.commands.plan import plan_and_report
from pipeline.environments import named, read_environments
from pipeline.errors import PipelineError, Status
from pipeline.report.model import Report, StackReport, Topic
from pipeline.report.numbers import counted


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``drift``."""
    parser.add_argument(
        "environment", metavar="ENV", help="such as dev: all its stacks; run 'cdktf synth' before"
    )


def run(options: argparse.Namespace) -> None:
    """Plan without a lock, and tell drift from what merely waits to be applied.

    Raises:
        PipelineError: something was changed outside Terraform (DRIFT), or Terraform failed.
    """
    environment = named(read_environments(), options.environment)
    report = plan_and_report(environment, environment.stacks)
    drifted = {each.name: _drifted(each) for each in report.stacks}
    if not report.unchanged or any(drifted.values()):
        show(Report(environments=(report,)))
    for stack in report.stacks:
        if not drifted[stack.name]:
            print_line(f"{stack.name}: {_no_drift(stack)}")
    raise_together(
        [
            PipelineError(
                f"{stack}: changed outside Terraform: {', '.join(addresses)}; apply the default "
                "branch to undo it, or bring it into the code",
                Status.DRIFT,
            )
            for stack, addresses in drifted.items()
            if addresses
        ]
    )


def _drifted(stack: StackReport) -> list[str]:
    return [each.address for each in stack.warnings if each.topic is Topic.DRIFT]


def _no_drift(stack: StackReport) -> str:
    if stack.unchanged:
        return "everything is as the default branch describes it"
    outputs = f" and {counted(len(stack.outputs), 'output')}" if stack.outputs else ""
    return f"no drift; {counted(len(stack.changes), 'change')}{outputs} to be applied"
