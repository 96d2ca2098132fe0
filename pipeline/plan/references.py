"""Which resources an attribute's expression refers to, from the plan's configuration."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pipeline.plan.address import INDEX, without_index
from pipeline.plan.document import Module, ResourceChange

References = dict[str, dict[str, tuple[str, ...]]]

_RESOURCE = re.compile(rf"([A-Za-z][\w-]*)\.[\w-]+(?:{INDEX.pattern})?")
_NO_RESOURCE = frozenset(
    ("var", "local", "module", "data", "ephemeral", "each", "count", "path", "self", "terraform")
)
"""First words of references to something else.

Source: https://developer.hashicorp.com/terraform/language/expressions/references
"""


def references_of(changes: Iterable[ResourceChange], root: Module) -> References:
    """Address to attribute to the addresses that its expression refers to.

    The configuration knows a resource once, the plan each of its instances: a reference to a
    whole resource stands for all of its instances. Data sources are left out, and what a module
    gets through its variables is not followed.

    Args:
        changes: managed resources of the plan.
        root: the configuration's root module.
    """
    configured = dict(_configured(root, ""))
    present = list(changes)
    instances = _instances(present)
    found: References = {}
    for change in present:
        prefix = f"{change.module_address}." if change.module_address else ""
        attributes = {
            attribute: _resolved(addresses, prefix, instances)
            for attribute, addresses in configured.get(without_index(change.address), {}).items()
        }
        if attributes:
            found[change.address] = attributes
    return found


def _configured(module: Module, prefix: str) -> Iterator[tuple[str, dict[str, tuple[str, ...]]]]:
    """Addresses without index, each with what its attributes refer to within the module."""
    for resource in module.resources:
        if resource.mode != "managed":
            continue
        attributes = {
            attribute: addresses
            for attribute, expression in resource.expressions.items()
            if (addresses := _addresses(expression))
        }
        if attributes:
            yield prefix + resource.address, attributes
    for name, call in module.module_calls.items():
        yield from _configured(call.module, f"{prefix}module.{name}.")


def _addresses(expression: Any) -> tuple[str, ...]:
    """Resources that an expression refers to, however deep in its blocks."""
    references: list[Any] = []
    _collect(expression, references)
    found: dict[str, None] = {}
    for reference in references:
        match = _RESOURCE.match(reference) if isinstance(reference, str) else None
        if match and match[1] not in _NO_RESOURCE:
            found[match[0]] = None
    # Terraform names ``a.b[0].id``, ``a.b[0]`` and ``a.b``: the instance is what is meant.
    precise = {without_index(address) for address in found if "[" in address}
    return tuple(address for address in found if address not in precise)


def _collect(expression: Any, references: list[Any]) -> None:
    if isinstance(expression, list):
        for block in expression:
            _collect(block, references)
    elif isinstance(expression, dict):
        listed = expression.get("references")
        if isinstance(listed, list):
            references += listed
            return
        for nested in expression.values():
            if isinstance(nested, dict | list):
                _collect(nested, references)


def _instances(changes: Iterable[ResourceChange]) -> dict[str, list[str]]:
    """Address without its own index to the addresses in the plan."""
    found: dict[str, list[str]] = {}
    for change in changes:
        prefix = f"{change.module_address}." if change.module_address else ""
        found.setdefault(f"{prefix}{change.type}.{change.name}", []).append(change.address)
        found.setdefault(change.address, [change.address])
    return found


def _resolved(
    addresses: tuple[str, ...], prefix: str, instances: Mapping[str, list[str]]
) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            instance
            for address in addresses
            for instance in instances.get(prefix + address, (prefix + address,))
        )
    )
