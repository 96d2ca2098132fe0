"""Stated usage: how much of a resource is used, in Infracost's usage file.

Source: https://www.infracost.io/docs/features/usage_based_resources/
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pipeline.cost.strict_yaml import load_mapping
from pipeline.errors import PipelineError, Status
from pipeline.plan.address import type_of, without_index
from pipeline.plan.model import Plan
from pipeline.schema import types

VERSION = Decimal("0.1")
_DEFAULTS = "resource_type_default_usage"
_RESOURCES = "resource_usage"
_ALLOWED = "allow_unpriced"
"""This project's own key: Infracost doesn't refuse what it doesn't know."""

_TEXTS = (
    "api_throughput_limit",
    "architecture",
    "dx_connection_type",
    "dx_virtual_interface_type",
    "endpoint_type",
    "instance_tier",
    "operating_system",
    "region",
    "reserved_instance_payment_option",
    "reserved_instance_term",
    "reserved_instance_type",
)
"""Infracost's keys whose value is a word."""

_SECTIONS = ("version", _DEFAULTS, _RESOURCES, _ALLOWED)
_WILDCARD = "[*]"
RESOURCE_TYPE = re.compile(r"[a-z][a-z0-9]*_[a-z0-9_]+")
_ANY_INDEX = r'\[(?:\d+|"(?:[^"\\]|\\.)*"|\*)\]'

OF_NO_RESOURCE = frozenset({"aws_data_transfer"})
"""Types that Infracost knows in its usage file only."""

_OTHER_CLOUDS = ("azurerm_", "google_")
"""Beginnings of the other types that Infracost knows."""

Values = Mapping[str, Decimal | str]
"""A key of the file, with dots where it nests, to what it states: a number, or a word."""


