"""What the checks look at: a stack as it was synthesised, or as Terraform planned it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pipeline.plan.values import as_list, as_map, at
from policies.limits import Limits

PROVIDER = "aws"
"""Type of the provider's configurations, among which there may be others with an alias."""

UNKNOWN = "${known after apply}"
"""Stands in a planned value for what nobody knows yet, as an expression does in a synthesised one."""

_EXPRESSION = re.compile(r"(?<!\$)\$\{(?![\w-]+:|[*?$]\})")
"""Terraform's, and not one of IAM's variables, such as ``${aws:username}``."""


def is_unknown(value: object) -> bool:
    """Whether a text is not known yet, or not all of it."""
    return isinstance(value, str) and _EXPRESSION.search(value) is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Resource:
    """One resource, or one configuration of the provider.

    Attributes:
        type: its type; ``aws`` for the provider.
        name: its name within its type; a provider's alias, or ``aws``.
        values: its attributes; what is not known yet is a text of which ``is_unknown`` holds.
        provider: name of the provider's configuration that makes it.
        references: attribute to the addresses that it refers to.
    """

    type: str
    name: str
    values: Mapping[str, Any]
    provider: str = PROVIDER
    references: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """As Terraform writes it; within a module the name is the whole address."""
        return self.name if self.name.startswith("module.") else f"{self.type}.{self.name}"

    def all(self, path: str) -> list[Any]:
        """Every value at a path such as ``rule.apply_server_side_encryption_by_default.sse_algorithm``.

        A list is taken apart, what is not set is left out, and where a block on the way is not
        known its value is not either.
        """
        return [
            item
            for value in _at(self.values, path)
            for item in as_list(value)
            if item not in (None, "")
        ]

    def first(self, path: str) -> Any:
        """The first value at a path; ``None`` where there is none."""
        return next(iter(self.all(path)), None)


def _at(values: Any, path: str) -> Iterator[Any]:
    name, _, rest = path.partition(".")
    for value in at(values, name):
        if not rest:
            yield value
            continue
        for block in as_list(value):
            if is_unknown(block):
                yield block
            else:
                yield from _at(block, rest)


@dataclass(frozen=True, kw_only=True)
class Stack:
    """A stack, as far as it is known.

    Attributes:
        name: its id.
        resources: all that it manages; in a plan those that will be there after the apply.
        providers: the provider's configurations.
        outputs: name to value.
        limits: what its environment allows.
        state: where its state is: the settings of Terraform's S3 backend.
        planned: it is a plan: what is not known is known only after the apply.
    """

    name: str
    resources: tuple[Resource, ...]
    providers: tuple[Resource, ...] = ()
    outputs: Mapping[str, Any] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    state: Mapping[str, Any] = field(default_factory=dict)
    planned: bool = False

    def of_type(self, *types: str) -> list[Resource]:
        """All resources of some types."""
        return [each for name in types for each in self._by_type.get(name, ())]

    def at(self, address: str) -> Resource | None:
        """The resource or provider of an address."""
        return self._by_address.get(address)

    def about(self, resource: Resource, attribute: str, *types: str) -> list[Resource]:
        """Resources of some types that name a resource in an attribute.

        Args:
            resource: what is named: by a reference, or by its known name, id or ARN.
            attribute: where they name it.
            types: their types.
        """
        names = {
            text
            for key in _NAMES
            for text in resource.all(key)
            if isinstance(text, str) and not is_unknown(text)
        }
        return [
            each
            for each in self.of_type(*types)
            if resource.address in each.references.get(attribute, ())
            or not names.isdisjoint(map(str, each.all(attribute)))
        ]

    def named_by(self, resource: Resource, attribute: str) -> list[Resource]:
        """Resources that an attribute refers to."""
        found = (self.at(address) for address in sorted(resource.references.get(attribute, ())))
        return [each for each in found if each]

    @cached_property
    def _by_type(self) -> Mapping[str, list[Resource]]:
        found: dict[str, list[Resource]] = {}
        for each in self.resources:
            found.setdefault(each.type, []).append(each)
        return found

    @cached_property
    def _by_address(self) -> Mapping[str, Resource]:
        return {each.address: each for each in (*self.providers, *self.resources)}


_NAMES = ("id", "arn", "name", "bucket", "identifier", "function_name", "cluster_identifier", "url")
"""Attributes by which a resource may be named where no reference is known."""


def values_in(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every value that is no map and no list, however deep, each with the key that holds it."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key != "//":
                yield from values_in(inner, str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from values_in(inner, name)
    else:
        yield name, value


def maps_in(value: Any) -> list[Mapping[str, Any]]:
    """The maps in a value that is one or a list of them; JSON allows both for a block."""
    return [as_map(each) for each in as_list(value) if as_map(each)]
