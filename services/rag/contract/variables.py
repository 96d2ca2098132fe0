"""How settings travel in a function's environment: written by the stack, read by the service."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

Settings = TypeVar("Settings")


class SettingsError(Exception):
    """A variable is missing or wrong; the message names it and never shows its value."""


@dataclass(frozen=True, slots=True)
class Variable:
    """An environment variable, noted beside the field that it carries.

    Attributes:
        name: of the variable.
        meaning: what it holds, for people.
        maximum: the largest whole number allowed; the smallest is 1.
        set_by_lambda: whether Lambda sets it by itself, and refuses it from anybody else.
    """

    name: str
    meaning: str
    maximum: int = 2**31 - 1
    set_by_lambda: bool = False


def variables(settings: object) -> dict[str, str]:
    """Write settings as environment variables: the inverse of ``load``.

    Args:
        settings: a dataclass whose fields have a ``Variable``.

    Returns:
        Values by the variables' names, without those that are None or that Lambda sets.
    """
    values = {
        variable.name: getattr(settings, field.name)
        for field, variable, _ in _declared(type(settings))
        if not variable.set_by_lambda
    }
    return {name: str(value) for name, value in values.items() if value is not None}


def load(settings: type[Settings], environment: Mapping[str, str]) -> Settings:
    """Read settings from environment variables.

    Args:
        settings: a dataclass whose fields have a ``Variable``.
        environment: usually ``os.environ``; a variable that is empty counts as missing.

    Returns:
        The settings, checked.

    Raises:
        SettingsError: naming the first variable that is missing or wrong.
    """
    values: dict[str, Any] = {}
    for field, variable, kind in _declared(settings):
        if text := environment.get(variable.name):
            values[field.name] = _value(variable, kind, text)
        elif field.default is MISSING:
            raise SettingsError(f"{variable.name} is not set")
    return settings(**values)


def names(*settings: type) -> set[str]:
    """Return the names of all variables that such settings have.

    Args:
        settings: dataclasses whose fields have a ``Variable``.
    """
    return {variable.name for each in settings for _, variable, _ in _declared(each)}


def _declared(settings: Any) -> Iterator[tuple[Field[Any], Variable, Any]]:
    """Yield each field with its variable and its type."""
    hints = get_type_hints(settings, include_extras=True)
    for field in fields(settings):
        kind, variable = get_args(hints[field.name])
        yield field, variable, kind


def _value(variable: Variable, kind: Any, text: str) -> Any:
    if kind is int:
        return _whole_number(variable, text)
    if kind is float:
        return _fraction(variable, text)
    if get_origin(kind) is Literal and text not in get_args(kind):
        raise SettingsError(f"{variable.name} must be one of {', '.join(get_args(kind))}")
    return text


def _whole_number(variable: Variable, text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= variable.maximum):
        raise SettingsError(f"{variable.name} must be a whole number from 1 to {variable.maximum}")
    return int(text)


def _fraction(variable: Variable, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        raise SettingsError(f"{variable.name} must be a number from 0 to 1")
    return value
