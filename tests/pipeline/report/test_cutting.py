"""A note has a limit; what is least important goes first."""

from __future__ import annotations

import re

import pytest

from pipeline.report.fingerprints import fingerprints
from pipeline.report.markdown import LIMIT, render
from pipeline.report.model import Report
from tests.pipeline.report import parsing
from tests.pipeline.report.reports import ARTIFACT, everywhere, large

MARKER = "<!-- mapvibe:note -->"
CUT = f"✂ **Cut:** the whole report is in [the job's artifact]({ARTIFACT})."
LARGE = large(60, warnings=30)
WHOLE = render(LARGE, marker=MARKER, limit=10**9)
TICKS = everywhere("`" * 900 + " a | b @c\n" * 30)
SLACK = 3_000
"""Bytes that are kept free for the words that say what is missing."""
LIMITS = sorted({*range(2_000, 60_000, 613), len(WHOLE.encode()) + SLACK})


def size(note: str) -> int:
    return len(note.encode())


def check(report: Report, limit: int) -> str:
    note = render(report, marker=MARKER, limit=limit)
    assert size(note) <= limit
    assert parsing.balanced(note)
    assert note.startswith(f"{MARKER}\n<!-- mapvibe:plan dev=4be1c09f2a77d3e8 ")
    assert fingerprints(note) == {"dev": "4be1c09f2a77d3e8"}
    assert "`dev` `4be1c09f2a77d3e8`" in note
    assert "| Environment | Created | Changed | Replaced | Destroyed |" in note
    for table in parsing.tables(note):
        assert {len(row) for row in table} == {len(table[0])}
    return note


@pytest.mark.parametrize("limit", LIMITS)
def test_a_note_keeps_its_limit_and_its_form(limit: int) -> None:
    note = check(LARGE, limit)
    assert note == WHOLE or limit < size(WHOLE) + SLACK
    assert (note.count(CUT) == 1) is (note != WHOLE)


@pytest.mark.parametrize("limit", range(30_000, 90_000, 4_001))
def test_a_hostile_note_does_as_well(limit: int) -> None:
    check(TICKS, limit)


def present(note: str) -> dict[str, int]:
    """How much of each part there is."""
    return {
        "attributes": note.count("attribute_0"),
        "changes": len(re.findall(r"(?m)^~ aws_db_instance.database_", note)),
        "cost": len(re.findall(r"(?m)^\| `aws_db_instance.database_", note)),
        "policies": note.count("CKV_AWS_1"),
        "warnings": note.count("is widened"),
    }


def test_what_is_least_important_goes_first() -> None:
    """A part is touched only when every part below it is gone."""
    whole = present(WHOLE)
    order = list(whole)
    seen = set()
    for limit in LIMITS:
        parts = present(render(LARGE, marker=MARKER, limit=limit))
        touched = [name for name in order if parts[name] < whole[name]]
        assert touched == order[: len(touched)], limit
        for name in touched[:-1]:
            # A line or two of what remains may still fit where a longer one did not.
            assert parts[name] <= whole[name] / 10, (limit, name)
        seen.add(len(touched))
    assert seen >= {0, 1, 3, 4}


def test_warnings_stay_and_say_how_many_there_are() -> None:
    note = render(large(10_000), marker=MARKER, limit=50_000)
    assert "- 🟠 **Permissions widen** (10,000)\n" in note
    shown = note.count("is widened")
    assert shown >= 200
    assert f"and {10_000 - shown:,} more" in note
    above = note.split("<details>")[0]
    assert above.count("is widened") == 20


def test_every_cut_list_says_how_many_are_missing() -> None:
    note = render(large(3_000, warnings=1), marker=MARKER)
    assert size(note) <= LIMIT
    assert CUT in note
    lines = len(re.findall(r"(?m)^\| `aws_db_instance.database_\d+` \| (?:instance|backup)", note))
    assert f"and {9_000 - lines:,} more" in note


def test_the_usual_limit_is_below_gitlabs() -> None:
    assert LIMIT < 1_000_000
    assert size(render(large(10_000))) <= LIMIT


def test_the_limit_counts_bytes() -> None:
    note = render(everywhere("ü🔴" * 300), limit=30_000)
    assert len(note) < size(note) <= 30_000
    assert CUT in note


def test_a_small_report_says_nothing_of_a_cut() -> None:
    assert "Cut" not in render(large(3))
