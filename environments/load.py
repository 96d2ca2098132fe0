"""Loads the environments, and takes down prod's guards when an operator asks for it."""

from __future__ import annotations

import importlib
import ipaddress
import os
from collections.abc import Mapping
from itertools import combinations

from pydantic import ValidationError

from environments.errors import ConfigurationError, explain
from environments.settings import Environment

NAMES = ("dev", "prod")

ALLOW_DESTROY = "MAPVIBE_ALLOW_DESTROY"
"""Names the one environment whose guards against ``destroy`` are taken down."""


def load_environments(process: Mapping[str, str] = os.environ) -> tuple[Environment, ...]:
    """All environments, validated, dev first.

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
    _refuse_overlaps(environments)
    _refuse_second_provider(environments)
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
        raise explain(error, where=f"environments/{name}.py") from error
    environment: Environment = getattr(module, name.upper())
    return environment


def _refuse_overlaps(environments: tuple[Environment, ...]) -> None:
    """Networks that overlap can never be connected, and nobody renumbers them later."""
    for other, environment in combinations(environments, 2):
        network = ipaddress.IPv4Network(environment.network.cidr)
        if network.overlaps(ipaddress.IPv4Network(other.network.cidr)):
            raise ConfigurationError(
                f"environments/{environment.name}.py: network.cidr={network}: overlaps "
                f"{other.network.cidr} of {other.name}; choose a range of its own"
            )


def _refuse_second_provider(environments: tuple[Environment, ...]) -> None:
    """An account holds one identity provider for each address."""
    makers: dict[tuple[str, str], str] = {}
    for environment in environments:
        delivery = environment.delivery
        if delivery is None or delivery.identity_provider != "create":
            continue
        where = (environment.account_id, delivery.gitlab_url)
        maker = makers.setdefault(where, environment.name)
        if maker != environment.name:
            raise ConfigurationError(
                f"environments/{environment.name}.py: delivery.identity_provider=create: account "
                f"{environment.account_id} gets its provider of {delivery.gitlab_url} from "
                f"{maker}; set it to existing"
            )
