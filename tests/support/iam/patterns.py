"""IAM's patterns, and the lists that it writes as one value or as several."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable


def listed(value: str | Iterable[str]) -> list[str]:
    """A list of what IAM writes as one value or as several."""
    return [value] if isinstance(value, str) else list(value)


def matches(pattern: str, text: str) -> bool:
    """Whether IAM's pattern, with its asterisks and question marks, is that of the whole text."""
    return _compiled(pattern).fullmatch(text) is not None


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = {"*": ".*", "?": "."}
    return re.compile("".join(parts.get(char, re.escape(char)) for char in pattern), re.DOTALL)


@functools.cache
def overlap(one: str, other: str) -> bool:
    """Whether some text is of both patterns."""
    if not one or not other:
        return not (one or other).strip("*")
    if one[0] == "*":
        return overlap(one[1:], other) or overlap(one, other[1:])
    if other[0] == "*":
        return overlap(one, other[1:]) or overlap(one[1:], other)
    return (one[0] == other[0] or "?" in (one[0], other[0])) and overlap(one[1:], other[1:])
