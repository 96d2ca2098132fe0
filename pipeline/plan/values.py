"""Looks into a plan's values, whatever they are: a provider's mistake must not end the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.plan.masked import Masked

_NOTHING: Mapping[str, Any] = {}


def as_map(value: Any) -> Mapping[str, Any]:
    """A mapping as it is; an empty one in place of anything else."""
    return value if isinstance(value, dict) else _NOTHING


def as_list(value: Any) -> list[Any]:
    """A list as it is; nothing for ``None``; one item in place of anything else."""
    if isinstance(value, list | tuple):
        return list(value)
    return [] if value is None else [value]


def as_text(value: Any) -> str:
    """A text or a number as text; an empty one in place of anything else."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def texts(value: Any) -> list[str]:
    """The texts in a list, or the only text."""
    return [item for item in as_list(value) if isinstance(item, str)]


def blocks(value: Any) -> list[Mapping[str, Any]]:
    """The mappings in a list of blocks, or the only block."""
    return [item for item in as_list(value) if isinstance(item, dict)]


def at(values: Any, path: str) -> Iterator[Any]:
    """What stands at a path, once for each block on the way.

    Args:
        values: a resource's attributes.
        path: names with dots between, such as ``vpc_config.public_access_cidrs``.

    Yields:
        Each value; ``None`` where a block has none, and ``Masked`` where the way ends in one.
    """
    if isinstance(values, Masked):
        yield values
        return
    name, _, rest = path.partition(".")
    for block in blocks(values):
        value = block.get(name)
        if rest:
            yield from at(value, rest)
        else:
            yield value
