"""What a pipeline knows of its jobs, and of others."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from emulator.gitlab.faults import Fault
from emulator.gitlab.state import Job, Pipeline
from pipeline.errors import PipelineError, Status
from pipeline.gitlab.jobs import BEGIN_MARK, artifact, begin_line, earlier_runs, failed_jobs
from pipeline.report.model import JobFailure
from tests.pipeline.gitlab.conftest import Server
from tests.pipeline.gitlab.world import LIMITS, READER, connect

AT = "2026-01-01T08:00:00.000Z"
BEGUN = "$ python -m pipeline apply prod\nterraform apply begins: pipeline 12\n"
REFUSED = "$ python -m pipeline apply prod\nprod: name it in ALLOW_DATA_LOSS\n"
FIVE_NEWEST = "source=push&order_by=id&sort=desc&per_page=5"


def _with_jobs(server: Server, *jobs: Job) -> None:
    _with_pipelines(server, Pipeline(id=12, jobs=list(jobs)))


def _with_pipelines(server: Server, *pipelines: Pipeline) -> None:
    with server.gitlab.store.use() as state:
        state.projects[0].pipelines += pipelines


def _earlier(job_id: int = 1, **said: Any) -> Job:
    """A run of the job that asks as number 9."""
    given = {"status": "failed", "failure_reason": "script_failure", "started_at": AT, **said}
    return Job(id=job_id, name="apply prod", retried=True, **given)


def _report(job_id: int, content: str, **said: Any) -> Job:
    return Job(id=job_id, name="report dev", artifacts={"out/a #1.json": content}, **said)


def _page(server: Server, job_id: int) -> str:
    return f"{server.url}/group/infra/-/jobs/{job_id}"


def test_failed_jobs_are_listed_in_the_order_of_their_stages(server: Server) -> None:
    _with_jobs(
        server,
        Job(id=1, name="lint", stage="validate", status="failed", retried=True),
        Job(id=2, name="types", stage="validate"),
        Job(id=3, name="plan dev", stage="plan", status="failed", failure_reason="script_failure"),
        Job(id=4, name="note", stage="comment", status="skipped"),
        # Retried later: its id is the highest, its stage the first.
        Job(
            id=5,
            name="lint",
            stage="validate",
            status="failed",
            failure_reason="job_execution_timeout",
        ),
    )

    assert failed_jobs(server.project(), 12) == (
        JobFailure(job="lint", url=_page(server, 5), text="job execution timeout"),
        JobFailure(job="plan dev", url=_page(server, 3), text=""),
    )
    assert server.methods == "GET"


def test_a_job_that_may_fail_is_not_listed(server: Server) -> None:
    _with_jobs(server, Job(id=1, name="try", status="failed", allow_failure=True))

    assert failed_jobs(server.project(), 12) == ()


def test_a_job_that_succeeded_when_it_was_retried_is_not_listed(server: Server) -> None:
    _with_jobs(
        server,
        Job(id=1, name="lint", status="failed", retried=True),
        Job(id=2, name="lint", status="success"),
    )

    assert failed_jobs(server.project(), 12) == ()


def test_more_jobs_than_a_page_holds_are_all_read(server: Server) -> None:
    _with_jobs(server, *(Job(id=at, name=f"job {at}", status="failed") for at in range(1, 131)))

    assert len(failed_jobs(server.project(), 12)) == 130
    assert server.methods == "GET GET"


def test_a_pipeline_that_nobody_knows_is_missing(server: Server) -> None:
    with pytest.raises(PipelineError, match=r"list the jobs of pipeline 12 .*404") as caught:
        failed_jobs(server.project(), 12)
    assert caught.value.status is Status.GITLAB_MISSING


def test_the_line_names_the_pipeline() -> None:
    assert BEGIN_MARK == "terraform apply begins: "
    assert begin_line(1001) == "terraform apply begins: pipeline 1001"


def test_only_runs_of_the_same_job_that_began_before_count(server: Server) -> None:
    _with_jobs(
        server,
        Job(id=1, name="apply prod", status="failed", started_at=AT, trace=BEGUN, retried=True),
        Job(id=2, name="apply prod", status="canceled", started_at=None, retried=True),
        Job(id=3, name="apply dev", started_at=AT, trace=BEGUN),
        Job(id=4, name="apply prod", status="running", started_at=AT, trace=BEGUN),
        Job(id=5, name="apply prod", status="created"),
    )
    project = server.project()

    assert earlier_runs(project, 12, "apply prod", 4) == 1
    assert earlier_runs(project, 12, "apply prod", 1) == 0
    assert earlier_runs(project, 12, "apply dev", 3) == 0
    assert [request for request in server.gitlab.requests if "/trace" in request] == [
        "GET /api/v4/projects/42/jobs/1/trace"
    ]


def test_a_run_that_a_guard_refused_does_not_count(server: Server) -> None:
    _with_jobs(server, _earlier(trace=REFUSED))

    assert earlier_runs(server.project(), 12, "apply prod", 9) == 0


def test_each_earlier_run_is_looked_at(server: Server) -> None:
    _with_jobs(
        server,
        _earlier(1, trace=REFUSED),
        _earlier(2, trace=BEGUN),
        _earlier(3, trace=REFUSED),
        _earlier(4, trace=BEGUN),
    )

    assert earlier_runs(server.project(), 12, "apply prod", 9) == 2


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("terraform apply begins: pipeline 12", id="alone"),
        pytest.param(
            "2026-01-01T08:00:01.000000Z 01O terraform apply begins: pipeline 12\r",
            id="after a timestamp",
        ),
        pytest.param(
            "\x1b[0Ksection_start:1767254400:apply\r\x1b[0K\x1b[36;1m"
            "terraform apply begins: pipeline 12\x1b[0;m",
            id="among the marks of a section",
        ),
    ],
)
@pytest.mark.parametrize("status", ["failed", "success"])
def test_the_line_is_found_whatever_the_runner_writes_around_it(
    server: Server, line: str, status: str
) -> None:
    _with_jobs(server, _earlier(status=status, trace=f"$ make\n{line}\n{'Creating… ' * 999}\n"))

    assert earlier_runs(server.project(), 12, "apply prod", 9) == 1


@pytest.mark.parametrize("trace", [pytest.param(None, id="missing"), pytest.param("", id="erased")])
def test_a_run_whose_log_is_gone_counts(server: Server, trace: str | None) -> None:
    _with_jobs(server, _earlier(trace=trace))

    assert earlier_runs(server.project(), 12, "apply prod", 9) == 1


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        pytest.param("failed", "stuck_or_timeout_failure", id="its runner went silent"),
        pytest.param("canceled", None, id="canceled"),
        pytest.param("canceling", None, id="being canceled"),
        pytest.param("running", None, id="still running"),
    ],
)
def test_a_run_whose_log_may_lack_its_end_counts(
    server: Server, status: str, reason: str | None
) -> None:
    _with_jobs(server, _earlier(status=status, failure_reason=reason, trace="$ make\n"))

    assert earlier_runs(server.project(), 12, "apply prod", 9) == 1


@pytest.mark.parametrize("code", [403, 500])
def test_a_log_that_gitlab_does_not_give_is_no_answer(server: Server, code: int) -> None:
    _with_jobs(server, _earlier(trace=REFUSED))
    server.order(Fault(path="/trace", status=code, times=9))

    with pytest.raises(PipelineError, match=rf"cannot read the log of job 1 at .*: {code} "):
        earlier_runs(server.project(), 12, "apply prod", 9)


def test_a_log_that_is_too_large_is_refused(server: Server) -> None:
    _with_jobs(server, _earlier(trace="x" * 50_000))
    limits = dataclasses.replace(LIMITS, body_bytes=40_000)

    with pytest.raises(PipelineError, match=r"log of job 1 .* larger than 40000 bytes"):
        earlier_runs(connect(server.url, limits=limits), 12, "apply prod", 9)


def test_who_may_only_read_can_count_and_read(server: Server) -> None:
    _with_jobs(server, _earlier(trace=BEGUN), _report(2, "here"))
    project = connect(server.url, token=READER)

    assert earlier_runs(project, 12, "apply prod", 9) == 1
    assert artifact(project, "main", "report dev", "out/a #1.json") == b"here"


def test_a_file_of_a_pipeline_that_waits_for_a_person_is_read(server: Server) -> None:
    _with_pipelines(
        server,
        Pipeline(id=11, ref="feature/x", status="success", jobs=[_report(1, "old")]),
        Pipeline(
            id=12,
            ref="feature/x",
            status="manual",
            jobs=[_report(2, "new"), Job(id=3, name="apply prod", status="manual")],
        ),
        Pipeline(id=13, ref="main", status="success", jobs=[_report(4, "main")]),
    )

    assert artifact(server.project(), "feature/x", "report dev", "out/a #1.json") == b"new"
    assert server.gitlab.requests == [
        f"GET /api/v4/projects/42/pipelines?ref=feature%2Fx&{FIVE_NEWEST}",
        "GET /api/v4/projects/42/pipelines/12/jobs?per_page=100&include_retried=true",
        "GET /api/v4/projects/42/jobs/2/artifacts/out/a%20%231.json",
    ]


def test_what_is_nowhere_is_none(server: Server) -> None:
    _with_jobs(server, _report(1, "{}"))
    project = server.project()

    assert artifact(project, "main", "report dev", "other.json") is None
    assert artifact(project, "main", "other", "out/a #1.json") is None
    assert artifact(project, "gone", "report dev", "out/a #1.json") is None


def test_the_newest_successful_run_counts(server: Server) -> None:
    _with_jobs(
        server,
        _report(1, "first", retried=True),
        _report(2, "second", retried=True),
        _report(3, "third", status="failed"),
    )

    assert artifact(server.project(), "main", "report dev", "out/a #1.json") == b"second"


@pytest.mark.parametrize(
    "job",
    [
        pytest.param(Job(id=9, name="report dev"), id="expired there"),
        pytest.param(_report(9, "new", status="running"), id="not done there"),
        pytest.param(Job(id=9, name="other"), id="no such job there"),
    ],
)
def test_an_older_pipeline_has_what_the_newest_lacks(server: Server, job: Job) -> None:
    _with_pipelines(server, Pipeline(id=11, jobs=[_report(1, "old")]), Pipeline(id=12, jobs=[job]))

    assert artifact(server.project(), "main", "report dev", "out/a #1.json") == b"old"


def test_schedules_do_not_hide_the_last_push(server: Server) -> None:
    _with_pipelines(
        server,
        Pipeline(id=11, jobs=[_report(1, "pushed")]),
        *(Pipeline(id=at, source="schedule") for at in range(12, 32)),
    )

    assert artifact(server.project(), "main", "report dev", "out/a #1.json") == b"pushed"


@pytest.mark.parametrize(("newer", "found"), [(4, b"old"), (5, None)])
def test_only_the_five_newest_pipelines_are_searched(
    server: Server, newer: int, found: bytes | None
) -> None:
    _with_pipelines(
        server,
        Pipeline(id=11, jobs=[_report(1, "old")]),
        *(Pipeline(id=12 + at) for at in range(newer)),
    )

    assert artifact(server.project(), "main", "report dev", "out/a #1.json") == found
    assert len([request for request in server.gitlab.requests if "/pipelines?" in request]) == 1


def test_an_artifact_that_is_too_large_is_refused(server: Server) -> None:
    _with_jobs(server, _report(1, "{}"))
    server.order(Fault(path="/artifacts/", status=200, body="x" * 2_000_001))

    with pytest.raises(PipelineError, match="larger than 2000000 bytes"):
        artifact(server.project(), "main", "report dev", "out/a #1.json")


def test_an_artifact_that_may_not_be_read_is_not_taken_for_missing(server: Server) -> None:
    _with_jobs(server, _report(1, "{}"))
    server.order(Fault(path="/artifacts/", status=403))

    with pytest.raises(PipelineError) as caught:
        artifact(server.project(), "main", "report dev", "out/a #1.json")
    assert caught.value.status is Status.GITLAB_DENIED


def test_a_project_that_is_not_there_is_not_taken_for_a_missing_file(server: Server) -> None:
    server.order(Fault(path="/pipelines", status=404))

    with pytest.raises(PipelineError, match="read report of job 'policies' on main") as caught:
        artifact(server.project(), "main", "policies", "report")
    assert caught.value.status is Status.GITLAB_MISSING
