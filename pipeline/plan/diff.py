"""What differs between the two sides of a change, leaf by leaf; values are still in clear."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

import msgspec
from msgspec.structs import replace

from pipeline.plan.masked import MASK, Masked
from pipeline.plan.model import Change

Path = tuple[str | int, ...]
"""Keys and positions, from the resource down to a leaf."""

DEEPEST = 60
"""Levels, JSON in strings included; what lies deeper is compared whole."""

_LONGEST_ALIGNED = 200
"""Items of a list that are matched with each other; longer lists are compared by position."""


_WORDS_BEFORE = 6
"""Words of a command that are looked at to tell what the next one is."""


class Difference(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One leaf that differs.

    Attributes:
        path: where it is.
        before: its value; ``None`` where it is not set.
        after: the same for the other side.
        unknown: the value after is known only after the apply.
        labels: names that stand beside it in its mapping, as in ``{"name": …, "value": …}``.
        command: words that stand before it in a list that is a command with options.
        stands_in: it stands for an item of a list that comes or goes, nothing of which is known
            although something of it is set: its unknown leaves follow on their own.
    """

    path: Path
    before: Any = None
    after: Any = None
    unknown: bool = False
    labels: tuple[str, ...] = ()
    command: str = ""
    stands_in: bool = False


_LABEL_KEYS = ("name", "Name", "key", "Key", "parameter_name", "ParameterKey")
_CONTAINERS = (dict, list)


def differences(change: Change) -> list[Difference]:
    """The leaves that differ: for a creation those that are set, for a destruction all.

    Nulls, and empty lists and mappings, count as not set. JSON documents in strings are compared
    by their content.
    """
    found: list[Difference] = []
    _compare((), change.before, change.after, change.unknown, (), found)
    return found


def _compare(
    path: Path,
    before: Any,
    after: Any,
    unknown: Any,
    labels: tuple[str, ...],
    found: list[Difference],
) -> None:
    """Append what differs to ``found``: one list, because this runs for each of a million leaves."""
    if before is None and after is None and not unknown:
        return
    if unknown is True:
        _to_unknown(path, before, labels, found)
        return
    before, after = _opened(before), _opened(after)
    if before is None and after is not None and not isinstance(after, _CONTAINERS):
        found.append(Difference(path=path, after=after, labels=labels))
        return
    kinds = _kinds(before, after, unknown) if len(path) < DEEPEST else ()
    if kinds == (dict,):
        _mappings(path, before or {}, after or {}, unknown, found)
    elif kinds == (list,):
        _lists(path, before or [], after or [], unknown, labels, found)
    elif len(kinds) > 1 and (dict in kinds or list in kinds):
        _compare(path, before, None, None, labels, found)
        _compare(path, None, after, unknown, labels, found)
    elif not _same(before, after):
        found.append(Difference(path=path, before=before, after=after, labels=labels))


def _kinds(before: Any, after: Any, unknown: Any) -> tuple[type, ...]:
    """Types of the sides that are set, each once; of what is unknown where neither is."""
    if before is None:
        return (type(unknown if after is None else after),)
    one, other = type(before), type(after)
    return (one,) if after is None or one is other else (one, other)


def _to_unknown(path: Path, before: Any, labels: tuple[str, ...], found: list[Difference]) -> None:
    """Every leaf of what becomes unknown as a whole."""
    lost: list[Difference] = []
    if before is not None:
        _compare(path, before, None, None, labels, lost)
    if lost:
        found.extend(replace(difference, after=None, unknown=True) for difference in lost)
    else:
        found.append(Difference(path=path, unknown=True))


def _mappings(
    path: Path,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    unknown: Any,
    found: list[Difference],
) -> None:
    unknowns = unknown if isinstance(unknown, dict) else {}
    labels = _labels(before, after)
    for key in sorted({*before, *after, *unknowns}):
        one, other, coming = before.get(key), after.get(key), unknowns.get(key)
        # Most attributes of a resource are not set, and most of the others stay.
        if coming or not (one is other or (type(one) is type(other) is str and one == other)):
            _compare((*path, key), one, other, coming, labels, found)


def _labels(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(
        [
            side[key]
            for side in (before, after)
            for key in _LABEL_KEYS
            if key in side and isinstance(side[key], str)
        ]
    )


def _lists(
    path: Path,
    before: Sequence[Any],
    after: Sequence[Any],
    unknown: Any,
    labels: tuple[str, ...],
    found: list[Difference],
) -> None:
    unknowns = unknown if isinstance(unknown, list) and _holds_unknown(unknown) else []
    for old, new in _pairs(before, after, len(unknowns)):
        position = new if new is not None else old if old is not None else 0
        one = before[old] if old is not None else None
        other = after[new] if new is not None and new < len(after) else None
        coming = unknowns[new] if new is not None and new < len(unknowns) else None
        place, start = (*path, position), len(found)
        _compare(place, one, other, coming, labels, found)
        if len(found) > start and (command := _command(before if new is None else after, position)):
            found[start:] = [replace(each, command=command) for each in found[start:]]
        if (one is None) != (other is None) and all(each.unknown for each in found[start:]):
            # A block without any value is a choice as well.
            found.append(
                Difference(
                    path=place,
                    before=_empty(one),
                    after=_empty(other),
                    stands_in=len(found) > start,
                )
            )


def _command(items: Sequence[Any], position: int) -> str:
    """The words before one of a command; nothing where none of them is an option."""
    if not position or not isinstance(items[min(position, len(items) - 1)], str):
        return ""
    words = [*items[:1], *items[max(1, position - _WORDS_BEFORE) : position]]
    if not any(isinstance(word, str) and word.startswith(("-", "/")) for word in words):
        return ""
    return " ".join(word for word in words if isinstance(word, str))


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
    if isinstance(value, str):
        if value[:1] not in _OPENING or value[-1:] not in _CLOSING:
            return value
        try:
            value = msgspec.json.decode(value)
        except (msgspec.DecodeError, RecursionError):
            return value
    return None if isinstance(value, _CONTAINERS) and not value else value


_OPENING = frozenset("{[")
_CLOSING = frozenset("}]")


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same; ``1`` and ``true`` are not, null and no items are."""
    return _same(_opened(one), _opened(other))


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, str) or isinstance(other, str) or one is None or other is None:
        return bool(one == other)
    return canonical(one) == canonical(other)


def canonical(value: Any) -> bytes:
    """One form for equal values, whatever the order of their keys."""
    return msgspec.json.encode(value, enc_hook=_told_apart, order="deterministic")


def _told_apart(value: Any) -> Any:
    if isinstance(value, Masked):
        return {MASK: value.number}
    raise NotImplementedError(f"{type(value)} is no value of a plan")
