"""What differs between the two sides of a change, leaf by leaf; values are still in clear."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

import msgspec
from msgspec.structs import replace

from pipeline.plan.model import Change

Path = tuple[str | int, ...]
"""Keys and positions, from the resource down to a leaf."""

DEEPEST = 60
"""Levels, JSON in strings included; what lies deeper is compared whole."""

_LONGEST_ALIGNED = 200
"""Items of a list that are matched with each other; longer lists are compared by position."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One leaf that differs.

    Attributes:
        path: where it is.
        before: its value; ``None`` where it is not set. A mapping or list where Terraform marks
            the whole of it sensitive.
        after: the same for the other side.
        unknown: the value after is known only after the apply.
        sensitive: Terraform marks it on either side.
        labels: names that stand beside it in its mapping, as in ``{"name": …, "value": …}``.
    """

    path: Path
    before: Any
    after: Any
    unknown: bool = False
    sensitive: bool = False
    labels: tuple[str, ...] = ()


_LABEL_KEYS = ("name", "Name", "key", "Key", "parameter_name", "ParameterKey")


def differences(change: Change) -> Iterator[Difference]:
    """The leaves that differ: for a creation those that are set, for a destruction all.

    Nulls, and empty lists and mappings, count as not set. JSON documents in strings are compared
    by their content.
    """
    marks = merged(change.sensitive_before, change.sensitive_after)
    yield from _compare((), change.before, change.after, change.unknown, marks)


def merged(one: Any, other: Any) -> Any:
    """Marks of both sides in one shape: what either side marks is marked.

    The items of a list share a schema, and move when one is added: a mark on one of them counts
    for all. It then stands under ``None`` instead of a position.
    """
    if one is True or other is True:
        return True
    shapes = [shape for shape in (one, other) if isinstance(shape, (dict, list))]
    found: dict[str | None, Any] = {}
    for shape in shapes:
        items = shape.items() if isinstance(shape, dict) else ((None, item) for item in shape)
        for key, item in items:
            if mark := merged(item, found.get(key)):
                found[key] = mark
    return found


def _compare(
    path: Path, before: Any, after: Any, unknown: Any, marks: Any, labels: tuple[str, ...] = ()
) -> Iterator[Difference]:
    if before is None and after is None and not unknown:
        return
    if marks is True:
        if unknown is True or not same(before, after):
            yield Difference(
                path=path, before=before, after=after, unknown=unknown is True, sensitive=True
            )
        return
    if unknown is True:
        yield from _to_unknown(path, before, marks, labels)
        return
    before, after = _opened(before), _opened(after)
    kinds = _kinds(before, after, unknown) if len(path) < DEEPEST else set()
    if kinds == {dict}:
        yield from _mappings(path, before or {}, after or {}, unknown, marks)
    elif kinds == {list}:
        yield from _lists(path, before or [], after or [], unknown, marks, labels)
    elif len(kinds) > 1 and kinds & {dict, list}:
        yield from _compare(path, before, None, None, marks, labels)
        yield from _compare(path, None, after, unknown, marks, labels)
    elif not same(before, after):
        yield Difference(path=path, before=before, after=after, labels=labels)


def _kinds(before: Any, after: Any, unknown: Any) -> set[type]:
    """Types of the sides that are set; of what is unknown where neither is."""
    kinds = {type(value) for value in (before, after) if value is not None}
    return kinds or {type(unknown)}


def _to_unknown(
    path: Path, before: Any, marks: Any, labels: tuple[str, ...]
) -> Iterator[Difference]:
    """Every leaf of what becomes unknown as a whole."""
    lost = list(_compare(path, before, None, None, marks, labels))
    for difference in lost:
        yield replace(difference, after=None, unknown=True)
    if not lost:
        yield Difference(path=path, before=None, after=None, unknown=True, sensitive=bool(marks))


def _mappings(
    path: Path, before: Mapping[str, Any], after: Mapping[str, Any], unknown: Any, marks: Any
) -> Iterator[Difference]:
    unknowns = unknown if isinstance(unknown, dict) else {}
    marked = marks if isinstance(marks, dict) else {}
    labels = tuple(
        label
        for side in (before, after)
        for key in _LABEL_KEYS
        if isinstance(label := side.get(key), str)
    )
    for key in sorted({*before, *after, *unknowns}):
        one, other, coming = before.get(key), after.get(key), unknowns.get(key)
        # Most attributes of a resource are not set.
        if one is not None or other is not None or coming:
            yield from _compare((*path, key), one, other, coming, marked.get(key), labels)


def _lists(
    path: Path,
    before: Sequence[Any],
    after: Sequence[Any],
    unknown: Any,
    marks: Any,
    labels: tuple[str, ...],
) -> Iterator[Difference]:
    unknowns = unknown if isinstance(unknown, list) and _holds_unknown(unknown) else []
    mark = marks.get(None) if isinstance(marks, dict) else None
    for old, new in _pairs(before, after, len(unknowns)):
        position = new if new is not None else old if old is not None else 0
        one = before[old] if old is not None else None
        other = after[new] if new is not None and new < len(after) else None
        coming = unknowns[new] if new is not None and new < len(unknowns) else None
        place = (*path, position)
        found = False
        for difference in _compare(place, one, other, coming, mark, labels):
            found = True
            yield difference
        if not found and (one is None) != (other is None):
            # A block without any value is a choice as well.
            yield Difference(path=place, before=_empty(one), after=_empty(other))


def _empty(item: Any) -> str | None:
    return None if item is None else "{}"


def _holds_unknown(shape: Any) -> bool:
    if isinstance(shape, dict):
        return any(_holds_unknown(item) for item in shape.values())
    if isinstance(shape, list):
        return any(_holds_unknown(item) for item in shape)
    return shape is True


def _pairs(
    before: Sequence[Any], after: Sequence[Any], unknown: int
) -> Iterator[tuple[int | None, int | None]]:
    """Positions on both sides of items that belong together; ``None`` where there is none.

    An item that was added or removed does not make all those behind it differ.
    """
    if unknown or not before or not after or max(len(before), len(after)) > _LONGEST_ALIGNED:
        for i in range(max(len(before), len(after), unknown)):
            yield (i if i < len(before) else None), (i if i < max(len(after), unknown) else None)
        return
    matcher = SequenceMatcher(None, [*map(canonical, before)], [*map(canonical, after)], False)
    for operation, old, old_end, new, new_end in matcher.get_opcodes():
        if operation == "equal":
            continue
        for i in range(max(old_end - old, new_end - new)):
            yield (
                old + i if old + i < old_end else None,
                new + i if new + i < new_end else None,
            )


def _opened(value: Any) -> Any:
    """The content of a JSON document in a string; unset where a container is empty."""
    if isinstance(value, str) and value[:1] in ("{", "[") and value[-1:] in ("}", "]"):
        try:
            value = msgspec.json.decode(value)
        except (msgspec.DecodeError, RecursionError):
            return value
    return None if value in ({}, []) else value


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same; ``1`` and ``true`` are not, null and no items are."""
    one, other = _opened(one), _opened(other)
    if isinstance(one, str) or isinstance(other, str) or one is None or other is None:
        return bool(one == other)
    return canonical(one) == canonical(other)


def canonical(value: Any) -> bytes:
    """One form for equal values, whatever the order of their keys."""
    return msgspec.json.encode(value, order="deterministic")
