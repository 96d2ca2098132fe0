"""What the AWS provider's schema says: all resource types, and the arguments that matter here.

``python -m pipeline schema`` renews the files from the provider that the project pins.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

Need = Literal["required", "optional", "optional+computed", "block"]
"""``optional+computed``: AWS or the provider chooses a value where nobody writes one.

A block may be chosen so as well; the schema doesn't tell which.
Source: https://developer.hashicorp.com/terraform/cli/commands/providers/schema
"""

_HERE = Path(__file__).parent
TYPES = _HERE / "types.txt"
"""One resource type of the provider a line."""

ARGUMENTS = _HERE / "arguments.json"
"""Type to argument to ``Need``; a nested argument has its block's name and a dot before.

The types are those that are priced, and free ones of which an argument costs something.
"""

JUDGED = _HERE / "judged.json"
"""In the same form, of all types: the arguments that ``pipeline.warnings.judged`` names."""


@cache
def types() -> frozenset[str]:
    """Every resource type of the AWS provider."""
    return frozenset(TYPES.read_text(encoding="utf-8").split())


@cache
def _all_arguments() -> Mapping[str, Mapping[str, Need]]:
    return msgspec.json.decode(ARGUMENTS.read_bytes(), type=dict[str, dict[str, Need]])


def arguments(resource_type: str) -> Mapping[str, Need]:
    """What may be written in a resource of a type; nothing where no argument of it costs anything.

    Args:
        resource_type: such as ``aws_db_instance``.

    Returns:
        An argument, such as ``multi_az`` or ``root_block_device.iops``, to whether it must be
        written. What only AWS writes is left out.
    """
    return _all_arguments().get(resource_type, {})


@cache
def judged() -> Mapping[str, Mapping[str, Need]]:
    """Type to the arguments of it that warnings look at, by their names, to ``Need``."""
    return msgspec.json.decode(JUDGED.read_bytes(), type=dict[str, dict[str, Need]])


def may_be_chosen(resource_type: str, path: str) -> bool:
    """Whether the provider may choose an argument's value where nobody writes one.

    Args:
        resource_type: the resource's type.
        path: names and positions with dots between, such as ``root_block_device.0.iops``.
    """
    name = ".".join(part for part in path.split(".") if not part.isdecimal())
    return arguments(resource_type).get(name) in ("optional+computed", "block")
