"""``drift``: is what exists still what was applied?"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from datetime import UTC, datetime

from pipeline.commands.job import CACHE, Job, print_line, raise_together, show
from pipeline.commands.plan import plan_and_report
from pipeline.commands.told import Told
from pipeline.environments import Environment, named, read_environments
from pipeline.errors import PipelineError, Status
from pipeline.release.alert import publish_alert
from pipeline.release.credentials import sign_in
from pipeline.release.files import private_folder
from pipeline.report.model import EnvironmentReport, PlanWarning, Report, StackReport, Topic
from pipeline.report.numbers import counted

_RUNBOOK = "docs/runbooks/drift.md"
_LISTED = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``drift``."""
    parser.add_argument(
        "environment", metavar="ENV", help="such as dev: all its stacks; run 'cdktf synth' before"
    )
    parser.add_argument(
        "--tell",
        action="store_true",
        help="publish what was found to the environment's alert topics, once for each finding",
    )


def run(options: argparse.Namespace) -> None:
    """Plan without a lock, and tell drift from what merely waits to be applied.

    Raises:
        PipelineError: something was changed outside Terraform (DRIFT), or Terraform failed.
    """
    environment = named(read_environments(), options.environment)
    report = plan_and_report(environment, environment.stacks)
    drifted = {each.name: drift_of(each) for each in report.stacks}
    if not report.unchanged or any(drifted.values()):
        show(Report(environments=(report,)))
    for stack in report.stacks:
        if not drifted[stack.name]:
            print_line(f"{stack.name}: {_no_drift(stack)}")
    if options.tell:
        _tell(environment, report)
    raise_together(
        [
            PipelineError(
                f"{stack}: changed outside Terraform: "
                f"{', '.join(dict.fromkeys(each.address for each in found))}; apply the default "
                f"branch to undo it, or bring it into the code ({_RUNBOOK})",
                Status.DRIFT,
            )
            for stack, found in drifted.items()
            if found
        ]
    )


def drift_of(stack: StackReport) -> list[PlanWarning]:
    """What was changed outside Terraform."""
    topics = (Topic.HARMFUL_DRIFT, Topic.DRIFT)
    return [each for each in stack.warnings if each.topic in topics]


def _no_drift(stack: StackReport) -> str:
    if stack.unchanged:
        return "everything is as the default branch describes it"
    outputs = f" and {counted(len(stack.outputs), 'output')}" if stack.outputs else ""
    return f"no drift; {counted(len(stack.changes), 'change')}{outputs} to be applied"


def _tell(environment: Environment, report: EnvironmentReport) -> None:
    """Publish what was found, unless it was told lately; a failure is a line, for the job is red anyway."""
    found = [each for stack in report.stacks for each in drift_of(stack)]
    told, now = Told(CACHE / "drift" / f"{environment.name}.json"), datetime.now(UTC)
    if not told.is_news([each.text for each in found], now=now):
        return
    harmful = any(each.topic is Topic.HARMFUL_DRIFT for each in found)
    topic = environment.alert_topics.get("critical" if harmful else "warning")
    if topic is None:
        print_line(f"{environment.name}: it has no alert topics; nobody is told")
        return
    try:
        with private_folder() as private:
            publish_alert(
                topic,
                subject=f"{environment.name}: changed outside Terraform",
                text=message(environment.name, found, job=Job.current().url),
                env=sign_in(os.environ, private, stack=environment.name),
            )
    except PipelineError as error:
        print_line(f"warning: {error}")
        return
    print_line(f"{environment.name}: told to {topic}")
    told.remember([each.text for each in found], now=now)


def message(environment: str, found: Sequence[PlanWarning], *, job: str) -> str:
    """What people are told: what opens or loses something first.

    Args:
        environment: its name.
        found: most serious first.
        job: address of the job's page; empty for none.
    """
    lines = [f"{environment} was changed outside Terraform:"]
    lines += [f"• {each.text} ({each.address})" for each in found[:_LISTED]]
    if len(found) > _LISTED:
        lines.append(f"• and {len(found) - _LISTED} more")
    lines.append(f"What to do: {_RUNBOOK}{f'. The job: {job}' if job else ''}")
    return "\n".join(lines)
