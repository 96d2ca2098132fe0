"""Patterns of JSON events, `{ $.level = "ERROR" }`, and of delimited ones, `[ip, user, status=5*]`."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from emulator.logs.patterns.conditions import Condition, Null, Reader
from emulator.logs.patterns.matching import Match, PatternError, shown

_SELECTOR: Final = re.compile(r"\$(?:\.?\[(?:\d+|'[^']+'|\"[^\"]+\")\]|\.[\w@-]+)+")
_STEP: Final = re.compile(r"\[(\d+)\]|\['([^']+)'\]|\[\"([^\"]+)\"\]|\.([\w@-]+)")
_NAME: Final = re.compile(r"\w+")
_WORD: Final = re.compile(r'"((?:[^"\\]|\\.)*)"|\[([^\]]*)\]|(\S+)')
_REST: Final = "..."


class JsonPattern:
    """A pattern in braces."""

    def __init__(self, text: str) -> None:
        """Reads what is between the braces.

        Raises:
            PatternError: if it is no condition that the emulator knows.
        """
        if "[*]" in text:
            raise PatternError("the emulator lacks selectors of all members, [*]")
        reader = Reader(text, _SELECTOR)
        self._condition = reader.whole()
        self._selectors = tuple(dict.fromkeys(reader.selectors))

    def match(self, message: str) -> Match | None:
        """Matches an event in JSON; no other matches."""
        event = json_object(message)
        if event is None or not self._condition(lambda selector: select(event, selector)):
            return None
        values = {each: select(event, each) for each in self._selectors}
        return Match(
            value=lambda selector: _there(select(event, selector)),
            extracted={
                each: shown(_there(value)) for each, value in values.items() if value is not None
            },
        )


class DelimitedPattern:
    """A pattern in brackets."""

    def __init__(self, text: str) -> None:
        """Reads what is between the brackets.

        Raises:
            PatternError: if a field has no name or no condition that the emulator knows.
        """
        self._names: list[str] = []
        self._conditions: list[Condition] = []
        for part in text.split(","):
            field = part.strip()
            name = field if field == _REST else _name(field)
            self._names.append(name)
            if name != field:
                reader = Reader(field, _NAME)
                self._conditions.append(reader.whole())
                if set(reader.selectors) != {name}:
                    raise PatternError(f"the condition of {name} is about another field: {field}")
        if self._names.count(_REST) > 1:
            raise PatternError("a pattern has one ... at most")

    def match(self, message: str) -> Match | None:
        """Matches an event that has as many words as the pattern has fields."""
        words = [next(filter(None, found.groups()), "") for found in _WORD.finditer(message)]
        fields = self._assigned(words)
        if fields is None or not all(condition(fields.get) for condition in self._conditions):
            return None
        return Match(
            value=lambda selector: fields.get(selector.removeprefix("$")),
            extracted={f"${name}": value for name, value in fields.items()},
        )

    def _assigned(self, words: list[str]) -> dict[str, str] | None:
        names = self._names
        if _REST in names:
            before, after = names.index(_REST), len(names) - names.index(_REST) - 1
            if len(words) < before + after:
                return None
            names = [*names[:before], *names[before + 1 :]]
            words = [*words[:before], *words[len(words) - after :]]
        return dict(zip(names, words, strict=True)) if len(names) == len(words) else None


def _name(field: str) -> str:
    found = _NAME.match(field.lstrip("( "))
    if not found:
        raise PatternError(f"a field without a name: {field!r}")
    return found[0]


def json_object(message: str) -> Any:
    """An event's message as JSON; None unless it is an object or a list."""
    if not message.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(message)
    except (ValueError, RecursionError):
        return None


def select(event: Any, selector: str) -> Any:
    """What a selector names; None if that is not there, `Null` if it is null."""
    found = event
    for index, *names in _STEP.findall(selector):
        name = next(filter(None, names), "")
        if index:
            if not isinstance(found, list) or int(index) >= len(found):
                return None
            found = found[int(index)]
        elif isinstance(found, dict) and name in found:
            found = found[name]
        else:
            return None
    return Null if found is None else found


def _there(value: Any) -> Any:
    return None if value is Null else value
