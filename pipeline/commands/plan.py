"""``plan``: runs Terraform, reports, and keeps the plans sealed where they will be applied."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from pipeline.commands.assemble import Costs, environment_report, refuse, stack_report
from pipeline.commands.job import (
    REPORTS,
    Job,
    make_folder,
    print_line,
    raise_together,
    remove,
    show,
    stack_folder,
)
from pipeline.commands.policies import plan_findings
from pipeline.commands.report import (
    add_cost_arguments,
    budgets_of,
    check_cost_arguments,
    costs_of,
    publish,
)
from pipeline.cost.budgets import Budgets
from pipeline.environments import Environment, Stack, chosen, read_environments
from pipeline.errors import PipelineError, Status
from pipeline.plan.read import read_plan
from pipeline.plan.secrets import mask_text
from pipeline.release import terraform
from pipeline.release.credentials import sign_in
from pipeline.release.files import private_folder
from pipeline.release.release import Run, prepare
from pipeline.release.seal import KEY_VARIABLE, Key
from pipeline.report.model import EnvironmentReport, Report, StackReport


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``plan``."""
    parser.add_argument(
        "environment",
        metavar="ENV[/STACK]",
        help="such as dev: all its stacks in order, or one; run 'cdktf synth' before",
    )
    parser.add_argument(
        "--seal",
        action="store_true",
        help=f"take the state's lock, and keep the plans encrypted with {KEY_VARIABLE} for 'apply'",
    )
    add_cost_arguments(parser)


def run(options: argparse.Namespace) -> None:
    """Plan an environment; what it came to is in ``reports/`` also when it fails.

    Raises:
        PipelineError: Terraform failed, a setting is wrong, or a plan must not pass.
    """
    environment, stacks = chosen(read_environments(), options.environment)
    all_of_them = len(stacks) == len(environment.stacks)
    if options.seal and not all_of_them:
        raise PipelineError(
            f"--seal: keeps the plans of all stacks together; give {environment.name} alone",
            Status.USAGE,
        )
    check_cost_arguments(options, [environment.stack_name(stack) for stack in stacks])
    key = plan_key() if options.seal else None
    report = plan_and_report(
        environment,
        stacks,
        costs=lambda stack: costs_of(options, stack),
        # A limit on all stacks says nothing of one of them.
        budgets=lambda: budgets_of(options) if all_of_them else None,
        key=key,
    )
    show(Report(environments=(report,)))
    if not all_of_them and not options.no_cost:
        print_line(f"{environment.name}: its budget counts all its stacks, and was left out")
    refuse((report,))


def plan_key() -> Key:
    """The key of saved plans.

    Raises:
        PipelineError: the variable is missing or holds no key.
    """
    return Key.from_text(os.environ.get(KEY_VARIABLE, ""))


def plan_and_report(
    environment: Environment,
    stacks: Sequence[Stack],
    *,
    costs: Callable[[str], Costs | None] = lambda _stack: None,
    budgets: Callable[[], Budgets | None] = lambda: None,
    key: Key | None = None,
) -> EnvironmentReport:
    """Plan stacks of an environment and leave the report, which says of each that has no plan why.

    Args:
        environment: whose stacks they are.
        stacks: in order; one that fails does not hinder the others.
        costs: how a stack of a name is priced.
        budgets: limits on what they cost together.
        key: seal the plans with it; see ``plan``.

    Raises:
        PipelineError: a stack is not synthesised, Terraform failed, or a setting is wrong.
    """
    folders = [stack_folder(stack.id) for stack in stacks]
    job = Job.of_pipeline() if key else Job.current()
    # A job that reads what an earlier run left would take it for this one's.
    for path in (*_forms(environment.name), *map(sealed_plan, environment.stacks)):
        remove(path)
    try:
        limits = budgets()
    except PipelineError as error:
        failure = mask_text(str(error))
        _write_reports(EnvironmentReport(name=environment.name, failure=failure), job)
        raise
    reports: list[StackReport] = []
    errors: list[PipelineError] = []
    for stack, folder in zip(stacks, folders, strict=True):
        name = environment.stack_name(stack)
        sealed = sealed_plan(stack)
        try:
            reports.append(plan(name, folder, costs=costs, key=key, job=job, sealed=sealed))
        except PipelineError as error:
            errors.append(error)
            reports.append(StackReport(name=name, failure=mask_text(str(error))))
    try:
        report = environment_report(environment.name, reports, limits)
    except PipelineError as error:
        errors.append(error)
        report = EnvironmentReport(name=environment.name, failure=mask_text(str(error)))
    _write_reports(report, job)
    raise_together(errors)
    return report


def plan(
    stack: str,
    folder: Path,
    *,
    costs: Callable[[str], Costs | None],
    key: Key | None,
    job: Job,
    sealed: Path,
) -> StackReport:
    """Plan one stack. The plan file and its JSON lie in a private folder that is removed.

    Args:
        stack: its name in reports.
        folder: its folder.
        costs: how it is priced.
        key: seal the plan with it, and hold the state's lock meanwhile; without a key nothing is
            written, so that a role that may only read suffices.
        job: the job that plans.
        sealed: where the sealed plan goes.

    Raises:
        PipelineError: Terraform failed, or a setting is wrong.
    """
    with private_folder() as private:
        saved, shown = private / "plan.tfplan", private / "plan.json"
        env = sign_in(os.environ, private, stack=stack)
        terraform.init(folder, env=env)
        terraform.plan(folder, saved, lock=key is not None, env=env)
        terraform.show_json(folder, saved, shown, env=env)
        report = msgspec.structs.replace(
            stack_report(read_plan(shown, stack=stack), costs(stack)),
            policies=plan_findings(folder, shown),
        )
        if key:
            make_folder(REPORTS)
            prepare(
                saved,
                folder=folder,
                stack=stack,
                run=this_run(job),
                fingerprint=report.fingerprint,
                key=key,
                to=sealed,
            )
    return report


def this_run(job: Job) -> Run:
    """Where and when a job runs."""
    return Run(commit=job.commit, pipeline_id=job.pipeline_id, now=datetime.now(UTC))


def sealed_plan(stack: Stack) -> Path:
    """Where a sealed plan lies between the two jobs."""
    return REPORTS / f"{stack.id}.plan.sealed"


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
    markdown, machine, widget = _forms(report.name)
    # A plan that failed has no counts, and zeros would say that it changes nothing.
    publish(
        whole,
        markdown=markdown,
        machine=machine,
        widget_file=None if report.failures else widget,
    )
