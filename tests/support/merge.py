"""Puts many stacks into one, so that Terraform and Checkov, slow to start, are asked once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from tests.support.stacks import Stack

_ADDRESS = re.compile(r"\b((?:(?:data|ephemeral)\.)?[a-z]\w*)\.([\w-]+)")
_BY_TYPE = {"resource": "", "data": "data.", "ephemeral": "ephemeral."}
"""Sections whose members have a type, and what stands before it where they are referred to."""
_BY_NAME = ("locals", "output")
_OF_THE_STACK = {"terraform", "provider", "//"}


def merge(stacks: Iterable[Stack]) -> Stack:
    """One stack with the resources of all; each name begins with its stack's number.

    The place of the state is that of the first, and so are its metadata and each provider.
    """
    whole: dict[str, Any] = {}
    for number, stack in enumerate(stacks):
        body = _renamed(stack, f"s{number}_")
        whole.setdefault("//", body["//"])
        whole.setdefault("terraform", body["terraform"])
        providers = whole.setdefault("provider", {"aws": []})["aws"]
        known = {provider.get("alias") for provider in providers}
        providers += [each for each in body["provider"]["aws"] if each.get("alias") not in known]
        for kind in _BY_TYPE:
            for resource_type, resources in body.get(kind, {}).items():
                whole.setdefault(kind, {}).setdefault(resource_type, {}).update(resources)
        for kind in _BY_NAME:
            whole.setdefault(kind, {}).update(body.get(kind, {}))
    return Stack(whole)


def _renamed(stack: Stack, prefix: str) -> dict[str, Any]:
    """The stack's body with another name for all that has one, and all that refers to it."""
    body = stack.body
    unknown = set(body) - set(_BY_TYPE) - set(_BY_NAME) - _OF_THE_STACK
    assert not unknown, f"teach tests/support/merge.py the section {sorted(unknown)}"
    known = {
        f"{family}{resource_type}.{name}"
        for kind, family in _BY_TYPE.items()
        for resource_type, resources in body.get(kind, {}).items()
        for name in resources
    } | {f"local.{name}" for name in body.get("locals", {})}

    def rename(found: re.Match[str]) -> str:
        return f"{found[1]}.{prefix}{found[2]}" if found[0] in known else found[0]

    renamed: dict[str, Any] = json.loads(_ADDRESS.sub(rename, json.dumps(dict(body))))
    for kind in _BY_TYPE:
        for resource_type, resources in renamed.get(kind, {}).items():
            renamed[kind][resource_type] = {f"{prefix}{n}": b for n, b in resources.items()}
    for kind in _BY_NAME:
        renamed[kind] = {f"{prefix}{n}": b for n, b in renamed.get(kind, {}).items()}
    return renamed