@dataclass(frozen=True)
class Usage:
    """What a usage file states; nothing by default.

    Attributes:
        path: the file, for errors.
        defaults: resource type to its values.
        resources: address to its values; ``[*]`` in an address stands for every position or key.
        allow_unpriced: types that may be without a price.
    """

    path: Path = Path("usage")
    defaults: Mapping[str, Values] = field(default_factory=dict)
    resources: Mapping[str, Values] = field(default_factory=dict)
    allow_unpriced: frozenset[str] = frozenset()
    _wildcards: list[tuple[re.Pattern[str], Values]] = field(init=False, repr=False, compare=False)
    _found: dict[str, Values] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Compile the wildcards; of several that match, the one with the fewest ``[*]`` counts."""
        names = [name for name in self.resources if _WILDCARD in name]
        names.sort(key=lambda name: name.count(_WILDCARD))
        wildcards = [(_pattern(name), self.resources[name]) for name in names]
        object.__setattr__(self, "_wildcards", wildcards)

    def value(self, address: str, type: str, key: str) -> Decimal | None:  # noqa: A002
        """What is stated of one resource: by its address, else by its type.

        Args:
            address: the resource's address.
            type: its type.
            key: with dots where the file nests, such as ``standard.storage_gb``.

        Returns:
            The number; ``None`` where nothing is stated.
        """
        value = self._stated(address, type, key)
        return value if isinstance(value, Decimal) else None

    def word(self, address: str, type: str, key: str) -> str:  # noqa: A002
        """The same for a key that takes a word, such as ``operating_system``.

        Returns:
            The word in small letters; empty where nothing is stated.
        """
        value = self._stated(address, type, key)
        return value.lower() if isinstance(value, str) else ""

    @property
    def types(self) -> frozenset[str]:
        """Types of which anything but 0 is stated."""
        stated = [*self.defaults.items()]
        stated += [(_type_of(address), values) for address, values in self.resources.items()]
        return frozenset(name for name, values in stated if any(values.values()))

    def _stated(self, address: str, type: str, key: str) -> Decimal | str | None:  # noqa: A002
        own = self._of(address).get(key)
        return self.defaults.get(type, {}).get(key) if own is None else own

    def check(self, plan: Plan) -> None:
        """Refuse usage of a resource that the plan does not have.

        What Infracost states of no resource is passed over.

        Raises:
            PipelineError: it names the address and those that are nearest.
        """
        addresses = {change.address for change in plan.changes}
        for name in self.resources:
            if _type_of(name) in OF_NO_RESOURCE:
                continue
            if _WILDCARD in name:
                pattern = _pattern(name)
                found = any(pattern.fullmatch(address) for address in addresses)
            else:
                found = name in addresses
            if not found:
                raise _bad(
                    self.path,
                    f"{_RESOURCES}.{name}",
                    f"no such resource in the plan of {plan.stack}" + _suggestion(name, addresses),
                )

    def _of(self, address: str) -> Values:
        """An entry for the address itself replaces the one with a wildcard as a whole."""
        if address in self.resources or not self._wildcards or not address.count("["):
            return self.resources.get(address, {})
        if address not in self._found:
            matching = (v for pattern, v in self._wildcards if pattern.fullmatch(address))
            self._found[address] = next(matching, {})
        return self._found[address]


def load_usage(path: Path, *, known: Mapping[str, Collection[str]] | None) -> Usage:
    """Read a usage file.

    Args:
        path: a YAML file; an empty one states nothing.
        known: resource type to the keys that its pricer reads, ``*`` standing for any one part
            of a key; ``None`` takes every type and key. Of the provider's other types every key is
            taken: a file that was written for Infracost states usage of types that have no price
            here.

    Raises:
        PipelineError: with ``BAD_SETTINGS``; a name is unknown, or a value is no number of 0 or
            more.
    """
    content = load_mapping(path)
    if not content:
        return Usage(path=path)
    for name in content:
        if name not in _SECTIONS:
            near = _suggestion(name, _SECTIONS)
            raise _bad(path, name, f"unknown key{near}")
    if content.get("version") not in (VERSION, str(VERSION)):
        raise _bad(path, "version", f"must be {VERSION}")
    defaults = _section(path, content, _DEFAULTS)
    resources = _section(path, content, _RESOURCES)
    for address in resources:
        if "." not in without_index(address.replace(_WILDCARD, "")):
            raise _bad(
                path,
                f"{_RESOURCES}.{address}",
                f"is no address; write it such as aws_lambda_function.api, or under {_DEFAULTS}",
            )
    if known is not None:
        for name, values in defaults.items():
            _check_keys(path, f"{_DEFAULTS}.{name}", name, values, known)
        for address, values in resources.items():
            _check_keys(path, f"{_RESOURCES}.{address}", _type_of(address), values, known)
    allowed = _types(path, content.get(_ALLOWED))
    return Usage(path=path, defaults=defaults, resources=resources, allow_unpriced=allowed)


def _types(path: Path, names: Any) -> frozenset[str]:
    if names is None:
        return frozenset()
    if not isinstance(names, list) or not all(
        isinstance(name, str) and RESOURCE_TYPE.fullmatch(name) for name in names
    ):
        raise _bad(
            path, _ALLOWED, "must be a list of resource types, such as [aws_medialive_channel]"
        )
    return frozenset(names)


def _section(path: Path, content: Mapping[str, Any], name: str) -> dict[str, Values]:
    section = content.get(name)
    # Infracost writes a section whose lines are all comments: its value is then nothing.
    if section is None:
        return {}
    if not isinstance(section, dict):
        raise _bad(path, name, "must be a mapping")
    found: dict[str, Values] = {}
    for key, values in section.items():
        if values is not None and not isinstance(values, dict):
            raise _bad(path, f"{name}.{key}", "must be a mapping of usage keys to numbers")
        found[key] = dict(_flat(path, f"{name}.{key}", "", values or {}))
    return found


def _flat(
    path: Path, where: str, prefix: str, values: Mapping[str, Any]
) -> Iterable[tuple[str, Decimal | str]]:
    for key, value in values.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            yield from _flat(path, where, f"{name}.", value)
        elif isinstance(value, str) and key in _TEXTS:
            yield name, value
        elif not isinstance(value, Decimal):
            shown = "nothing" if value is None else f"'{value}'"
            raise _bad(path, f"{where}.{name}", f"{shown} is no number; write it such as 1000.5")
        elif value < 0:
            raise _bad(path, f"{where}.{name}", f"{value} is negative; write 0 or more")
        else:
            yield name, value


def _check_keys(
    path: Path,
    where: str,
    type_name: str,
    values: Values,
    known: Mapping[str, Collection[str]],
) -> None:
    if type_name not in known:
        others = type_name in OF_NO_RESOURCE or type_name.startswith(_OTHER_CLOUDS)
        if others or type_name in types():
            return
        near = _suggestion(type_name, {*known, *types()})
        raise _bad(path, where, f"no usage is known for type {type_name}{near}")
    for key in values:
        if not any(_matches(pattern, key) for pattern in known[type_name]):
            near = _suggestion(key, known[type_name])
            raise _bad(path, f"{where}.{key}", f"unknown usage key of {type_name}{near}")


def _type_of(address: str) -> str:
    return type_of(address.replace(_WILDCARD, ""))


def _matches(pattern: str, key: str) -> bool:
    wanted, parts = pattern.split("."), key.split(".")
    return len(wanted) == len(parts) and all(
        one in ("*", other) for one, other in zip(wanted, parts, strict=True)
    )


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(_ANY_INDEX.join(re.escape(part) for part in name.split(_WILDCARD)))


def _suggestion(name: str, names: Iterable[str]) -> str:
    near = get_close_matches(name, sorted(names), n=3, cutoff=0.7)
    return f"; did you mean {' or '.join(near)}?" if near else "; remove it"


def _bad(path: Path, where: str, text: str) -> PipelineError:
    return PipelineError(f"{path}: {where}: {text}", Status.BAD_SETTINGS)
