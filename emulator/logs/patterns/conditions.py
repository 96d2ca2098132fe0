"""Conditions joined by `&&`, `||` and parentheses, as JSON and space-delimited patterns have them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from emulator.logs.patterns.matching import PatternError, Test, compare

Lookup = Callable[[str], Any]
Condition = Callable[[Lookup], bool]

_SPACE: Final = re.compile(r"\s*")
_SIGN: Final = re.compile(r"!=|<=|>=|=|<|>")
_VALUE: Final = re.compile(r'"(?:[^"\\]|\\.)*"|%[^%]+%|[^\s()&|,\]}<>=!"]+')
_STATES: Final[dict[str, Test]] = {
    "TRUE": lambda value: value is True,
    "FALSE": lambda value: value is False,
    "NULL": lambda value: value is Null,
}


class Null:
    """What a lookup gives for JSON's null, which is there, unlike None."""


class Reader:
    """Reads conditions from a position on."""

    def __init__(self, text: str, selector: re.Pattern[str]) -> None:
        """Starts at the beginning.

        Args:
            text: of the conditions.
            selector: what names a value.
        """
        self._text = text
        self._selector = selector
        self._position = 0
        self.selectors: list[str] = []

    def whole(self) -> Condition:
        """Reads all of the text.

        Raises:
            PatternError: if it is no condition.
        """
        condition = self._any()
        if self._take(re.compile(r".", re.DOTALL)):
            raise PatternError(f"unexpected: {self._text[self._position - 1 :][:30]}")
        return condition

    def _any(self) -> Condition:
        options = [self._all()]
        while self._take(re.compile(r"\|\|")):
            options.append(self._all())
        return lambda lookup: any(option(lookup) for option in options)

    def _all(self) -> Condition:
        parts = [self._one()]
        while self._take(re.compile("&&")):
            parts.append(self._one())
        return lambda lookup: all(part(lookup) for part in parts)

    def _one(self) -> Condition:
        if self._take(re.compile(r"\(")):
            inner = self._any()
            if not self._take(re.compile(r"\)")):
                raise PatternError("')' is missing")
            return inner
        selector = self._take(self._selector)
        if not selector:
            rest = self._text[self._position :][:30] or "the end"
            raise PatternError(f"a selector is missing at: {rest}")
        self.selectors.append(selector)
        test = self._test()
        return lambda lookup: test(lookup(selector))

    def _test(self) -> Test:
        state = self._take(re.compile(r"IS\s+(?:NULL|TRUE|FALSE)\b", re.IGNORECASE))
        if state:
            return _STATES[state.split()[1].upper()]
        if self._take(re.compile(r"NOT\s+EXISTS\b", re.IGNORECASE)):
            return lambda value: value is None
        sign, value = self._take(_SIGN), self._take(_VALUE)
        if not sign or not value:
            raise PatternError(f"a comparison is missing after {self.selectors[-1]}")
        test = compare(sign, value)
        return lambda found: found is not Null and test(found)

    def _take(self, pattern: re.Pattern[str]) -> str | None:
        space = _SPACE.match(self._text, self._position)
        start = space.end() if space else self._position
        found = pattern.match(self._text, start)
        if not found:
            return None
        self._position = found.end()
        return found[0]
