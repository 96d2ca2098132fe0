"""Loads the environments, and takes down the guards of one when an operator asks for it."""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping

from pydantic import ValidationError

from environments.errors import explain, line_of_mistake
from environments.rules import broken_between, broken_rules
from environments.settings import Environment
from stacks.errors import ConfigurationError

NAMES = ("dev", "prod")
"""Every environment, in the order in which changes reach them; each is a file of this folder."""

ALLOW_DESTROY = "MAPVIBE_ALLOW_DESTROY"
"""Names the one environment whose guards against ``destroy`` are taken down."""


def load_environments(process: Mapping[str, str] = os.environ) -> tuple[Environment, ...]:
    """All environments, validated, in the order of ``NAMES``.

    Args:
        process: the process environment.

    Raises:
        ConfigurationError: a value is wrong, or ``MAPVIBE_ALLOW_DESTROY`` names no environment.
    """
    unlocked = process.get(ALLOW_DESTROY, "")
    if unlocked and unlocked not in NAMES:
        raise ConfigurationError(
            f"{ALLOW_DESTROY}={unlocked}: no such environment; use one of {', '.join(NAMES)}, "
            "or unset it"
        )
    environments = tuple(load_environment(name) for name in NAMES)
    refuse([(_file(each.name), line) for each, line in broken_between(environments)])
    return tuple(e.unlocked() if e.name == unlocked else e for e in environments)


def load_environment(name: str) -> Environment:
    """One environment by name, with its guards.

    Raises:
        ConfigurationError: there is no such environment, or a value of it is wrong.
    """
    if name not in NAMES:
        raise ConfigurationError(
            f"environment {name!r}: there is none of that name; use one of {', '.join(NAMES)}"
        )
    environment = _read(name)
    refuse([(_file(name), line) for line in broken_rules(environment)])
    return environment


def _read(name: str) -> Environment:
    """The values of one file; a mistake in it is a line, whatever Python or pydantic says."""
    where, constant = _file(name), name.upper()
    try:
        module = importlib.import_module(f"environments.{name}")
    except ValidationError as error:
        raise explain(error, where=where) from error
    except Exception as error:
        if line := line_of_mistake(error, where=where):
            raise ConfigurationError(line) from error
        raise
    environment = getattr(module, constant, None)
    if not isinstance(environment, Environment):
        raise ConfigurationError(
            f"{where}: {constant}: is not there, or no Environment; write "
            f'{constant} = Environment(name="{name}", …), as in {_file(NAMES[0])}'
        )
    if environment.name != name:
        raise ConfigurationError(
            f"{where}: name={environment.name}: not the name of its file; set it to {name}"
        )
    return environment


def refuse(broken: list[tuple[str, str]]) -> None:
    """Tell all mistakes at once.

    Args:
        broken: the file that holds the value, and what is wrong with it.

    Raises:
        ConfigurationError: there is one.
    """
    if broken:
        raise ConfigurationError("\n".join(f"{where}: {line}" for where, line in broken))


def _file(name: str) -> str:
    return f"environments/{name}.py"
