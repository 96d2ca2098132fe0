"""``plan``: runs Terraform, reports, and keeps the plan sealed where it will be applied."""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path

from pipeline.commands.assemble import Costs, refuse, report_of
from pipeline.commands.job import REPORTS, Job, make_folder, remove, show, stack_folder
from pipeline.commands.report import add_cost_arguments, check_cost_arguments, costs_of, publish
from pipeline.errors import PipelineError
from pipeline.plan.read import read_plan
from pipeline.plan.secrets import mask_text
from pipeline.release import terraform
from pipeline.release.files import private_folder
from pipeline.release.release import Run, prepare
from pipeline.release.seal import KEY_VARIABLE, Key
from pipeline.report.model import EnvironmentReport, Report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``plan``."""
    parser.add_argument("environment", metavar="ENV", help="dev or prod; run 'cdktf synth' before")
    parser.add_argument(
        "--seal",
        action="store_true",
        help=f"take the state's lock, and keep the plan encrypted with {KEY_VARIABLE} for 'apply'",
    )
    add_cost_arguments(parser)


def run(options: argparse.Namespace) -> None:
    """Plan one environment; what it came to is in ``reports/`` also when it fails.

    Raises:
        PipelineError: Terraform failed, a setting is wrong, or the plan must not pass.
    """
    environment = options.environment
    check_cost_arguments(options, [environment])
    key = plan_key() if options.seal else None
    report = plan_and_report(environment, costs=costs_of(options, environment), key=key)
    show(Report(environments=(report,)))
    refuse((report,))


def plan_key() -> Key:
    """The key of saved plans.

    Raises:
        PipelineError: the variable is missing or holds no key.
    """
    return Key.from_text(os.environ.get(KEY_VARIABLE, ""))


def plan_and_report(
    environment: str, *, costs: Costs | None, key: Key | None = None
) -> EnvironmentReport:
    """Plan one environment and leave its report, or one that says why there is no plan.

    Args:
        environment: name of the stack.
        costs: how it is priced.
        key: seal the plan with it; see ``plan``.

    Raises:
        PipelineError: there is no such stack, Terraform failed, or a setting is wrong.
    """
    folder = stack_folder(environment)
    job = Job.of_pipeline() if key else Job.current()
    # A job that reads what an earlier run left would take it for this one's.
    for path in (*_forms(environment), sealed_plan(environment)):
        remove(path)
    try:
        report = plan(environment, folder=folder, costs=costs, key=key, job=job)
    except PipelineError as error:
        failed = EnvironmentReport(environment=environment, failure=mask_text(str(error)))
        _write_reports(failed, job)
        raise
    _write_reports(report, job)
    return report


def plan(
    environment: str, *, folder: Path, costs: Costs | None, key: Key | None, job: Job
) -> EnvironmentReport:
    """Plan one environment. The plan file and its JSON lie in a private folder that is removed.

    Args:
        environment: name of the stack.
        folder: the stack's folder.
        costs: how it is priced.
        key: seal the plan with it, and hold the state's lock meanwhile; without a key nothing is
            written, so that a role that may only read suffices.
        job: the job that plans.

    Raises:
        PipelineError: Terraform failed, or a setting is wrong.
    """
    with private_folder() as private:
        saved, shown = private / "plan.tfplan", private / "plan.json"
        terraform.init(folder)
        terraform.plan(folder, saved, lock=key is not None)
        terraform.show_json(folder, saved, shown)
        report = report_of(read_plan(shown, environment=environment), costs)
        if key:
            make_folder(REPORTS)
            prepare(
                saved,
                folder=folder,
                run=this_run(environment, job),
                fingerprint=report.fingerprint,
                key=key,
                to=sealed_plan(environment),
            )
    return report


def this_run(environment: str, job: Job) -> Run:
    """Where and when a job runs."""
    return Run(
        environment=environment,
        commit=job.commit,
        pipeline_id=job.pipeline_id,
        now=datetime.now(UTC),
    )


def sealed_plan(environment: str) -> Path:
    """Where a sealed plan lies between the two jobs."""
    return REPORTS / f"{environment}.plan.sealed"


def _forms(environment: str) -> tuple[Path, Path, Path]:
    """Where a report lies as Markdown, as JSON, and as the widget's counts."""
    return (
        REPORTS / f"{environment}.md",
        REPORTS / f"{environment}.json",
        REPORTS / f"{environment}.widget.json",
    )


def _write_reports(report: EnvironmentReport, job: Job) -> None:
    """Leave one environment's report for the jobs that follow, and for GitLab's widget."""
    whole = Report(
        environments=(report,),
        commit=job.commit,
        pipeline_id=job.pipeline_id,
        pipeline_url=job.pipeline_url,
        artifact_url=job.url,
    )
    markdown, machine, widget = _forms(report.environment)
    # A plan that failed has no counts, and zeros would say that it changes nothing.
    publish(
        whole,
        markdown=markdown,
        machine=machine,
        widget_file=None if report.failure else widget,
    )
