"""``comment``: one note that tells everything that this pipeline's jobs left."""

from __future__ import annotations

import msgspec
import pytest

from emulator.gitlab.faults import Fault
from emulator.gitlab.state import Job, Pipeline
from pipeline.errors import Status
from pipeline.report.fingerprints import fingerprints
from pipeline.report.model import Counts, EnvironmentReport, Report, StackReport
from tests.pipeline.commands.support import CommandLine, Merged
from tests.pipeline.gitlab import world
from tests.pipeline.release.support import COMMIT, PIPELINE

FINDING = {"stack": "dev", "resource": "aws_kms_key.main", "check": "CKV_AWS_7", "text": "rotate"}
OLD = {**FINDING, "check": "CKV_AWS_33", "text": "wildcard"}


@pytest.fixture
def review(job: CommandLine, merged: Merged) -> CommandLine:
    """In the job ``comment`` of a merge request's pipeline."""
    merged.change(state="opened")
    job.set(CI_MERGE_REQUEST_IID=world.IID, CI_JOB_NAME="comment")
    return job


def leave(job: CommandLine, name: str, *, mark: str = "aaaa", failure: str = "") -> None:
    """Leave the report of one environment, as its plan job does."""
    stack = StackReport(
        name=name,
        counts=Counts(create=3),
        fingerprint="" if failure else mark,
        outputs={},
        failure=failure,
    )
    environment = EnvironmentReport(name=name, stacks=(stack,))
    job.leave(Report(environments=(environment,), commit=COMMIT), f"reports/{name}.json")


def commented(job: CommandLine, merged: Merged) -> str:
    """Comment; gives the note."""
    ended = job("comment")
    assert (ended.status, ended.err) == (Status.OK, "")
    note = merged.note("plan")
    assert note == (job.root / "reports/merge-request.md").read_text()
    return note


def test_both_plans_are_in_one_note(review: CommandLine, merged: Merged) -> None:
    leave(review, "dev", mark="aaaa")
    leave(review, "prod", mark="bbbb")
    note = commented(review, merged)
    assert note.splitlines()[0] == (
        f"<!-- mapvibe:plan dev=aaaa prod=bbbb commit={COMMIT} pipeline={PIPELINE} -->"
    )
    assert [n.author_id for n in merged.notes()] == [world.BOT]
    assert review.report("reports/merge-request.json").pipeline_id == PIPELINE
    assert "### Failed" not in note


def test_a_plan_that_left_nothing_is_named(review: CommandLine, merged: Merged) -> None:
    leave(review, "prod", mark="bbbb")
    merged.job(Job(id=5, name="plan:dev", stage="plan", status="failed"))
    note = commented(review, merged)
    assert fingerprints(note) == {"prod": "bbbb"}
    assert "plan:dev" in note
    assert "`dev` has no plan: the job that plans it left no report" in note


def test_a_plan_that_failed_says_why(review: CommandLine, merged: Merged) -> None:
    leave(review, "dev", failure="terraform plan ended with status 1")
    leave(review, "prod")
    note = commented(review, merged)
    assert "`dev` has no plan: terraform plan ended with status 1" in note


def test_a_pipeline_that_failed_before_its_plans_has_a_note_too(
    review: CommandLine, merged: Merged
) -> None:
    merged.job(Job(id=5, name="lint", stage="validate", status="failed"))
    merged.job(Job(id=6, name="hint", stage="validate", status="failed", allow_failure=True))
    note = commented(review, merged)
    assert fingerprints(note) == {}
    assert "`lint`" in note
    assert "hint" not in note


@pytest.mark.parametrize(
    ("baseline", "shown", "title"),
    [
        pytest.param(
            None, ["CKV_AWS_7", "CKV_AWS_33"], "### Policy findings", id="nothing to compare"
        ),
        pytest.param([OLD], ["CKV_AWS_7"], "### New policy findings", id="compared"),
    ],
)
def test_policy_findings_are_compared_with_the_default_branch(
    review: CommandLine, merged: Merged, baseline: object, shown: list[str], title: str
) -> None:
    leave(review, "dev")
    review.write("reports/policies.json", [OLD, FINDING])
    if baseline is not None:
        files = {"reports/policies.json": msgspec.json.encode(baseline).decode()}
        with merged.gitlab.store.use() as state:
            run = Job(id=3, name="policies", status="success", artifacts=files)
            state.projects[0].pipelines.append(Pipeline(id=6000, ref="main", jobs=[run]))
    note = commented(review, merged)
    assert title in note
    assert [check for check in ("CKV_AWS_7", "CKV_AWS_33") if check in note] == shown


