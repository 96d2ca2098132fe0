"""Puts many stacks into one, so that Terraform and Checkov, slow to start, are asked once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from tests.support.stacks import Stack

_ADDRESS = re.compile(r"\b(local|(?:data\.)?aws_\w+)\.([\w-]+)")


def merge(stacks: Iterable[Stack]) -> Stack:
    """One stack with the resources of all; each name begins with its stack's number.

    The provider and the place of the state are those of the first.
    """
    whole: dict[str, Any] = {}
    for number, stack in enumerate(stacks):
        body = _renamed(stack, f"s{number}_")
        whole.setdefault("terraform", body["terraform"])
        whole.setdefault("provider", body["provider"])
        for kind in ("resource", "data"):
            for resource_type, resources in body.get(kind, {}).items():
                whole.setdefault(kind, {}).setdefault(resource_type, {}).update(resources)
        for kind in ("locals", "output"):
            whole.setdefault(kind, {}).update(body.get(kind, {}))
    return Stack(whole)


def _renamed(stack: Stack, prefix: str) -> dict[str, Any]:
    """The stack's body with another name for all that has one, and all that refers to it."""
    body = stack.body
    known = {
        f"{family}{resource_type}.{name}"
        for kind, family in (("resource", ""), ("data", "data."))
        for resource_type, resources in body.get(kind, {}).items()
        for name in resources
    } | {f"local.{name}" for name in body.get("locals", {})}

    def rename(found: re.Match[str]) -> str:
        return f"{found[1]}.{prefix}{found[2]}" if found[0] in known else found[0]

    renamed: dict[str, Any] = json.loads(_ADDRESS.sub(rename, json.dumps(dict(body))))
    for kind in ("resource", "data"):
        for resource_type, resources in renamed.get(kind, {}).items():
            renamed[kind][resource_type] = {f"{prefix}{n}": b for n, b in resources.items()}
    for kind in ("locals", "output"):
        renamed[kind] = {f"{prefix}{n}": b for n, b in renamed.get(kind, {}).items()}
    return renamed
