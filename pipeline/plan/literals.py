"""What a map will hold although Terraform calls all of it unknown.

Where one value of a map is known only after the apply, a provider may mark the whole map. The
configuration still says the others: a function's environment names its models also when the
address of its database does not exist yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.plan.document import Module

_TEMPLATES = ("${", "%{")


def expressions_of(module: Module, prefix: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Addresses of managed resources, without index, each with its attributes' expressions.

    Args:
        module: of the configuration.
        prefix: of the addresses in it.
    """
    for resource in module.resources:
        if resource.mode == "managed":
            yield prefix + resource.address, resource.expressions
    for name, call in module.module_calls.items():
        yield from expressions_of(call.module, f"{prefix}module.{name}.")


def names_of(expressions: Mapping[str, Any]) -> dict[str, Any]:
    """What a configuration writes: names and blocks in their shape, without any value.

    Args:
        expressions: of a resource's attributes, from the configuration.
    """
    return {name: _shape(expression) for name, expression in expressions.items()}


def _shape(expression: Any) -> Any:
    if isinstance(expression, list):
        return [names_of(block) if isinstance(block, dict) else True for block in expression]
    if isinstance(expression, dict) and not expression.keys() & _EXPRESSION:
        return names_of(expression)
    return True


_EXPRESSION = frozenset(("constant_value", "references"))
"""What tells an expression from a block.

Source: https://developer.hashicorp.com/terraform/internals/json-format#expression-representation
"""


def with_literals(
    after: dict[str, Any] | None, unknown: dict[str, Any] | bool, expressions: Mapping[str, Any]
) -> tuple[dict[str, Any] | None, dict[str, Any] | bool]:
    """Values and marks in which unknown maps hold what the configuration writes out.

    Args:
        after: a resource's attributes, without unknown ones.
        unknown: shaped like it, ``True`` where a value is unknown.
        expressions: of its attributes, from the configuration.
    """
    if after is None or not isinstance(unknown, dict):
        return after, unknown
    values, marks = dict(after), dict(unknown)
    for name, mark in unknown.items():
        expression = expressions.get(name)
        if mark is True and isinstance(expression, dict):
            _fill_map(name, values, marks, expression.get("constant_value"))
        elif isinstance(mark, list) and isinstance(expression, list):
            _fill_blocks(name, values, marks, expression)
    return values, marks


def _fill_map(name: str, values: dict[str, Any], marks: dict[str, Any], written: Any) -> None:
    if not isinstance(written, dict):
        return
    literals = {key: value for key, value in written.items() if _is_literal(value)}
    if literals:
        values[name] = literals
        marks[name] = {key: True for key in written if key not in literals}


def _fill_blocks(
    name: str, values: dict[str, Any], marks: dict[str, Any], expressions: list[Any]
) -> None:
    blocks = values.get(name)
    if not isinstance(blocks, list) or not len(blocks) == len(marks[name]) == len(expressions):
        return
    filled = [
        with_literals(block, mark, expression)
        if isinstance(block, dict) and isinstance(expression, dict)
        else (block, mark)
        for block, mark, expression in zip(blocks, marks[name], expressions, strict=True)
    ]
    values[name] = [block for block, _ in filled]
    marks[name] = [mark for _, mark in filled]


def _is_literal(value: Any) -> bool:
    """A text with a template in it is an expression, in Terraform's JSON syntax."""
    if isinstance(value, str):
        return not any(template in value for template in _TEMPLATES)
    return isinstance(value, bool | int | float)
