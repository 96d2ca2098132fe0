"""Puts the two environments side by side, setting by setting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from environments.settings import Environment

Row = tuple[str, str, str]
"""Field, value in dev, value in prod."""


def differences(first: Environment, second: Environment) -> list[Row]:
    """The settings in which two environments differ, in the order of their definition."""
    return [
        (field, _text(one), _text(other))
        for (field, one), (_, other) in zip(
            _flatten(first, second), _flatten(second, first), strict=True
        )
        if one != other
    ]


def as_markdown(rows: list[Row], names: tuple[str, str]) -> str:
    """A Markdown table."""
    lines = [f"| setting | {names[0]} | {names[1]} |", "|---|---|---|"]
    lines += [f"| `{field}` | {one} | {other} |" for field, one, other in rows]
    return "\n".join(lines) + "\n"


def _flatten(
    part: BaseModel, twin: BaseModel | None, prefix: str = ""
) -> Iterator[tuple[str, Any]]:
    """Field paths and values; a part that only one of the two has stays whole."""
    for name in type(part).model_fields:
        value = getattr(part, name)
        other = getattr(twin, name, None)
        path = f"{prefix}{name}"
        if isinstance(value, BaseModel) and isinstance(other, BaseModel):
            yield from _flatten(value, other, f"{path}.")
        else:
            yield path, value


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)
