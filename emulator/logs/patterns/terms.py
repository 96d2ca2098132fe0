"""Patterns of any event: `ERROR "not found" -retried`, `?ERROR ?WARN`, `%4[0-9]{2}%`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from emulator.logs.patterns.matching import Match, PatternError, regex

_TERM: Final = re.compile(r'\s*([-?]?)("(?:[^"\\]|\\.)*"|%[^%]+%|\w+)(?=\s|$)\s*')

Found = Callable[[str], bool]


class TermsPattern:
    """Terms, which are found as they are written, capital letters included."""

    def __init__(self, text: str) -> None:
        """Reads the terms; no terms match every event.

        Raises:
            PatternError: if something is no term.
        """
        self._wanted: list[Found] = []
        self._unwanted: list[Found] = []
        self._optional: list[Found] = []
        kinds = {"": self._wanted, "-": self._unwanted, "?": self._optional}
        position = 0
        text = text.strip()
        while position < len(text):
            found = _TERM.match(text, position)
            if not found:
                raise PatternError(
                    f"{text[position:][:30]}: a term with other characters than letters, digits "
                    'and _ stands in double quotes ("…")'
                )
            kinds[found[1]].append(_term(found[2]))
            position = found.end()
        if self._optional and (self._wanted or self._unwanted):
            raise PatternError("AWS ignores ?terms beside other terms; leave one or the other out")

    def match(self, message: str) -> Match | None:
        """Matches an event that has the terms it shall have."""
        fits = (
            all(found(message) for found in self._wanted)
            and not any(found(message) for found in self._unwanted)
            and (not self._optional or any(found(message) for found in self._optional))
        )
        return Match(value=lambda _selector: None) if fits else None


def _term(written: str) -> Found:
    if written.startswith("%"):
        pattern = regex(written)
        return lambda message: bool(pattern.search(message))
    text = re.sub(r"\\(.)", r"\1", written[1:-1]) if written.startswith('"') else written
    return lambda message: text in message
