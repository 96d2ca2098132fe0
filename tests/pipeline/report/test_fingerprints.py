"""The hidden line that a later pipeline reads."""

from __future__ import annotations

import pytest

from pipeline.errors import PipelineError, Status
from pipeline.report.fingerprints import Reviewed, fingerprints, hidden_line, reviewed
from pipeline.report.markdown import render
from pipeline.report.model import Report
from tests.pipeline.report.reports import COMMIT, SMALL, alone


def test_a_note_gives_back_what_was_reviewed() -> None:
    note = render(SMALL, marker="<!-- the note -->")
    assert fingerprints(note) == {"dev": "4be1c09f2a77d3e8", "prod": "a00b19cd55e2f614"}
    assert reviewed(note) == Reviewed(
        fingerprints={"dev": "4be1c09f2a77d3e8", "prod": "a00b19cd55e2f614"},
        commit=COMMIT,
        pipeline_id=48211,
    )


def test_line_ends_of_another_system_do_not_hide_it() -> None:
    assert fingerprints(render(SMALL).replace("\n", "\r\n")) == fingerprints(render(SMALL))


def test_an_environment_without_a_plan_has_no_fingerprint() -> None:
    report = Report(
        environments=(
            alone("dev", fingerprint="abc", failure="it failed"),
            alone("prod"),
        )
    )
    assert hidden_line(report) == "<!-- mapvibe:plan commit= pipeline=0 -->"
    assert fingerprints(render(report)) == {}


def test_environments_may_be_called_commit_and_pipeline() -> None:
    report = Report(
        environments=(
            alone("commit", fingerprint="a1"),
            alone("pipeline", fingerprint="2"),
        ),
        commit="c0ffee",
        pipeline_id=9,
    )
    assert reviewed(hidden_line(report)) == Reviewed(
        fingerprints={"commit": "a1", "pipeline": "2"}, commit="c0ffee", pipeline_id=9
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a note of a person",
        "quoted: <!-- mapvibe:plan dev=abc commit=abc pipeline=1 -->",
        "> <!-- mapvibe:plan dev=abc commit=abc pipeline=1 -->",
        "<!-- mapvibe:plan dev=abc -->",
    ],
    ids=["empty", "other", "inside a line", "quoted", "incomplete"],
)
def test_another_note_has_none(text: str) -> None:
    assert reviewed(text) is None
    assert fingerprints(text) == {}


@pytest.mark.parametrize(
    "report",
    [
        Report(environments=(alone("dev prod=1", fingerprint="a"),)),
        Report(environments=(alone("dev", fingerprint="a b"),)),
        Report(commit="abc -->"),
        Report(commit="abc\n"),
    ],
    ids=["name", "fingerprint", "commit", "line end"],
)
def test_what_would_forge_the_line_is_refused(report: Report) -> None:
    with pytest.raises(PipelineError, match="correct the arguments") as caught:
        hidden_line(report)
    assert caught.value.status is Status.USAGE
