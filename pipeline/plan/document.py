"""The parts of ``terraform show -json`` that are read; whatever else it holds is skipped.

Source: https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

from typing import Any

import msgspec


class Skipped(msgspec.Struct):
    """Something whose presence counts and whose content does not."""


_NOTHING = msgspec.Raw(b"null")


class ResourceChangeBody(msgspec.Struct):
    """Terraform's ``change``: what is done, and the values on both sides, not decoded yet.

    Most resources of a plan stay as they are: both sides are then the same text, and marks are
    a text without ``true``.
    """

    actions: tuple[str, ...]
    before: msgspec.Raw = _NOTHING
    after: msgspec.Raw = _NOTHING
    after_unknown: msgspec.Raw = _NOTHING
    before_sensitive: msgspec.Raw = _NOTHING
    after_sensitive: msgspec.Raw = _NOTHING
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
    provider_config_key: str = ""
    expressions: dict[str, Any] = {}


class Variable(msgspec.Struct):
    """A variable as the configuration declares it."""

    default: Any = None
    sensitive: bool = False


class Module(msgspec.Struct):
    """A module's resources, its variables and the modules that it calls."""

    variables: dict[str, Variable] = {}
    resources: tuple[ConfiguredResource, ...] = ()
    module_calls: dict[str, ModuleCall] = {}


class ModuleCall(msgspec.Struct):
    """A call of a module, and what it passes to the module's variables."""

    expressions: dict[str, Any] = {}
    module: Module = msgspec.field(default_factory=Module)


class Configuration(msgspec.Struct):
    """What the plan was made from."""

    provider_config: dict[str, Provider] = {}
    root_module: Module = msgspec.field(default_factory=Module)


class Given(msgspec.Struct):
    """A value of a root variable, not decoded: it may be secret."""

    value: msgspec.Raw = _NOTHING


class Displayed(msgspec.Struct):
    """An address as Terraform shows it."""

    to_display: str = ""


class Problem(msgspec.Struct):
    """Why a check fails."""

    message: str = ""


class CheckInstance(msgspec.Struct):
    """One object that a check looks at."""

    address: Displayed = msgspec.field(default_factory=Displayed)
    status: str = ""
    problems: tuple[Problem, ...] = ()


class CheckResult(CheckInstance):
    """One item of ``checks``: a ``check`` block, or the conditions of an object."""

    instances: tuple[CheckInstance, ...] = ()


class ActionInvocation(msgspec.Struct):
    """One item of ``action_invocations``, which Terraform knows from version 1.14 on."""

    address: str = ""
    type: str = ""


class PriorResource(msgspec.Struct):
    """A resource or data source as it was before; its values are not decoded."""

    type: str = ""
    values: msgspec.Raw = _NOTHING


class PriorModule(msgspec.Struct):
    """A module's resources, and the modules in it."""

    resources: tuple[PriorResource, ...] = ()
    child_modules: tuple[PriorModule, ...] = ()


class PriorValues(msgspec.Struct):
    """The values of a state."""

    root_module: PriorModule = msgspec.field(default_factory=PriorModule)


class PriorState(msgspec.Struct):
    """The state before the plan, with what data sources found."""

    values: PriorValues | None = None


class PlanDocument(msgspec.Struct):
    """The whole file. Everything is optional here, so that the reader can say what is missing."""

    format_version: str = ""
    terraform_version: str = ""
    resource_changes: tuple[ResourceChange, ...] = ()
    resource_drift: tuple[ResourceChange, ...] = ()
    output_changes: dict[str, OutputChange] = {}
    variables: dict[str, Given] = {}
    checks: tuple[CheckResult, ...] = ()
    action_invocations: tuple[ActionInvocation, ...] = ()
    configuration: Configuration | None = None
    prior_state: PriorState | None = None
    planned_values: Skipped | None = None
    values: Skipped | None = None
    deferred_changes: tuple[Skipped, ...] = ()
    complete: bool = True
    errored: bool = False
