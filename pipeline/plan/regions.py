"""Which region each provider's configuration names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.plan.document import Configuration, Module
from pipeline.plan.variables import Variables, modules_of

_AWS = "aws"


class Regions:
    """The regions of a plan's AWS providers.

    Attributes:
        default: that of the provider without an alias; ``None`` where the plan doesn't say.
    """

    def __init__(self, configuration: Configuration, variables: Variables) -> None:
        """Read them.

        Args:
            configuration: the plan's.
            variables: of its modules.
        """
        self._variables = variables
        self._by_key = {
            key: self._region(provider.expressions["region"], modules_of(key))
            for key, provider in configuration.provider_config.items()
            if key.rsplit(":", 1)[-1].split(".", 1)[0] == _AWS and "region" in provider.expressions
        }
        keys = sorted(self._by_key, key=lambda name: (name != _AWS, name))
        plain = (key for key in keys if key.rsplit(":", 1)[-1] == _AWS)
        self.default = next((self._by_key[key] for key in plain if self._by_key[key]), None)
        self._by_address = dict(self._resources(configuration.root_module, ""))

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
        found = next(self._variables.values(expression, path), None)
        return found if isinstance(found, str) and "${" not in found else None
