"""The resources of a synthesised stack as a pricer sees them, with nothing unknown."""

from __future__ import annotations

import json
import re
from typing import Any

from pipeline.cost.pricing import Subject
from tests.support.stacks import Stack

_REFERENCE = re.compile(r"\$\{(aws_\w+\.[\w-]+)")
_MAPS = ("tags", "tags_all", "triggers")


def subjects(stack: Stack) -> tuple[Subject, ...]:
    """Every resource of a stack.

    A block is an object in the stack's JSON and a list of one in a plan. What refers to another
    resource is kept as a reference.
    """
    regions = {
        f"aws.{each['alias']}" if "alias" in each else "aws": each["region"]
        for each in stack.body["provider"]["aws"]
    }
    return tuple(
        Subject(
            address=address,
            type=address.partition(".")[0],
            values={name: _block(name, value) for name, value in body.items()},
            region=regions[body.get("provider", "aws")],
            references={
                name: tuple(_REFERENCE.findall(json.dumps(value))) for name, value in body.items()
            },
        )
        for address, body in stack.everything()
    )


def _block(name: str, value: Any) -> Any:
    return [value] if isinstance(value, dict) and name not in _MAPS else value
