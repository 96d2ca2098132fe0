"""What the functions are told through their environment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast, get_args

AuthMode = Literal["iam", "password"]
SslMode = Literal["disable", "require", "verify-ca", "verify-full"]

_AMAZON_ROOTS = Path(__file__).with_name("certificates") / "amazon-roots.pem"
"""What signs RDS Proxy's certificate: in the zip, so that no other authority is trusted."""

_MAX_PORT = 65535
_MAX_HEALTH_TIMEOUT_MS = 25_000
"""An HTTP API gives up after 30 s."""


class SettingsError(Exception):
    """A variable is missing or wrong; the message names it and never shows its value."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Where the database is and how to reach it.

    Attributes:
        host: endpoint of RDS Proxy, or of the database where there is no proxy.
        port: its port.
        name: the database.
        user: the role to connect as.
        auth: ``iam`` for a token signed on the spot, ``password`` for a fixed one.
        password: only for ``password``; None if the caller finds it elsewhere.
        region: where tokens are signed for.
        sslmode: libpq's; anything below ``verify-full`` is for tests.
        sslrootcert: PEM file of trusted roots.
        health_timeout_seconds: how long the health check waits for the database.
    """

    host: str
    port: int
    name: str
    user: str
    auth: AuthMode
    password: str | None = field(repr=False)
    region: str
    sslmode: SslMode
    sslrootcert: str
    health_timeout_seconds: float


def load(environment: Mapping[str, str], *, password_is_elsewhere: bool = False) -> Settings:
    """Read the settings.

    Args:
        environment: usually ``os.environ``.
        password_is_elsewhere: don't ask for ``DATABASE_PASSWORD``.

    Returns:
        The settings, checked.

    Raises:
        SettingsError: naming the first variable that is missing or wrong.
    """
    auth = cast("AuthMode", _choice(environment, "DATABASE_AUTH", get_args(AuthMode), "iam"))
    sslmode = cast(
        "SslMode", _choice(environment, "DATABASE_SSLMODE", get_args(SslMode), "verify-full")
    )
    if auth == "iam" and sslmode == "disable":
        # A token is a password for fifteen minutes: it must not travel in clear.
        raise SettingsError("DATABASE_SSLMODE must not be disable when DATABASE_AUTH is iam")
    needs_password = auth == "password" and not password_is_elsewhere
    return Settings(
        host=required(environment, "DATABASE_HOST"),
        port=integer("DATABASE_PORT", required(environment, "DATABASE_PORT"), maximum=_MAX_PORT),
        name=required(environment, "DATABASE_NAME"),
        user=required(environment, "DATABASE_USER"),
        auth=auth,
        password=required(environment, "DATABASE_PASSWORD") if needs_password else None,
        region=required(environment, "AWS_REGION"),
        sslmode=sslmode,
        sslrootcert=environment.get("DATABASE_SSLROOTCERT") or str(_AMAZON_ROOTS),
        health_timeout_seconds=integer(
            "HEALTH_TIMEOUT_MS",
            environment.get("HEALTH_TIMEOUT_MS") or "2000",
            maximum=_MAX_HEALTH_TIMEOUT_MS,
        )
        / 1000,
    )


def required(environment: Mapping[str, str], name: str) -> str:
    """Return a variable that must be there.

    Args:
        environment: usually ``os.environ``.
        name: the variable.

    Returns:
        Its value.

    Raises:
        SettingsError: if it is missing or empty.
    """
    value = environment.get(name)
    if not value:
        raise SettingsError(f"{name} is not set")
    return value


def _choice(environment: Mapping[str, str], name: str, allowed: Sequence[str], default: str) -> str:
    value = environment.get(name) or default
    if value not in allowed:
        raise SettingsError(f"{name} must be one of {', '.join(allowed)}")
    return value


def integer(name: str, text: str, *, maximum: int) -> int:
    """Return a variable's whole number.

    Args:
        name: the variable, for the error.
        text: its value.
        maximum: the largest number allowed; the smallest is 1.

    Returns:
        The number.

    Raises:
        SettingsError: if it is anything else.
    """
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= maximum):
        raise SettingsError(f"{name} must be a whole number from 1 to {maximum}")
    return int(text)