def test_without_a_policies_file_there_are_no_findings(review: CommandLine, merged: Merged) -> None:
    leave(review, "dev")
    assert "olicy findings" not in commented(review, merged)


def test_a_baseline_that_is_damaged_posts_nothing(review: CommandLine, merged: Merged) -> None:
    leave(review, "dev")
    review.write("reports/policies.json", [])
    run = Job(id=3, name="policies", artifacts={"reports/policies.json": "[{"})
    with merged.gitlab.store.use() as state:
        state.projects[0].pipelines.append(Pipeline(id=6000, ref="main", jobs=[run]))
    line = review.refused(Status.BAD_SETTINGS, "comment")
    assert line.startswith("reports/policies.json of main: ")
    assert merged.notes() == []


@pytest.mark.parametrize("content", [b"", b'{"format": 2', b'{"format": 99}', b"{}"])
def test_a_damaged_report_posts_nothing(
    review: CommandLine, merged: Merged, content: bytes
) -> None:
    leave(review, "prod")
    review.write("reports/dev.json", content)
    line = review.refused(Status.BAD_SETTINGS, "comment")
    assert line.startswith("reports/dev.json: ")
    assert merged.notes() == []


def test_a_later_pipeline_updates_the_note_and_an_older_one_does_not(
    review: CommandLine, merged: Merged
) -> None:
    with merged.gitlab.store.use() as state:
        state.projects[0].pipelines += [Pipeline(id=PIPELINE + 1), Pipeline(id=PIPELINE - 1)]
    leave(review, "dev", mark="aaaa")
    assert "note created: https://" in review("comment").out
    leave(review, "dev", mark="bbbb")
    review.set(CI_PIPELINE_ID=PIPELINE + 1)
    assert "note updated: " in review("comment").out
    leave(review, "dev", mark="cccc")
    review.set(CI_PIPELINE_ID=PIPELINE - 1)
    assert "note outdated: " in review("comment").out
    assert fingerprints(merged.note("plan")) == {"dev": "bbbb"}
    assert len(merged.notes()) == 1


def test_only_a_merge_request_s_pipeline_comments(job: CommandLine, merged: Merged) -> None:
    leave(job, "dev")
    line = job.refused(Status.USAGE, "comment")
    assert line.startswith("CI_MERGE_REQUEST_IID is not set")
    assert merged.gitlab.requests == []


def test_a_number_that_is_none_is_one_line(job: CommandLine, merged: Merged) -> None:
    job.set(CI_MERGE_REQUEST_IID="7; drop")
    line = job.refused(Status.USAGE, "comment")
    assert line == "CI_MERGE_REQUEST_IID='7; drop': is no number; GitLab sets it"


def test_a_token_that_gitlab_refuses_has_a_status(review: CommandLine, merged: Merged) -> None:
    leave(review, "dev")
    review.set(GITLAB_TOKEN=world.EXPIRED)
    line = review.refused(Status.GITLAB_DENIED, "comment")
    assert "401" in line
    assert world.EXPIRED not in line


def test_a_missing_token_has_a_status(review: CommandLine, merged: Merged) -> None:
    review.set(GITLAB_TOKEN="")
    assert review.refused(Status.USAGE, "comment").startswith("GITLAB_TOKEN is not set")


def test_a_dead_server_has_a_status_and_nobody_else_speaks(
    review: CommandLine, merged: Merged
) -> None:
    leave(review, "dev")
    merged.gitlab.faults.order(Fault(connection="drop", times=99))
    line = review.refused(Status.GITLAB_UNREACHABLE, "comment")
    assert "no connection, or it broke" in line


def test_a_server_that_is_not_there_has_a_status(review: CommandLine, merged: Merged) -> None:
    leave(review, "dev")
    review.set(CI_API_V4_URL="http://127.0.0.1:1/api/v4")
    review.refused(Status.GITLAB_UNREACHABLE, "comment")
