"""Makes the application's role in the database. A deployment invokes it; running it again is safe.

It connects as the master user, so it is a function of its own: the application's can't become it.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import Any

import psycopg
from botocore.exceptions import BotoCoreError

from .causes import classify
from .database import Connection, connect
from .logs import LOGGER
from .provision import ProvisionError, provision
from .secrets import Credentials, SecretError, read
from .settings import Settings, SettingsError, load, required

_CONNECT_SECONDS = 10
"""The proxy may have to fetch the master's secret first."""


_RETRY_SECONDS = 5
_RESERVE_SECONDS = 20
"""For the last try to connect and the work after it."""


class RoleError(Exception):
    """The role could not be made; one line without secrets. It fails the deployment."""


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Make the role, its password and its rights what they must be.

    Args:
        event: ``{"grant_rds_iam": true}`` lets the role log in to the database with IAM tokens;
            otherwise it logs in with its password, as RDS Proxy does.
        context: Lambda's, for the request id in the log and the time that is left.

    Returns:
        What the role is now.

    Raises:
        RoleError: if anything fails; nothing has been changed then.
    """
    try:
        settings, application = _inputs()
        with _open(settings, patience_seconds=_patience(context)) as connection:
            result = provision(
                connection, application, grant_rds_iam=event.get("grant_rds_iam") is True
            )
    except (SettingsError, SecretError, ProvisionError) as error:
        raise RoleError(str(error)) from None
    except psycopg.Error as error:
        # Not the whole text: PostgreSQL adds the statement to some errors.
        reason = error.diag.message_primary or type(error).__name__
        raise RoleError(f"PostgreSQL: {reason}") from None
    request_id = getattr(context, "aws_request_id", "unknown")
    LOGGER.info("the role is ready", extra={"fields": {"request_id": request_id, **result}})
    return result


def _inputs() -> tuple[Settings, Credentials]:
    settings = load(os.environ, password_is_elsewhere=True)
    if settings.auth == "password":
        master = _secret("MASTER_SECRET_ARN", settings.region)
        settings = replace(settings, password=master.password)
    return settings, _secret("APP_SECRET_ARN", settings.region)


def _secret(variable: str, region: str) -> Credentials:
    return read(required(os.environ, variable), variable=variable, region=region)


def _patience(context: object) -> float:
    """How long to wait for the database, seconds: what Lambda leaves, less the work itself."""
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    return remaining() / 1000 - _RESERVE_SECONDS if remaining else 0


def _open(settings: Settings, *, patience_seconds: float) -> Connection:
    """Connect, and try again until patience ends.

    In a first deployment a new proxy needs minutes for its target, and IAM some seconds for the
    permission to connect, after both were reported as made.
    """
    give_up = time.monotonic() + patience_seconds
    while True:
        try:
            return connect(settings, timeout_seconds=_CONNECT_SECONDS)
        except (psycopg.Error, BotoCoreError) as error:
            cause = classify(error)
            if time.monotonic() + _RETRY_SECONDS > give_up:
                raise RoleError(f"can't connect as {settings.user}: {cause}") from None
        LOGGER.info("waiting for the database", extra={"fields": {"cause": cause}})
        time.sleep(_RETRY_SECONDS)
