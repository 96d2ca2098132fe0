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

_DEEPEST_JUDGED = 8
"""The same for arguments that warnings look at; none is known to stand deeper."""

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
    return _lines(
        {
            name: dict(_arguments(resources[name]["block"], _DEEPEST))
            for name in priced
            if name in resources
        }
    )


def judged_text(resources: Mapping[str, Any], names: Collection[str]) -> str:
    """Content of ``judged.json``, in the form of ``arguments.json``.

    Args:
        resources: the schemas of all types.
        names: of the arguments that are wanted, wherever they stand.
    """
    found = {
        type_: {
            path: need
            for path, need in _arguments(schema["block"], _DEEPEST_JUDGED)
            if path.rpartition(".")[2] in names and need != "block"
        }
        for type_, schema in resources.items()
    }
    return _lines({type_: arguments for type_, arguments in found.items() if arguments})


def _lines(found: Mapping[str, Mapping[str, Need]]) -> str:
    lines = [
        f"{json.dumps(name)}: {json.dumps(dict(sorted(arguments.items())))}"
        for name, arguments in sorted(found.items())
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _arguments(
    block: Mapping[str, Any], deepest: int, prefix: str = ""
) -> Iterator[tuple[str, Need]]:
    depth = prefix.count(".")
    for name, attribute in block.get("attributes", {}).items():
        if depth == 0 and name in _NO_ARGUMENTS:
            continue
        if need := _need(attribute):
            yield prefix + name, need
            if nested := attribute.get("nested_type"):
                yield from _deeper(nested, deepest, f"{prefix}{name}.")
    for name, inner in block.get("block_types", {}).items():
        if depth or name not in _NO_ARGUMENTS:
            yield prefix + name, "block"
            yield from _deeper(inner["block"], deepest, f"{prefix}{name}.")


def _deeper(block: Mapping[str, Any], deepest: int, prefix: str) -> Iterator[tuple[str, Need]]:
    if prefix.count(".") < deepest:
        yield from _arguments(block, deepest, prefix)


def _need(attribute: Mapping[str, Any]) -> Need | None:
    if attribute.get("required"):
        return "required"
    if not attribute.get("optional"):
        return None
    return "optional+computed" if attribute.get("computed") else "optional"
