"""What an expression of the configuration says: what it writes out, or a variable's value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from pipeline.plan.document import Given, Module
from pipeline.plan.values import as_list, as_map, as_text

_VARIABLE = "var."


class Variables:
    """The variables of a plan's modules."""

    def __init__(self, root: Module, given: Mapping[str, Given]) -> None:
        """Args: root: the configuration's root module; given: values of its variables."""
        self._root = root
        self._given = given

    def values(self, expression: Any, path: Sequence[str] = ()) -> Iterator[Any]:
        """What an expression writes out, or else holds for each variable that it refers to.

        Args:
            expression: as the configuration has it.
            path: the modules in which it stands, outermost first.

        Yields:
            Each value; ``None`` for a variable that is marked sensitive, or that nobody can tell.
        """
        written = as_map(expression).get("constant_value")
        if written is not None:
            yield written
            return
        for reference in as_list(as_map(expression).get("references")):
            name = as_text(reference)
            if name.startswith(_VARIABLE):
                yield self._value(name.removeprefix(_VARIABLE), path)

    def _value(self, name: str, path: Sequence[str]) -> Any:
        """The value of a module's variable: what its call passes, or else its default."""
        module, passed = self._root, None
        for step in path:
            call = module.module_calls.get(step)
            if call is None:
                return None
            module, passed = call.module, call.expressions.get(name)
        declared = module.variables.get(name)
        if declared is None or declared.sensitive:
            return None
        if passed is not None:
            return next(self.values(passed, path[:-1]), None)
        if not path and name in self._given:
            return msgspec.json.decode(self._given[name].value)
        return declared.default


def modules_of(key: str) -> list[str]:
    """The modules of a provider's key: ``module.a.module.b:aws`` is in ``a``, ``b``."""
    return key.rpartition(":")[0].removeprefix("module.").split(".module.") if ":" in key else []
