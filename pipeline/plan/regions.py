"""Which region each provider's configuration names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
            key: region
            for key, provider in configuration.provider_config.items()
            if (region := self._region(provider.expressions.get("region")))
        }
        keys = sorted(configuration.provider_config, key=lambda name: (name != _AWS, name))
        plain = (key for key in keys if key.rsplit(":", 1)[-1] == _AWS)
        self.default = next((self._by_key[key] for key in plain if key in self._by_key), None)
        self._by_address = dict(self._resources(self._root, ""))

    def of(self, address: str) -> str | None:
        """The region of a resource's provider.

        Args:
            address: without index.
        """
        return self._by_address.get(address, self.default)

    def _resources(self, module: Module, prefix: str) -> Iterator[tuple[str, str]]:
        for resource in module.resources:
            if region := self._by_key.get(resource.provider_config_key):
                yield prefix + resource.address, region
        for name, call in module.module_calls.items():
            yield from self._resources(call.module, f"{prefix}module.{name}.")

    def _region(self, expression: Any) -> str | None:
        """A region that is written out, or is the value of a root variable."""
        if not isinstance(expression, dict):
            return None
        written = expression.get("constant_value")
        if isinstance(written, str) and "${" not in written:
            return written
        for reference in expression.get("references") or ():
            if isinstance(reference, str) and reference.startswith(_VARIABLE):
                return self._value(reference.removeprefix(_VARIABLE))
        return None

    def _value(self, name: str) -> str | None:
        declared = self._root.variables.get(name)
        if declared is None or declared.sensitive:
            return None
        given = self._variables.get(name)
        value = msgspec.json.decode(given.value) if given else declared.default
        return value if isinstance(value, str) else None
