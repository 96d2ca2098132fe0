"""``comment``: writes the one note with a merge request's plans, costs and findings."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from pipeline.commands.job import REPORTS, Job, print_line
from pipeline.commands.policies import Findings, new_findings, parse_policies, read_policies
from pipeline.commands.report import publish
from pipeline.environments import FILE, read_environments
from pipeline.errors import PipelineError, Status
from pipeline.gitlab.client import GitLabSettings, Project, connect
from pipeline.gitlab.jobs import artifact, failed_jobs
from pipeline.gitlab.note import publish as publish_note
from pipeline.report.machine import decode, merge
from pipeline.report.markdown import render
from pipeline.report.model import EnvironmentReport, Report

MARKER = "plan"
"""The kind of note; ``pipeline.report.fingerprints`` writes it."""

POLICIES = REPORTS / "policies.json"
POLICIES_JOB = "policies"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``comment``: all that it needs, the job's variables and artifacts hold."""
    parser.add_argument(
        "--markdown", type=Path, default=REPORTS / "merge-request.md", help="also write it here"
    )


def run(options: argparse.Namespace) -> None:
    """Collect what the jobs before it left, and write the note.

    Raises:
        PipelineError: this is no merge request's pipeline, an artifact is damaged, or GitLab failed.
    """
    job = Job.of_pipeline()
    if not job.merge_request:
        raise PipelineError(
            "CI_MERGE_REQUEST_IID is not set: only a merge request's pipeline has a comment; "
            "elsewhere use 'report' or 'plan'",
            Status.USAGE,
        )
    project = connect(GitLabSettings.from_environment(os.environ))
    report = _collect(project, job)
    publish(
        report,
        markdown=options.markdown,
        machine=options.markdown.with_suffix(".json"),
        widget_file=None,
    )
    note = publish_note(
        project,
        job.merge_request,
        render(report),
        marker=MARKER,
        pipeline_id=job.pipeline_id,
    )
    print_line(f"note {note.outcome}: {note.url}")


def _collect(project: Project, job: Job) -> Report:
    """The reports of all plans, the policy findings and the failed jobs."""
    # Without a synthesis nothing was planned: the note then lists the failed jobs.
    known = read_environments() if FILE.exists() else ()
    names = [each.name for each in known if each.has_jobs]
    report = merge(read_reports(REPORTS / f"{name}.json" for name in names))
    found = {each.name: each for each in report.environments}
    policies, compared = _policies(project, job)
    return msgspec.structs.replace(
        report,
        environments=tuple(found.get(name) or _missing(name) for name in names),
        policies=policies,
        policies_baseline=compared,
        failures=failed_jobs(project, job.pipeline_id),
        commit=job.commit,
        pipeline_id=job.pipeline_id,
        pipeline_url=job.pipeline_url,
        artifact_url=job.url,
    )


def _missing(environment: str) -> EnvironmentReport:
    """A line for an environment without a report: a reader must see that one is missing."""
    return EnvironmentReport(
        name=environment, failure="the job that plans it left no report; see the pipeline"
    )


def read_reports(paths: Iterable[Path]) -> list[Report]:
    """Those reports that the jobs before left; a job that failed early left none.

    Raises:
        PipelineError: one is damaged.
    """
    return [decode(path.read_bytes(), name=str(path)) for path in paths if path.is_file()]


def _policies(project: Project, job: Job) -> tuple[Findings, bool]:
    """Findings that the default branch does not have, and whether it was there to compare with."""
    if not POLICIES.is_file():
        return (), False
    found = read_policies(POLICIES)
    data = artifact(project, job.default_branch, POLICIES_JOB, str(POLICIES))
    if data is None:
        return found, False
    baseline = parse_policies(data, name=f"{POLICIES} of {job.default_branch}")
    return new_findings(found, baseline), True
