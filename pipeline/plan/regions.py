"""Which region each provider's configuration names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from pipeline.plan.document import Configuration, Given, Module

_AWS = "aws"
_VARIABLE = "var."


class Regions:
    """The regions of a plan's AWS providers.

    Attributes:
        default: that of the provider without an alias; ``None`` where the plan doesn't say.
    """

    def __init__(self, configuration: Configuration, variables: Mapping[str, Given]) -> None:
        """Read them.

        Args:
            configuration: the plan's.
            variables: values of the root module's variables.
        """
        self._variables = variables
        self._root = configuration.root_module
        self._by_key = {
            key: self._region(provider.expressions["region"], _path(key))
            for key, provider in configuration.provider_config.items()
            if key.rsplit(":", 1)[-1].split(".", 1)[0] == _AWS and "region" in provider.expressions
        }
        keys = sorted(self._by_key, key=lambda name: (name != _AWS, name))
        plain = (key for key in keys if key.rsplit(":", 1)[-1] == _AWS)
        self.default = next((self._by_key[key] for key in plain if self._by_key[key]), None)
        self._by_address = dict(self._resources(self._root, ""))

    def of(self, address: str) -> str | None:
        """The region of a resource's provider.

        Args:
            address: without index.

        Returns:
            The region; ``None`` where the plan names none, and nothing where it names one for a
            provider beside the default one and doesn't tell its value.
        """
        return self._by_address.get(address, self.default)

    def _resources(self, module: Module, prefix: str) -> Iterator[tuple[str, str]]:
        for resource in module.resources:
            key = resource.provider_config_key
            if key in self._by_key and (self._by_key[key] or key != _AWS):
                yield prefix + resource.address, self._by_key[key] or ""
        for name, call in module.module_calls.items():
            yield from self._resources(call.module, f"{prefix}module.{name}.")

    def _region(self, expression: Any, path: Sequence[str]) -> str | None:
        """A region that is written out, or is the value of a variable.

        Args:
            expression: as the configuration has it.
            path: the modules in which it stands, outermost first.
        """
        if not isinstance(expression, dict):
            return None
        written = expression.get("constant_value")
        if isinstance(written, str) and "${" not in written:
            return written
        for reference in expression.get("references") or ():
            if isinstance(reference, str) and reference.startswith(_VARIABLE):
                return self._value(reference.removeprefix(_VARIABLE), path)
        return None

    def _value(self, name: str, path: Sequence[str]) -> str | None:
        """The value of a module's variable: what its call passes, or else its default."""
        module, given = self._root, None
        for step in path:
            call = module.module_calls.get(step)
            if call is None:
                return None
            module, given = call.module, call.expressions.get(name)
        declared = module.variables.get(name)
        if declared is None or declared.sensitive:
            return None
        if given is not None:
            return self._region(given, path[:-1])
        value = declared.default
        if not path and name in self._variables:
            value = msgspec.json.decode(self._variables[name].value)
        return value if isinstance(value, str) else None


def _path(key: str) -> list[str]:
    """The modules of a provider's key: ``module.a.module.b:aws`` is in ``a``, ``b``."""
    return key.rpartition(":")[0].removeprefix("module.").split(".module.") if ":" in key else []
