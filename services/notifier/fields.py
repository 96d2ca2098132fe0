"""Reads what others wrote: any member may be missing, null or of another type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_HIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters but those of lines and tabs, marks of direction, and halves of characters."""


def text_of(values: object, *path: str) -> str:
    """The text or number at a path of names; empty where there is none."""
    value = values
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return visible(str(value))


def part_of(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object of a name; empty where there is none."""
    value = values.get(name)
    return value if isinstance(value, Mapping) else {}


def list_of(values: Mapping[str, Any], name: str) -> list[Any]:
    """The list of a name; empty where there is none."""
    value = values.get(name)
    return value if isinstance(value, list) else []


def visible(text: str) -> str:
    """Without what Slack refuses, or what changes how the text beside it is shown."""
    return _HIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
