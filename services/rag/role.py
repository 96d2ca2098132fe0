"""Makes the application's role in the database. A deployment invokes it; running it again is safe.

It connects as the master user, so it is a function of its own: the application's can't become it.
"""

from __future__ import annotations

import os
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


class RoleError(Exception):
    """The role could not be made; one line without secrets. It fails the deployment."""


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Make the role, its password and its rights what they must be.

    Args:
        event: ``{"grant_rds_iam": true}`` lets the role log in to the database with IAM tokens;
            otherwise it logs in with its password, as RDS Proxy does.
        context: Lambda's, for the request id in the log.

    Returns:
        What the role is now.

    Raises:
        RoleError: if anything fails; nothing has been changed then.
    """
    try:
        settings, application = _inputs()
        with _open(settings) as connection:
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


def _open(settings: Settings) -> Connection:
    try:
        return connect(settings, timeout_seconds=_CONNECT_SECONDS)
    except (psycopg.Error, BotoCoreError) as error:
        raise RoleError(f"can't connect as {settings.user}: {classify(error)}") from None
