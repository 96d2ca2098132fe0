"""Periods: whole steps, only where CloudWatch holds data, and one clear line otherwise."""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage.errors import UsageError
from usage.period import OLDEST, Period, period

NOW = dt.datetime(2026, 11, 30, 10, 17, 42, tzinfo=dt.UTC)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def test_a_day_until_now_without_options() -> None:
    assert period(now=NOW) == Period(start=at("2026-11-29T10:15"), end=NOW, step=300)
    assert period(now=NOW) == period(now=NOW, hours=24)


@pytest.mark.parametrize(
    ("start", "end", "step"),
    [
        ("2026-11-30T08:00", "2026-11-30T09:00", 60),
        # Minutes are kept for 15 days, five of them for 63, hours for 455.
        ("2026-11-10T08:00", "2026-11-10T09:00", 300),
        ("2026-09-20T08:00", "2026-09-20T09:00", 3_600),
        # And no more than 500 steps.
        ("2026-11-28", "2026-11-30", 3_600),
        ("2026-09-01", "2026-11-30", 21_600),
        ("2025-10-01", "2026-11-30", 86_400),
    ],
)
def test_the_step_follows_age_and_length(start: str, end: str, step: int) -> None:
    assert period(now=NOW, start=start, end=end) == Period(start=at(start), end=at(end), step=step)


def test_a_period_is_widened_to_whole_steps_but_never_beyond_now() -> None:
    found = period(now=NOW, start="2026-09-20T08:10", end="2026-09-20T09:20")
    assert (found.start, found.end) == (at("2026-09-20T08:00"), at("2026-09-20T10:00"))
    assert found.hours == 2
    assert period(now=NOW, start="2026-09-20T08:10").end == NOW


def test_an_offset_counts_and_without_one_it_is_utc() -> None:
    there = period(now=NOW, start="2026-11-30T12:00+07:00", end="2026-11-30T13:00+07:00")
    assert there == period(now=NOW, start="2026-11-30T05:00", end="2026-11-30T06:00Z")


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"hours": 1, "start": "2026-11-01"}, "--hours: it ends now, so --from and --to cannot"),
        ({"hours": 1, "end": "2026-11-01"}, "--hours: it ends now"),
        ({"hours": 0}, "--hours 0: no length of time; write a number above 0"),
        ({"hours": -3}, "--hours -3: no length"),
        ({"hours": float("nan")}, "--hours nan: no length"),
        ({"hours": float("inf")}, "--hours inf: no length"),
        ({"hours": 10_921}, "--hours 10921: CloudWatch keeps 455 days; write at most 10920"),
        ({"end": "2026-11-01"}, "--to 2026-11-01: it needs a beginning; add --from"),
        ({"start": "yesterday"}, "--from yesterday: not a time of ISO 8601; write 2026-11-01,"),
        ({"start": "2026-13-01"}, "--from 2026-13-01: not a time"),
        ({"start": "2026-11-02", "end": "2026-11-01"}, "--from 2026-11-02: not before --to 2026-"),
        ({"start": "2026-11-02", "end": "2026-11-02"}, "--from 2026-11-02: nothing lies between"),
        ({"start": ""}, "--from : not a time of ISO 8601"),
        ({"start": "2026-11-02", "end": ""}, "--to : not a time of ISO 8601"),
        ({"end": ""}, "--to : it needs a beginning"),
        ({"hours": 1, "start": ""}, "--hours: it ends now"),
        ({"start": "2026-12-01"}, "--from 2026-12-01: in the future (it is 2026-11-30T10:17Z)"),
        ({"start": "2026-11-01", "end": "2026-12-01"}, "--to 2026-12-01: in the future"),
        ({"start": "2025-08-01"}, "--from 2025-08-01: CloudWatch keeps 455 days; write 2025-09-02"),
        (
            {"start": "0001-01-01T00:00+14:00"},
            "--from 0001-01-01T00:00+14:00: outside the calendar",
        ),
    ],
)
def test_what_cannot_be_is_one_line(options: dict[str, object], line: str) -> None:
    with pytest.raises(UsageError) as caught:
        period(now=NOW, **options)  # type: ignore[arg-type]
    assert str(caught.value).startswith(line)
    assert "\n" not in str(caught.value)


def test_the_shortest_length_is_one_step() -> None:
    found = period(now=NOW, hours=1e-300)
    assert found.start < NOW
    assert (found.end, found.step) == (NOW, 60)


@given(
    ages=st.tuples(*[st.timedeltas(dt.timedelta(seconds=1), OLDEST)] * 2),
)
def test_any_period_is_whole_steps_that_cloudwatch_keeps(
    ages: tuple[dt.timedelta, dt.timedelta],
) -> None:
    first, last = NOW - max(ages), NOW - min(ages)
    if first == last:
        return
    found = period(now=NOW, start=first.isoformat(), end=last.isoformat())
    assert found.start <= first < last <= found.end <= NOW
    assert found.start.timestamp() % found.step == 0
    assert found.end == NOW or found.end.timestamp() % found.step == 0
    assert (found.end - found.start).total_seconds() / found.step <= 502
    age = NOW - first
    assert found.step >= (
        60 if age <= dt.timedelta(15) else 300 if age <= dt.timedelta(63) else 3600
    )


@given(st.text(), st.text(), st.one_of(st.none(), st.floats()))
def test_any_text_gives_a_period_or_one_line(start: str, end: str, hours: float | None) -> None:
    with contextlib.suppress(UsageError):
        found = period(now=NOW, hours=hours, start=start, end=end)
        assert found.start < found.end
