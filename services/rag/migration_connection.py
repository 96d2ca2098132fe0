"""The connection of the function that migrates: retried while a proxy starts, closed in time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from .connection_errors import classify
from .connections import time_limit
from .contract import DatabaseSettings
from .database import Connection, SigningError, connect
from .telemetry import LOGGER

_CONNECT_SECONDS = 10
"""The proxy may have to fetch the master's secret first."""

_RETRY_SECONDS = 5
_MAX_RETRY_SECONDS = 300
"""A new proxy needs minutes. One that takes longer is broken."""

_RESERVE_SECONDS = 20
"""Kept for the last attempt to connect and the work after it."""

_ERROR_MESSAGE_SECONDS = 5
"""Kept for an error message of our own: Lambda's says only that the time is up."""


class ConnectError(Exception):
    """The database can't be reached; one line without secrets."""


def remaining_seconds(context: object) -> float | None:
    """Return what Lambda leaves, or None if it sets no limit.

    Args:
        context: Lambda's.
    """
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    return remaining() / 1000 if remaining else None


def connect_with_retries(settings: DatabaseSettings, context: object) -> Connection:
    """Connect, and retry for some minutes if there is time for it.

    In a first deployment a new proxy needs minutes for its target, and IAM some seconds for the
    permission to connect, after AWS has reported both as created.

    Args:
        settings: where to and as whom.
        context: Lambda's; without its limit there is one attempt.

    Returns:
        An open connection.

    Raises:
        ConnectError: naming the user and the cause.
    """
    time_left = (remaining_seconds(context) or 0) - _RESERVE_SECONDS
    give_up = time.monotonic() + min(time_left, _MAX_RETRY_SECONDS)
    while True:
        try:
            return connect(settings, timeout_seconds=_CONNECT_SECONDS)
        except (psycopg.Error, SigningError) as error:
            cause = classify(error)
            if time.monotonic() + _RETRY_SECONDS > give_up:
                raise ConnectError(f"can't connect as {settings.user}: {cause}") from None
        LOGGER.info("waiting for the database", cause=cause)
        time.sleep(_RETRY_SECONDS)


@contextmanager
def closed_before_timeout(connection: Connection, context: object) -> Iterator[threading.Event]:
    """Shut the connection down shortly before Lambda would stop the function.

    A stopped function is frozen with its connection open: its transaction, and the lock that
    keeps other deployments waiting, would last until TCP notices. RDS Proxy takes no requests to
    cancel a statement.

    Args:
        connection: is shut down when the time is up.
        context: Lambda's.

    Yields:
        An event that tells whether the time was up.
    """
    seconds = remaining_seconds(context)
    if seconds is None:
        yield threading.Event()
        return
    with time_limit(connection, seconds - _ERROR_MESSAGE_SECONDS) as time_is_up:
        yield time_is_up
