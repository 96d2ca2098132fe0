"""The period that a report is about, and the steps in which CloudWatch is asked about it."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from usage.errors import UsageError

DEFAULT_HOURS = 24.0
OLDEST = dt.timedelta(days=455)
"""CloudWatch keeps hours for 455 days, and nothing longer."""

_STEPS = (60, 300, 3_600, 21_600, 86_400)
"""Seconds; each divides a day, so that steps begin at midnight UTC."""
_MOST_STEPS = 500
_KEPT = ((dt.timedelta(days=15), 60), (dt.timedelta(days=63), 300), (OLDEST, 3_600))
"""Age to the shortest step that CloudWatch still keeps, seconds.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html
"""
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """A span of whole steps; all times are in UTC.

    Attributes:
        start: the beginning of the first step.
        end: where the data ends: the end of the last step, or now where that is earlier.
        step: length of a step, seconds.
    """

    start: dt.datetime
    end: dt.datetime
    step: int

    @property
    def hours(self) -> float:
        """Its length."""
        return (self.end - self.start).total_seconds() / 3_600


def period(
    *,
    now: dt.datetime,
    hours: float | None = None,
    start: str | None = None,
    end: str | None = None,
) -> Period:
    """The period of these options, widened to whole steps; without any, the last day.

    The step is the shortest that CloudWatch still keeps for that age and that divides the period
    into no more than 500.

    Args:
        now: the present, with a time zone.
        hours: that many hours until now.
        start: ISO 8601; without an offset it is UTC.
        end: the same; now by default.

    Raises:
        UsageError: the options contradict each other, or CloudWatch holds nothing there.
    """
    if hours is not None and (start, end) != (None, None):
        raise UsageError("--hours: it ends now, so --from and --to cannot stand beside it; use one")
    if end is not None and start is None:
        raise UsageError(f"--to {end}: it needs a beginning; add --from")
    last = now if end is None else _time("--to", end)
    first = now - _length(hours) if start is None else _time("--from", start)
    _check(first, last, now, start, end)
    step = _step(first, last, now)
    whole = _ceil(last, step)
    return Period(start=_floor(first, step), end=min(whole, max(now, last)), step=step)


def _length(hours: float | None) -> dt.timedelta:
    length = DEFAULT_HOURS if hours is None else hours
    most = OLDEST.total_seconds() / 3_600
    if not math.isfinite(length) or length <= 0:
        raise UsageError(f"--hours {length:g}: no length of time; write a number above 0")
    if length > most:
        raise UsageError(
            f"--hours {length:g}: CloudWatch keeps {OLDEST.days} days; write at most {most:g}"
        )
    return max(dt.timedelta(hours=length), dt.timedelta.resolution)


def _time(option: str, text: str) -> dt.datetime:
    try:
        time = dt.datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"{option} {text}: not a time of ISO 8601; write 2026-11-01, 2026-11-01T08:00 (UTC) or "
            "2026-11-01T08:00+07:00"
        ) from None
    try:
        return time.replace(tzinfo=time.tzinfo or dt.UTC).astimezone(dt.UTC)
    except OverflowError:
        raise UsageError(f"{option} {text}: outside the calendar; write a later year") from None


def _check(
    first: dt.datetime, last: dt.datetime, now: dt.datetime, start: str | None, end: str | None
) -> None:
    if last > now:
        raise UsageError(f"--to {end}: in the future (it is {now:%Y-%m-%dT%H:%MZ}); leave it out")
    if first >= now:
        raise UsageError(f"--from {start}: in the future (it is {now:%Y-%m-%dT%H:%MZ})")
    if first == last:
        raise UsageError(
            f"--from {start}: nothing lies between it and --to {end}, which is the first moment that "
            "is left out; a whole day is --from 2026-11-01 --to 2026-11-02"
        )
    if first > last:
        raise UsageError(f"--from {start}: not before --to {end}; exchange them")
    if now - first > OLDEST:
        oldest = now - OLDEST
        raise UsageError(
            f"--from {start}: CloudWatch keeps {OLDEST.days} days; write "
            f"{oldest + dt.timedelta(days=1):%Y-%m-%d} or later"
        )


def _step(first: dt.datetime, last: dt.datetime, now: dt.datetime) -> int:
    kept = next(step for age, step in _KEPT if now - first <= age)
    length = (last - first).total_seconds()
    return next(s for s in _STEPS if s >= kept and length / s <= _MOST_STEPS)


def _floor(time: dt.datetime, step: int) -> dt.datetime:
    seconds = (time - _EPOCH) // dt.timedelta(seconds=step) * step
    return _EPOCH + dt.timedelta(seconds=seconds)


def _ceil(time: dt.datetime, step: int) -> dt.datetime:
    floor = _floor(time, step)
    return floor if floor == time else floor + dt.timedelta(seconds=step)
