"""Decides for each leaf that differs whether it may be shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from msgspec.structs import replace

from pipeline.plan.address import INDEX
from pipeline.plan.diff import Difference, Path, differences
from pipeline.plan.model import Change
from pipeline.plan.names import is_secret_name
from pipeline.plan.secrets import MASK, holds_secret, is_harmless, is_secret
from pipeline.plan.text import escaped

_SHORTEST_PART = 8
"""A shorter marked text is looked for as a whole only: many a text contains it by chance."""

_VALUE_KEYS = frozenset(
    (
        "value",
        "Value",
        "values",
        "default",
        "insecure_value",
        "parameter_value",
        "ParameterValue",
    )
)
"""Terraform and AWS write mappings as lists of a name and its value as well."""

_CONTAINERS = frozenset(("secret", "secrets", "password", "passwords", "credentials", "tokens"))
"""Mappings whose keys may be anything: what stands in them is secret."""


def with_secrecy(change: Change) -> list[tuple[Difference, bool]]:
    """The leaves that differ, each with whether its values are secret.

    Secret is what Terraform marks on either side, a text that contains a marked one, and what
    looks like a secret by its name, its form, or the name beside it. Keys that are secret are
    masked in the paths.
    """
    marked = frozenset(
        [
            *_texts_under(change.before, change.sensitive_before),
            *_texts_under(change.after, change.sensitive_after),
        ]
    )
    found = []
    for difference in differences(change):
        place = _path_meaning(difference.path)
        secret = difference.sensitive or _is_secret(difference, place, marked)
        path = _without(difference.path, marked) if marked else place.masked
        found.append(
            (difference if path == difference.path else replace(difference, path=path), secret)
        )
    return found


def mask_address(address: str) -> str:
    """A resource's address with those keys masked that look like secrets.

    The names in it stand in the code; only the keys come from values.

    Args:
        address: such as ``aws_iam_user.this["somebody"]``.
    """
    if "[" not in address:
        return escaped(address)
    return escaped(INDEX.sub(_masked_key, address))


def _masked_key(match: re.Match[str]) -> str:
    key = match[0][2:-2]
    return f'["{MASK}"]' if holds_secret(key) or holds_secret(key.replace("\\", "")) else match[0]


def _texts_under(value: Any, marks: Any) -> Iterator[str]:
    """Texts in what is marked."""
    if marks is True:
        yield from _texts(value)
    elif isinstance(marks, dict) and isinstance(value, dict):
        for key, mark in marks.items():
            if mark:
                yield from _texts_under(value.get(key), mark)
    elif isinstance(marks, list) and isinstance(value, list):
        for item, mark in zip(value, marks, strict=False):
            if mark:
                yield from _texts_under(item, mark)


def _texts(value: Any) -> Iterator[str]:
    """Every text in a value but empty ones."""
    if isinstance(value, str):
        if value:
            yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


class _PathMeaning(NamedTuple):
    """What a path says of what stands there.

    Attributes:
        masked: the path without keys that look like secrets.
        name: the last key: an item of a list has the list's name.
        beside: a name beside it may say what it is.
        contained: it stands in a mapping of secrets.
    """

    masked: Path
    name: str
    beside: bool
    contained: bool


@lru_cache(maxsize=16_384)
def _path_meaning(path: Path) -> _PathMeaning:
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    return _PathMeaning(
        masked=_without(path, frozenset()),
        name=name,
        beside=name in _VALUE_KEYS,
        contained=not _CONTAINERS.isdisjoint(path[:-1]),
    )


def _is_secret(difference: Difference, place: _PathMeaning, marked: frozenset[str]) -> bool:
    kept = place.contained or (place.beside and any(map(is_secret_name, difference.labels)))
    for value in (difference.before, difference.after):
        if value is None or value == "" or isinstance(value, bool):
            continue
        if isinstance(value, str):
            if _is_secret_text(place.name, value, kept) or _is_marked(value, marked):
                return True
        elif kept or isinstance(value, dict | list) or is_secret(place.name, value):
            return True  # a container is deeper than anybody looked
    return False


@lru_cache(maxsize=65_536)
def _is_secret_text(name: str, text: str, kept: bool) -> bool:
    """Args: kept: the place says that it is a secret, whatever its own name."""
    return is_secret(name, text) or (kept and not is_harmless(text))


def _without(path: Path, marked: frozenset[str]) -> Path:
    return tuple(
        [
            MASK
            if isinstance(part, str) and (holds_secret(part) or _is_marked(part, marked))
            else part
            for part in path
        ]
    )


def _is_marked(text: str, marked: frozenset[str]) -> bool:
    return bool(marked) and (
        text in marked or any(secret in text for secret in marked if len(secret) >= _SHORTEST_PART)
    )
