"""Decides for each leaf that differs whether it may be shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

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


def judged(change: Change) -> Iterator[tuple[Difference, bool]]:
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
    for difference in differences(change):
        path = masked_path(difference.path) if not marked else _without(difference.path, marked)
        secret = difference.sensitive or _is_secret(difference, marked)
        yield difference if path == difference.path else replace(difference, path=path), secret


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
    if not marks:
        return
    if isinstance(value, str):
        if value and marks is True:
            yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts_under(item, _under(marks, key))
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from _texts_under(item, _under(marks, i))


def _under(marks: Any, key: str | int) -> Any:
    if isinstance(marks, dict):
        return marks.get(key)
    if isinstance(marks, list):
        return marks[key] if isinstance(key, int) and key < len(marks) else None
    return marks


def _is_secret(difference: Difference, marked: frozenset[str]) -> bool:
    path = difference.path
    name = _name_of(path)
    kept = name in _VALUE_KEYS and any(map(is_secret_name, difference.labels))
    kept = kept or not _CONTAINERS.isdisjoint(path[:-1])
    return any(
        _is_secret_value(name, value, kept=kept, marked=marked)
        for value in (difference.before, difference.after)
        if value is not None and value != "" and not isinstance(value, bool)
    )


def _is_secret_value(name: str, value: Any, *, kept: bool, marked: frozenset[str]) -> bool:
    """Args: kept: the place says that it is a secret, whatever its own name."""
    if isinstance(value, (dict, list)):
        return True  # deeper than anybody looked
    if is_secret(name, value):
        return True
    if not isinstance(value, str):
        return kept
    return (kept and not is_harmless(value)) or (bool(marked) and _is_marked(value, marked))


@lru_cache(maxsize=16_384)
def masked_path(path: Path) -> Path:
    """A path without keys that look like secrets."""
    return _without(path, frozenset())


def _without(path: Path, marked: frozenset[str]) -> Path:
    return tuple(
        MASK if isinstance(part, str) and (holds_secret(part) or _is_marked(part, marked)) else part
        for part in path
    )


def _is_marked(text: str, marked: frozenset[str]) -> bool:
    return text in marked or any(
        secret in text for secret in marked if len(secret) >= _SHORTEST_PART
    )


def _name_of(path: Path) -> str:
    """The last key: an item of a list has the list's name."""
    for part in reversed(path):
        if isinstance(part, str):
            return part
    return ""
