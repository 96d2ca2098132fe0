"""Puts the environments side by side, setting by setting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel

from environments.settings import Environment

Row = tuple[str, ...]
"""A field, then its value in each environment."""

_ABSENT = "—"
"""Stands for a setting of a part that an environment does not have."""


def differences(environments: Sequence[Environment]) -> list[Row]:
    """The settings in which the environments differ, in the order of their definition."""
    return [
        (field, *map(_text, values))
        for field, values in _flatten(environments)
        if any(value != values[0] for value in values)
    ]


def as_markdown(rows: Sequence[Row], names: Sequence[str]) -> str:
    """A Markdown table with a column for each environment."""
    lines = [_line(["setting", *names]), "|---" * (len(names) + 1) + "|"]
    lines += [_line([f"`{field}`", *values]) for field, *values in rows]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _flatten(
    parts: Sequence[BaseModel | None], prefix: str = ""
) -> Iterator[tuple[str, list[Any]]]:
    """Path and values of every field; where a part is missing, its fields have no value."""
    kind = next(type(part) for part in parts if part is not None)
    for name in kind.model_fields:
        values = [_ABSENT if part is None else getattr(part, name) for part in parts]
        if any(isinstance(value, BaseModel) for value in values):
            nested = [value if isinstance(value, BaseModel) else None for value in values]
            yield from _flatten(nested, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", values


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)
