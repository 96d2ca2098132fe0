"""Seconds since 1970, as the store counts, and the forms in which the API has them."""

from __future__ import annotations

from datetime import UTC, datetime


def seconds_of(moment: datetime) -> float:
    """Gives the seconds of a time that is in UTC if it names no zone."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def moment_of(seconds: float) -> datetime:
    """Gives the time in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def iso(seconds: float) -> str:
    """Gives a time as alarms write it, such as `2019-10-02T17:04:40.985+0000`."""
    moment = moment_of(seconds)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}+0000"
