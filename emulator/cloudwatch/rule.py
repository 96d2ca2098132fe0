"""The rule of a composite alarm, such as `ALARM(a) AND NOT (OK("b c") OR FALSE)`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from emulator.cloudwatch.state import STATES

MOST_CHILDREN: Final = 100
MOST_ELEMENTS: Final = 500

_TOKEN = re.compile(
    rf"""\s*(?:
    (?P<state>{"|".join(STATES)})\s*\(\s*(?:"(?P<double>[^"]+)"|'(?P<single>[^']+)'|(?P<bare>[^()"'\s][^()"']*?))\s*\)
  | (?P<word>AND|OR|NOT|TRUE|FALSE)\b
  | (?P<symbol>[()])
    )""",
    re.VERBOSE | re.IGNORECASE,
)

Holds = Callable[[str, str], bool]
"""Whether the alarm of this name or ARN is in this state."""


class RuleError(ValueError):
    """A rule that is none; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A parsed rule.

    Attributes:
        children: the alarms that it names, by name or ARN, each once.
        holds: whether it is true.
    """

    children: tuple[str, ...]
    holds: Callable[[Holds], bool]


def parse(text: str) -> Rule:
    """Parses a rule.

    Raises:
        RuleError: if it is none, or is too long.
    """
    parser = _Parser(text)
    holds = parser.either()
    if parser.kind:
        raise parser.unexpected()
    children = tuple(dict.fromkeys(parser.children))
    if len(children) > MOST_CHILDREN:
        raise RuleError(f"AlarmRule names {len(children)} alarms, more than {MOST_CHILDREN}")
    if parser.elements > MOST_ELEMENTS:
        raise RuleError(f"AlarmRule has {parser.elements} elements, more than {MOST_ELEMENTS}")
    return Rule(children=children, holds=holds)


Test = Callable[[Holds], bool]


class _Parser:
    """One token ahead. NOT binds tighter than AND, and AND than OR."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.children: list[str] = []
        self.elements = 0
        self._tokens = self._split()
        self.kind, self.value, self.name = next(self._tokens)

    def _split(self) -> Iterator[tuple[str, str, str]]:
        position = 0
        while self.text[position:].strip():
            match = _TOKEN.match(self.text, position)
            if match is None:
                raise RuleError(f"AlarmRule is not valid at {self.text[position:].strip()!r}")
            position = match.end()
            name = match["double"] or match["single"] or match["bare"] or ""
            kind = next(each for each in ("state", "word", "symbol") if match[each])
            yield kind, match[kind].upper(), name
        yield "", "", ""

    def unexpected(self) -> RuleError:
        """The error at this place."""
        return RuleError(f"AlarmRule has an unexpected {self.value or 'end'}: {self.text!r}")

    def _next(self) -> None:
        self.kind, self.value, self.name = next(self._tokens)

    def either(self) -> Test:
        """Alternatives, with OR between them."""
        parts = [self._all()]
        while self.value == "OR":
            self._next()
            parts.append(self._all())
        return lambda holds: any(part(holds) for part in parts)

    def _all(self) -> Test:
        parts = [self._one()]
        while self.value == "AND":
            self._next()
            parts.append(self._one())
        return lambda holds: all(part(holds) for part in parts)

    def _one(self) -> Test:
        kind, value, name = self.kind, self.value, self.name
        if value not in ("NOT", "(", "TRUE", "FALSE") and kind != "state":
            raise self.unexpected()
        self._next()
        if value == "NOT":
            part = self._one()
            return lambda holds: not part(holds)
        self.elements += 1
        if value == "(":
            inner = self.either()
            if self.value != ")":
                raise self.unexpected()
            self._next()
            return inner
        if kind == "state":
            self.children.append(name)
            return lambda holds: holds(name, value)
        return lambda _holds: value == "TRUE"
