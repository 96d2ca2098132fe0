"""Values of fields: texts, numbers, moments; None is what an event does not have."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_DIGITS: Final = 4
"""Decimal places that Insights shows."""


class Instant(int):
    """Milliseconds since 1970, shown as date and time."""


Value = str | int | float | None
Row = Mapping[str, Value]


def number(value: Value) -> int | float | None:
    """A value as a number; None for a text that is none."""
    if not isinstance(value, str):
        return value
    if not _NUMBER.fullmatch(value):
        return None
    return int(value) if value.lstrip("-").isdecimal() else float(value)


def text(value: Value) -> str:
    """A value as Insights shows it."""
    match value:
        case None:
            return ""
        case str():
            return value
        case Instant():
            moment = datetime.fromtimestamp(value / 1000, UTC)
            return f"{moment:%Y-%m-%d %H:%M:%S}.{value % 1000:03d}"
        case float():
            return f"{value:.{_DIGITS}f}".rstrip("0").rstrip(".")
        case _:
            return str(int(value))


def order(value: Value) -> tuple[int, float, str]:
    """What values are sorted by: nothing, then texts, then numbers."""
    if value is None:
        return 0, 0.0, ""
    figure = number(value)
    return (1, 0.0, text(value)) if figure is None else (2, float(figure), "")


def equal(left: Value, right: Value) -> bool:
    """Whether two values are the same number, or the same text."""
    figures = number(left), number(right)
    if None not in figures:
        return figures[0] == figures[1]
    return text(left) == text(right)


def below(left: Value, right: Value) -> bool:
    """Whether a value is less than another; as texts unless both are numbers."""
    first, second = number(left), number(right)
    if first is not None and second is not None:
        return first < second
    return text(left) < text(right)
