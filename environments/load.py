"""Loads the environments, and takes down the guards of one when an operator asks for it."""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping

from pydantic import ValidationError

from environments.errors import explain
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
    try:
        module = importlib.import_module(f"environments.{name}")
    except ValidationError as error:
        raise explain(error, where=_file(name)) from error
    environment: Environment = getattr(module, name.upper())
    refuse([(_file(name), line) for line in broken_rules(environment)])
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
