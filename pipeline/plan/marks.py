"""Replaces what Terraform marks as sensitive, once, where a plan is read.

No other room ever holds such a value: neither where it is marked, nor in a text elsewhere in the
plan that contains it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import ahocorasick
import msgspec

from pipeline.plan.address import INDEX
from pipeline.plan.masked import MASK, Masked

SHORTEST = 8
"""A shorter marked text is looked for as a whole, and only in its own resource: many a text
contains it by chance."""

_CONTAINERS = (dict, list)
_ENCODER = msgspec.json.Encoder(order="deterministic")

Shape = Mapping[str, Any] | list[Any] | bool
Values = Mapping[str, Any] | None


class Marks:
    """The marked values of one plan.

    ``hide`` takes the resources one by one and learns their marked texts; ``hide_texts`` then
    finds these texts wherever else they stand.
    """

    def __init__(self) -> None:
        """Begin with no marked value."""
        self._numbers: dict[bytes, int] = {}
        self._long: set[str] = set()
        self._finder: Any = None
        self._held: dict[str, bool] = {}

    def hide(self, before: Values, after: Values, *marks: Shape) -> tuple[Values, Values]:
        """Both sides of one resource with ``Masked`` in place of what either side marks.

        Args:
            before: attributes as they are.
            after: attributes as they will be; the same object where nothing changes, and so is
                what is returned for it.
            marks: shaped like either side, ``True`` where Terraform marks a value.
        """
        shape: Any = False
        for each in marks:
            shape = merged(shape, each)
        if not shape:
            return before, after
        if shape is True:  # a resource of which all is marked still has its attributes' names
            shape = dict.fromkeys({*(before or {}), *(after or {})}, True)
        texts = {*_texts_under(before, shape), *_texts_under(after, shape)}
        self._long |= {text for text in texts if len(text) >= SHORTEST}
        own = _Own(self, texts)
        hidden = own.replaced(before, shape)
        return hidden, hidden if after is before else own.replaced(after, shape)

    def hide_texts(self, value: Any) -> Any:
        """A value in which no text contains a marked one; the same object where none does."""
        if not self._long:
            return value
        return _Walk(self.holds, self.masked).walked(value)

    def address(self, text: str) -> str:
        """An address whose keys contain no marked text."""
        if not self._long or "[" not in text or not self.holds(text):
            return text
        return INDEX.sub(lambda key: f'["{MASK}"]' if self.holds(key[0]) else key[0], text)

    def text(self, text: str) -> str:
        """A text for people without marked ones; a whole line goes where one is in it."""
        if not self._long:
            return text
        return "\n".join(MASK if self.holds(line) else line for line in text.split("\n"))

    def holds(self, text: str) -> bool:
        """Whether a text is or contains a marked one of some length."""
        if len(text) < SHORTEST:
            return False
        if text not in self._held:
            if self._finder is None:
                self._finder = _finder(self._long)
            self._held[text] = next(self._finder.iter(text), None) is not None
        return self._held[text]

    def masked(self, value: Any) -> Masked:
        """What stands for a value: equal values have equal masks."""
        number = self._numbers.setdefault(_ENCODER.encode(value), len(self._numbers))
        return Masked(number)


def merged(one: Any, other: Any) -> Any:
    """Marks of two sides in one shape: what either side marks is marked.

    The items of a list share a schema, and move when one is added: a mark on one of them counts
    for all. It then stands under ``None`` instead of a position.
    """
    if one is True or other is True:
        return True
    found: dict[str | None, Any] = {}
    for shape in (one, other):
        if not shape or not isinstance(shape, _CONTAINERS):
            continue
        items = shape.items() if isinstance(shape, dict) else ((None, item) for item in shape)
        for key, item in items:
            if item and (mark := merged(item, found.get(key))):
                found[key] = mark
    return found


class _Own:
    """Replaces the marked values of one resource, and its texts that contain one."""

    def __init__(self, marks: Marks, texts: set[str]) -> None:
        self._texts = texts
        # An empty list of alternatives would match everywhere.
        long = [form for text in texts if len(text) >= SHORTEST for form in _forms(text)]
        self._part = re.compile("|".join(map(re.escape, long))) if long else None
        self._masked = marks.masked
        self._rest = _Walk(self._is_marked, marks.masked)

    def replaced(self, value: Any, mark: Any) -> Any:
        if mark is True:
            return value if value is None else self._masked(value)
        if not mark or not isinstance(value, _CONTAINERS):
            return self._rest.walked(value)
        if isinstance(value, list):
            return [self.replaced(item, mark.get(None)) for item in value]
        keyed = {key: self.replaced(item, mark.get(key)) for key, item in value.items()}
        return self._rest.renamed(keyed)

    def _is_marked(self, text: str) -> bool:
        return text in self._texts or bool(self._part and self._part.search(text))


class _Walk:
    """Goes through a value and replaces texts; what needs no change is the same object."""

    def __init__(self, holds: Any, masked: Any) -> None:
        self._holds, self._masked = holds, masked

    def walked(self, value: Any) -> Any:
        if isinstance(value, str):
            is_open = not isinstance(value, Masked) and self._holds(value)
            return self._masked(value) if is_open else value
        if isinstance(value, list):
            items = [self.walked(item) for item in value]
            return value if _same(items, value) else items
        if isinstance(value, dict):
            found = {key: self.walked(item) for key, item in value.items()}
            return self.renamed(value if _same(found.values(), value.values()) else found)
        return value

    def renamed(self, value: dict[str, Any]) -> dict[str, Any]:
        """A mapping without keys that contain a marked text."""
        if not any(map(self._holds, value)):
            return value
        return dict(_renamed(value, self._holds))


def _renamed(value: Mapping[str, Any], holds: Any) -> Iterator[tuple[str, Any]]:
    hidden = 0
    for key, item in value.items():
        if holds(key):
            hidden += 1
            yield (MASK if hidden == 1 else f"{MASK} {hidden}"), item
        else:
            yield key, item


def _same(one: Any, other: Any) -> bool:
    return all(a is b for a, b in zip(one, other, strict=True))


def _texts_under(value: Any, mark: Any) -> Iterator[str]:
    """Texts in what is marked."""
    if mark is True:
        yield from _texts(value)
    elif isinstance(mark, dict):
        if isinstance(value, list):
            for item in value:
                yield from _texts_under(item, mark.get(None))
        elif isinstance(value, dict):
            for key, inner in mark.items():
                yield from _texts_under(value.get(key), inner)


def _texts(value: Any) -> Iterator[str]:
    """Every text in a value but empty ones. Keys are names that stand in the code."""
    if isinstance(value, str):
        if value:
            yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _finder(texts: set[str]) -> Any:
    """Finds any of many texts in one pass, however many there are, in JSON documents as well."""
    automaton = ahocorasick.Automaton()
    for text in texts:
        for form in _forms(text):
            automaton.add_word(form, text)
    automaton.make_automaton()
    return automaton


def _forms(text: str) -> set[str]:
    """A text as it stands by itself and in JSON, as Python and Terraform write it."""
    quoted = {json.dumps(text, ensure_ascii=plain)[1:-1] for plain in (True, False)}
    for sign in "<>&":
        quoted |= {each.replace(sign, f"\\u{ord(sign):04x}") for each in quoted}
    return {text, *quoted}
