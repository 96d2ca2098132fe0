"""Decides for each leaf that differs whether it may be shown."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from msgspec.structs import replace

from pipeline.plan.address import INDEX
from pipeline.plan.diff import Difference, Path, differences
from pipeline.plan.harmless import is_harmless
from pipeline.plan.masked import MASK, Masked
from pipeline.plan.model import Change
from pipeline.plan.names import is_hash_name, is_secret_name, only_describes
from pipeline.plan.patterns import known_parts
from pipeline.plan.secrets import holds_secret, is_secret
from pipeline.plan.text import escaped

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

_REFERRING_KEYS = frozenset(("valueFrom", "value_from", "key", "Key", "user", "optional"))
"""These name a secret, or where it is, in a mapping that is called ``secrets``."""

_HASHED = frozenset(("triggers", "triggers_replace", "keepers", "redeployment"))
"""What Terraform compares to tell whether something changed: mostly hashes of files."""

_CONTAINERS = frozenset(("secret", "secrets", "password", "passwords", "credentials", "tokens"))
"""Mappings whose keys may be anything: what stands in them is secret."""


def with_secrecy(change: Change) -> list[tuple[Difference, bool]]:
    """The leaves that differ, each with whether its values are secret.

    Secret is what is masked on either side, and what looks like a secret by its name, its form, or
    the name beside it. Keys that look like secrets are masked in the paths.
    """
    found = []
    for difference in differences(change):
        place = _path_meaning(difference.path)
        secret = _is_secret(difference, place)
        path = place.masked
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


class _PathMeaning(NamedTuple):
    """What a path says of what stands there.

    Attributes:
        masked: the path without keys that look like secrets.
        name: the last key: an item of a list has the list's name.
        beside: a name beside it may say what it is.
        contained: it stands in a mapping of secrets.
        hashed: a hash or an id stands there: random characters say nothing.
        describes: its name says that it tells about what it stands in: ``name``, ``valueFrom``.
    """

    masked: Path
    name: str
    beside: bool
    contained: bool
    describes: bool
    hashed: bool


@lru_cache(maxsize=16_384)
def _path_meaning(path: Path) -> _PathMeaning:
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    return _PathMeaning(
        masked=_without(path),
        name=name,
        beside=name in _VALUE_KEYS,
        contained=not _CONTAINERS.isdisjoint(path[:-1]),
        hashed=is_hash_name(name) or not _HASHED.isdisjoint(path),
        describes=only_describes(name) or name in _REFERRING_KEYS,
    )


def _is_secret(difference: Difference, place: _PathMeaning) -> bool:
    kept = (place.contained and not place.describes) or (
        place.beside and any(map(is_secret_name, difference.labels))
    )
    for value in (difference.before, difference.after):
        if value is None or value == "" or isinstance(value, bool):
            continue
        if isinstance(value, str):
            if isinstance(value, Masked) or _is_secret_text(place.name, value, kept, place.hashed):
                return True
            if difference.command and _is_argument(difference.command, value):
                return True
        elif kept or isinstance(value, dict | list) or is_secret(place.name, value):
            return True  # a container is deeper than anybody looked
    return False


def _is_argument(command: str, value: str) -> bool:
    """Whether a word of a command is or holds a secret, by the words before it."""
    return any(end > len(command) + 1 for _, end in known_parts(f"{command} {value}"))


@lru_cache(maxsize=65_536)
def _is_secret_text(name: str, text: str, kept: bool, hashed: bool) -> bool:
    """Args: kept: the place says that it is a secret, whatever its own name."""
    return is_secret(name, text, hashed=hashed) or (kept and not is_harmless(text, name))


def _without(path: Path) -> Path:
    return tuple([MASK if isinstance(part, str) and holds_secret(part) else part for part in path])
