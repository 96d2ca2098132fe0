"""The parts of ``terraform show -json`` that are read; whatever else it holds is skipped.

Source: https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

from typing import Any

import msgspec


class Skipped(msgspec.Struct):
    """Something whose presence counts and whose content does not."""


class ResourceChangeBody(msgspec.Struct):
    """Terraform's ``change``: what is done, and the values on both sides."""

    actions: tuple[str, ...]
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    after_unknown: dict[str, Any] | bool = {}
    before_sensitive: dict[str, Any] | bool = {}
    after_sensitive: dict[str, Any] | bool = {}
    replace_paths: tuple[tuple[str | int, ...], ...] = ()
    importing: Skipped | None = None


class ResourceChange(msgspec.Struct):
    """One item of ``resource_changes`` or ``resource_drift``."""

    address: str
    mode: str
    type: str
    change: ResourceChangeBody
    name: str = ""
    module_address: str = ""
    previous_address: str | None = None
    deposed: str | None = None


class OutputChange(msgspec.Struct):
    """One item of ``output_changes``; its values are not even decoded."""

    actions: tuple[str, ...]


class Provider(msgspec.Struct):
    """One item of ``provider_config``."""

    name: str = ""
    expressions: dict[str, Any] = {}


class ConfiguredResource(msgspec.Struct):
    """A resource as the configuration writes it; its address is relative to its module."""

    address: str
    mode: str
    expressions: dict[str, Any] = {}


class Module(msgspec.Struct):
    """A module's resources and the modules that it calls."""

    resources: tuple[ConfiguredResource, ...] = ()
    module_calls: dict[str, ModuleCall] = {}


class ModuleCall(msgspec.Struct):
    """A call of a module."""

    module: Module = msgspec.field(default_factory=Module)


class Configuration(msgspec.Struct):
    """What the plan was made from."""

    provider_config: dict[str, Provider] = {}
    root_module: Module = msgspec.field(default_factory=Module)


class PlanDocument(msgspec.Struct):
    """The whole file. Everything is optional here, so that the reader can say what is missing."""

    format_version: str = ""
    terraform_version: str = ""
    resource_changes: tuple[ResourceChange, ...] = ()
    resource_drift: tuple[ResourceChange, ...] = ()
    output_changes: dict[str, OutputChange] = {}
    configuration: Configuration | None = None
    planned_values: Skipped | None = None
    values: Skipped | None = None
    deferred_changes: tuple[Skipped, ...] = ()
    complete: bool = True
    errored: bool = False
