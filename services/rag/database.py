"""Connections to PostgreSQL, through RDS Proxy or straight."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import psycopg

from .contract import DatabaseSettings

Connection = psycopg.Connection[tuple[Any, ...]]

_LEAST_CONNECT_SECONDS = 2
"""libpq counts whole seconds and takes anything below two as two."""


class SigningError(Exception):
    """There are no credentials to sign a token with; the message is the error's class."""


def connect(settings: DatabaseSettings, *, timeout_seconds: float) -> Connection:
    """Open a connection that RDS Proxy can share among clients.

    The proxy pins a client to one database connection after a ``SET``, a startup option or a
    named prepared statement: there are none, and each statement is its own transaction.

    Args:
        settings: where to and as whom.
        timeout_seconds: how long it may take for each address, rounded up by libpq.

    Returns:
        An open connection in autocommit mode.

    Raises:
        psycopg.Error: it can't be opened.
        SigningError: there is nothing to sign a token with.
    """
    return psycopg.connect(
        host=settings.host,
        port=settings.port,
        dbname=settings.name,
        user=settings.user,
        password=_password(settings),
        sslmode=settings.sslmode,
        sslrootcert=settings.sslrootcert,
        gssencmode="disable",
        connect_timeout=max(_LEAST_CONNECT_SECONDS, math.ceil(timeout_seconds)),
        autocommit=True,
        prepare_threshold=None,
    )


def _password(settings: DatabaseSettings) -> str | None:
    if settings.auth == "password":
        return settings.password
    from botocore.exceptions import BotoCoreError  # loaded with the first connection, like boto3

    # Signed here, without a call to AWS, and good for 900 s: a new one for each connection, as
    # a warm environment outlives any token.
    try:
        token: str = rds_client(settings.region).generate_db_auth_token(
            DBHostname=settings.host,
            Port=settings.port,
            DBUsername=settings.user,
            Region=settings.region,
        )
    except BotoCoreError as error:
        raise SigningError(type(error).__name__) from error
    return token


@lru_cache(maxsize=1)
def rds_client(region: str) -> Any:
    """Return the client that signs tokens; making one takes long, so it is kept.

    Args:
        region: where tokens are signed for.

    Returns:
        boto3's client.
    """
    import boto3  # not when the function starts: it takes longer than all other imports

    return boto3.client("rds", region_name=region)
