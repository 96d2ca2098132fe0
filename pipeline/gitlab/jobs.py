"""Jobs of a pipeline: which failed, which began to apply before, what they left."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from itertools import islice
from typing import cast
from urllib.parse import quote

import gitlab
import msgspec

from pipeline.gitlab.client import Project, rows
from pipeline.report.model import JobFailure

BEGIN_MARK = "terraform apply begins: "
"""How the line begins after which Terraform changes things."""

_IN_THE_LOG = "script_failure"  # says no more than that it failed
# Other runs go on, or were canceled: GitLab may not get the rest of a canceled job's log.
_ENDED = frozenset({"success", "failed"})
# GitLab's own verdict on a run of which it hears no more; https://docs.gitlab.com/ci/yaml/#retrywhen
_LOST = "stuck_or_timeout_failure"
_PIPELINES = 5  # how many of a branch are searched for a file
_BY_A_PUSH = "push"  # a scheduled pipeline looks for drift and leaves nothing to compare with


class _Job(msgspec.Struct, frozen=True):
    id: int
    name: str
    stage: str
    status: str
    allow_failure: bool = False
    failure_reason: str | None = None
    started_at: str | None = None
    web_url: str = ""


class _Pipeline(msgspec.Struct, frozen=True):
    id: int


def failed_jobs(project: Project, pipeline_id: int) -> tuple[JobFailure, ...]:
    """List the jobs that failed and may not, in the order of their stages.

    Source: https://docs.gitlab.com/api/jobs/

    Args:
        project: on GitLab.
        pipeline_id: the pipeline's id.

    Raises:
        PipelineError: GitLab failed.
    """
    runs = _runs(project, pipeline_id)
    # A retried job has a new id, later than those of the stages that follow it.
    stages: dict[str, int] = {}
    for run in runs:
        stages.setdefault(run.stage, run.id)
    latest = {run.name: run for run in runs}
    failed = [run for run in latest.values() if run.status == "failed" and not run.allow_failure]
    failed.sort(key=lambda run: (stages[run.stage], run.id))
    return tuple(
        JobFailure(job=run.name, url=run.web_url, text=_reason(run.failure_reason))
        for run in failed
    )


def begin_line(pipeline_id: int) -> str:
    """The line that a job prints right before Terraform begins to change things.

    Args:
        pipeline_id: the pipeline's id.
    """
    return f"{BEGIN_MARK}pipeline {pipeline_id}"


def earlier_runs(project: Project, pipeline_id: int, job_name: str, own_job_id: int) -> int:
    """Count the runs of a job before this one that began to apply; 0 for the first.

    A run that a guard refused has no ``begin_line`` in its log and does not count. One whose log
    is missing or erased does, or may lack its end because the run was canceled, goes on, or its
    runner went silent: what it did is not known.

    Source: https://docs.gitlab.com/api/jobs/#get-a-log-file

    Args:
        project: on GitLab.
        pipeline_id: the pipeline's id.
        job_name: the job's name.
        own_job_id: the id of the run that asks.

    Raises:
        PipelineError: GitLab failed, or a log is larger than ``Limits.body_bytes``.
    """
    mark = begin_line(pipeline_id).encode()
    earlier = [
        run
        for run in _runs(project, pipeline_id)
        if run.name == job_name and run.id < own_job_id and run.started_at is not None
    ]
    return sum(_began(project, run, mark) for run in earlier)


def artifact(project: Project, ref: str, job_name: str, path: str) -> bytes | None:
    """Read a file that a job left in the newest pipeline of a branch that has it.

    In each of the five newest that a push started, the job's newest successful run is asked.
    GitLab's own search wants a pipeline that succeeded as a whole; one that waits for a person
    did not.

    Source: https://docs.gitlab.com/api/pipelines/#list-project-pipelines and
    https://docs.gitlab.com/api/job_artifacts/

    Args:
        project: on GitLab.
        ref: branch or tag; not a commit.
        job_name: the job's name.
        path: of the file, in the artifacts.

    Returns:
        Its content, or ``None`` if there is no such pipeline, job or file.

    Raises:
        PipelineError: GitLab failed, or the file is larger than ``Limits.body_bytes``.
    """
    with project.doing(f"read {path} of job '{job_name}' on {ref}"):
        for pipeline_id in _newest_pipelines(project, ref):
            runs = _runs(project, pipeline_id)
            done = [run.id for run in runs if run.name == job_name and run.status == "success"]
            content = _file(project, done[-1], path) if done else None
            if content is not None:
                return content
    return None


def _newest_pipelines(project: Project, ref: str) -> list[int]:
    """Ids, the newest first."""
    found = project.api.pipelines.list(
        iterator=True,
        ref=ref,
        source=_BY_A_PUSH,
        order_by="id",
        sort="desc",
        per_page=_PIPELINES,
    )
    return [row.id for row in rows(_Pipeline, islice(found, _PIPELINES))]


def _file(project: Project, job_id: int, path: str) -> bytes | None:
    """A file that a run left; ``None`` if it did not, or if it expired."""
    job = project.api.jobs.get(job_id, lazy=True)
    # python-gitlab puts it into the address as it is.
    return _content(lambda: job.artifact(quote(path)))


def _began(project: Project, run: _Job, mark: bytes) -> bool:
    """Whether a run began to apply, or may have."""
    if run.status not in _ENDED or run.failure_reason == _LOST:
        return True  # the last lines did not reach GitLab, or not yet
    with project.doing(f"read the log of job {run.id}"):
        # Of an erased log, GitLab gives an empty text.
        log = _content(project.api.jobs.get(run.id, lazy=True).trace)
    # Anywhere in a line: the runner may write a timestamp and colours before it.
    return not log or mark in log


def _content(read: Callable[[], object]) -> bytes | None:
    """What python-gitlab reads; ``None`` if it is not there."""
    try:
        return cast("bytes", read())
    except gitlab.GitlabGetError as error:
        if error.response_code != HTTPStatus.NOT_FOUND:
            raise
        return None


def _runs(project: Project, pipeline_id: int) -> list[_Job]:
    """All runs of all jobs, the first started first; the retried ones too."""
    with project.doing(f"list the jobs of pipeline {pipeline_id}"):
        pipeline = project.api.pipelines.get(pipeline_id, lazy=True)
        # As JSON writes it; Python's own spelling of true is not in GitLab's documentation.
        jobs = pipeline.jobs.list(iterator=True, per_page=100, include_retried="true")
        return sorted(rows(_Job, jobs), key=lambda run: run.id)


def _reason(failure: str | None) -> str:
    return "" if failure in (None, _IN_THE_LOG) else str(failure).replace("_", " ")
