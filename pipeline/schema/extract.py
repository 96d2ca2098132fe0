"""Takes from ``terraform providers schema -json`` what this project needs of it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pipeline.errors import PipelineError, Status
from pipeline.schema import Need

_AWS = "hashicorp/aws"
_DEEPEST = 3
"""Levels of blocks; a firewall's rules nest without end, and their cost is decided above."""

_NO_ARGUMENTS = ("id", "timeouts")
"""Terraform's own."""


def resource_schemas(schema: str) -> Mapping[str, Any]:
    """The schemas of the AWS provider's resources by type.

    Args:
        schema: what ``terraform providers schema -json`` wrote.

    Raises:
        PipelineError: the AWS provider is not in it.
    """
    providers = json.loads(schema).get("provider_schemas", {})
    for address, provider in providers.items():
        if address.endswith(_AWS):
            return dict(provider["resource_schemas"])
    raise PipelineError(f"the schema holds no provider {_AWS}", Status.USAGE)


def types_text(resources: Mapping[str, Any]) -> str:
    """Content of ``types.txt``."""
    return "".join(f"{name}\n" for name in sorted(resources))


def arguments_text(resources: Mapping[str, Any], priced: Collection[str]) -> str:
    """Content of ``arguments.json``: a line for each type, so that a change can be read.

    Args:
        resources: their schemas by type.
        priced: the types that are wanted; those of other providers are passed over.
    """
    lines = [
        f"{json.dumps(name)}: {json.dumps(dict(sorted(_arguments(resources[name]['block']))))}"
        for name in sorted(priced)
        if name in resources
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _arguments(block: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Need]]:
    depth = prefix.count(".")
    for name, attribute in block.get("attributes", {}).items():
        if depth == 0 and name in _NO_ARGUMENTS:
            continue
        if need := _need(attribute):
            yield prefix + name, need
            if nested := attribute.get("nested_type"):
                yield from _deeper(nested, f"{prefix}{name}.")
    for name, inner in block.get("block_types", {}).items():
        if depth or name not in _NO_ARGUMENTS:
            yield prefix + name, "block"
            yield from _deeper(inner["block"], f"{prefix}{name}.")


def _deeper(block: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Need]]:
    if prefix.count(".") < _DEEPEST:
        yield from _arguments(block, prefix)


def _need(attribute: Mapping[str, Any]) -> Need | None:
    if attribute.get("required"):
        return "required"
    if not attribute.get("optional"):
        return None
    return "optional+computed" if attribute.get("computed") else "optional"
