"""What all kinds of filter patterns share: a pattern, a match, and how one value is compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

Test = Callable[[Any], bool]
"""Whether a value of an event is what a condition wants."""

_NUMBER: Final = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_COMPARED: Final[dict[str, Callable[[float, float], bool]]] = {
    "<": lambda value, wanted: value < wanted,
    "<=": lambda value, wanted: value <= wanted,
    ">": lambda value, wanted: value > wanted,
    ">=": lambda value, wanted: value >= wanted,
}


class PatternError(Exception):
    """The filter pattern is none, or has something that the emulator lacks."""


@dataclass(frozen=True, kw_only=True)
class Match:
    """An event that a pattern matches.

    Attributes:
        value: gives what a selector such as `$.ms` or `$status` names; None for what is not there.
        extracted: values by the selectors of the pattern.
    """

    value: Callable[[str], Any]
    extracted: Mapping[str, str] = field(default_factory=dict)


class Pattern(Protocol):
    """A filter pattern, ready to match."""

    def match(self, message: str) -> Match | None:
        """Matches an event's message."""


def compare(sign: str, wanted: str) -> Test:
    """Makes the test of a condition.

    Args:
        sign: `=`, `!=`, `<`, `<=`, `>` or `>=`.
        wanted: as it is written: a number, a text with or without quotes, or `%regex%`.

    Raises:
        PatternError: if such a condition can't be.
    """
    if sign in _COMPARED:
        if not _NUMBER.fullmatch(wanted):
            raise PatternError(f"{sign} needs a number, not {wanted}")
        test, figure = _COMPARED[sign], float(wanted)
        return lambda value: (found := numeric(value)) is not None and test(found, figure)
    same = _equality(wanted)
    return same if sign == "=" else lambda value: value is not None and not same(value)


def _equality(wanted: str) -> Test:
    if wanted.startswith("%"):
        pattern = regex(wanted)
        return lambda value: bool(pattern.search(shown(value)))
    if _NUMBER.fullmatch(wanted):
        figure = float(wanted)
        return lambda value: numeric(value) == figure
    text = wanted[1:-1].replace('\\"', '"') if wanted.startswith('"') else wanted
    glob = re.compile(".*".join(map(re.escape, text.split("*"))), re.DOTALL)
    return lambda value: value is not None and bool(glob.fullmatch(shown(value)))


def regex(written: str) -> re.Pattern[str]:
    """Reads `%regex%`.

    Raises:
        PatternError: if it is none, or has groups, which AWS does not take.
    """
    inner = written.strip("%")
    if re.search(r"(?<!\\)[()]", inner):
        raise PatternError(f"a regular expression of a filter pattern has no groups: {written}")
    try:
        return re.compile(inner)
    except re.error as error:
        raise PatternError(f"{written} is no regular expression: {error}") from None


def numeric(value: Any) -> float | None:
    """A value as a number."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    return float(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else None


def shown(value: Any) -> str:
    """A value as a text."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
