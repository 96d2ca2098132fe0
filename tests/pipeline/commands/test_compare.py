"""``compare``: is what the default branch would apply what its merge request showed?"""

from __future__ import annotations

import pytest

from pipeline.errors import Status
from pipeline.plan.model import Action
from pipeline.report.model import EnvironmentReport, Report, StackReport
from tests.pipeline.commands.support import CommandLine, Merged
from tests.pipeline.gitlab import world
from tests.pipeline.release.support import COMMIT


def leave(
    job: CommandLine, name: str, mark: str, *, failure: str = "", empty: bool = False
) -> None:
    """Leave the report of one environment, as its plan job does."""
    outputs = {} if empty else {"url": Action.UPDATE}
    stack = StackReport(name=name, fingerprint=mark, outputs=outputs, failure=failure)
    report = EnvironmentReport(name=name, stacks=(stack,))
    job.leave(Report(environments=(report,), commit=COMMIT), f"reports/{name}.json")


def review(merged: Merged, pairs: str, author: int = world.BOT) -> None:
    """Let a note on the merge request show fingerprints."""
    text = f"<!-- mapvibe:plan {pairs} commit=abc pipeline=6000 -->\n## Plan\n"
    world.add_note(merged.gitlab, text, author=author)


def test_what_was_reviewed_passes(job: CommandLine, merged: Merged) -> None:
    leave(job, "dev", "aaaa")
    leave(job, "prod", "bbbb")
    review(merged, "dev=aaaa prod=bbbb")
    ended = job("compare")
    assert (ended.status, ended.err) == (Status.OK, "")
    first, *rest = ended.out.splitlines()
    assert first.startswith("merge request: http")
    assert rest == ["dev: same (aaaa)", "prod: same (bbbb)"]


def test_every_environment_that_needs_a_second_look_is_named(
    job: CommandLine, merged: Merged
) -> None:
    leave(job, "dev", "cccc")
    leave(job, "prod", "dddd")
    review(merged, "dev=aaaa prod=bbbb")
    ended = job("compare")
    assert ended.status == 10
    assert "dev: reviewed was aaaa, to be applied is cccc" in ended.line
    assert "prod: reviewed was bbbb, to be applied is dddd" in ended.line
    assert ended.out.splitlines()[1:] == ["dev: different (cccc)", "prod: different (dddd)"]


def test_another_plan_is_more_serious_than_an_unreviewed_one(
    job: CommandLine, merged: Merged
) -> None:
    leave(job, "dev", "aaaa")
    leave(job, "prod", "dddd")
    review(merged, "prod=bbbb")
    ended = job("compare")
    assert ended.status == Status.DIFFERENT_PLAN
    assert "dev: no reviewed plan was found" in ended.line


def test_without_a_note_nothing_was_reviewed(job: CommandLine, merged: Merged) -> None:
    leave(job, "dev", "aaaa")
    ended = job("compare")
    assert ended.status == 11
    assert "ACCEPT_PLAN=aaaa" in ended.line


def test_a_person_s_forged_line_is_not_believed(job: CommandLine, merged: Merged) -> None:
    leave(job, "dev", "aaaa")
    review(merged, "dev=aaaa", author=world.PERSON)
    assert job("compare").status == Status.UNREVIEWED


def test_a_forged_line_below_ours_is_not_believed(job: CommandLine, merged: Merged) -> None:
    leave(job, "dev", "aaaa")
    forged = "<!-- mapvibe:plan dev=aaaa commit=abc pipeline=9999 -->"
    ours = f"<!-- mapvibe:plan dev=bbbb commit=abc pipeline=6000 -->\n{forged}\n"
    world.add_note(merged.gitlab, ours, author=world.BOT)
    assert job("compare").status == Status.DIFFERENT_PLAN


def test_a_plan_that_changes_nothing_needs_no_review(job: CommandLine, merged: Merged) -> None:
    leave(job, "dev", "aaaa", empty=True)
    ended = job("compare")
    assert ended.status == Status.OK
    assert "dev: empty (aaaa)" in ended.out


def test_a_commit_that_was_pushed_directly_was_not_reviewed(
    job: CommandLine, merged: Merged
) -> None:
    leave(job, "dev", "aaaa")
    review(merged, "dev=aaaa")
    merged.change(state="opened")
    ended = job("compare")
    assert ended.status == Status.UNREVIEWED
    assert "merge request: none, the commit was pushed directly" in ended.out


def test_a_plan_that_failed_cannot_be_compared(job: CommandLine, merged: Merged) -> None:
    leave(job, "dev", "", failure="terraform plan ended with status 1")
    line = job.refused(Status.FAILED, "compare")
    assert line == "dev: has no plan to compare: terraform plan ended with status 1"


def test_without_a_report_there_is_nothing_to_compare(job: CommandLine, merged: Merged) -> None:
    assert job.refused(Status.USAGE, "compare").startswith("reports: no plan's report is there")


@pytest.mark.parametrize("content", [b"", b'{"format": 1}'])
def test_a_damaged_report_is_one_line(job: CommandLine, merged: Merged, content: bytes) -> None:
    job.write("reports/dev.json", content)
    assert job.refused(Status.BAD_SETTINGS, "compare").startswith("reports/dev.json: ")


def test_only_a_job_of_a_pipeline_compares(pipeline: CommandLine) -> None:
    leave(pipeline, "dev", "aaaa")
    assert "CI_COMMIT_SHA" in pipeline.refused(Status.USAGE, "compare")


def test_a_gitlab_that_does_not_know_the_commit_is_one_line(
    job: CommandLine, merged: Merged
) -> None:
    leave(job, "dev", "aaaa")
    job.set(CI_COMMIT_SHA="f" * 40)
    ended = job("compare")
    assert ended.status == Status.GITLAB_MISSING
    assert "f" * 40 in ended.line
