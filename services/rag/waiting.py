"""How long a function of the deployment waits: for a new proxy, and for its own work."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from .causes import classify
from .connections import cut_after
from .contract import DatabaseSettings
from .database import Connection, SigningError, connect
from .telemetry import LOGGER

_CONNECT_SECONDS = 10
"""The proxy may have to fetch the master's secret first."""

_RETRY_SECONDS = 5
_PATIENCE_SECONDS = 300
"""A new proxy needs minutes. What takes longer is broken, and nobody should wait for it."""

_RESERVE_SECONDS = 20
"""For the last try to connect and the work after it."""

_FAREWELL_SECONDS = 5
"""For the error message: Lambda's own says nothing but that the time is up."""


class ConnectError(Exception):
    """The database can't be reached; one line without secrets."""


def remaining_seconds(context: object) -> float | None:
    """Return what Lambda leaves, or None if it sets no limit.

    Args:
        context: Lambda's.
    """
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    return remaining() / 1000 if remaining else None


def connect_patiently(settings: DatabaseSettings, context: object) -> Connection:
    """Connect, and try again for some minutes, if there is time for it.

    In a first deployment a new proxy needs minutes for its target, and IAM some seconds for the
    permission to connect, after both were reported as made.

    Args:
        settings: where to and as whom.
        context: Lambda's; without its limit there is one try.

    Returns:
        An open connection.

    Raises:
        ConnectError: naming the user and the cause.
    """
    time_left = (remaining_seconds(context) or 0) - _RESERVE_SECONDS
    give_up = time.monotonic() + min(time_left, _PATIENCE_SECONDS)
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
def within_the_limit(connection: Connection, context: object) -> Iterator[threading.Event]:
    """Hang up shortly before Lambda would stop the function.

    A stopped function is frozen with its connection open: its transaction, and the lock that
    keeps other deployments waiting, would last until TCP notices. Cancelling the statement would
    be gentler, but RDS Proxy takes no cancel requests.

    Args:
        connection: is hung up when the time is up.
        context: Lambda's.

    Yields:
        An event that tells whether the time was up.
    """
    seconds = remaining_seconds(context)
    if seconds is None:
        yield threading.Event()
        return
    with cut_after(connection, seconds - _FAREWELL_SECONDS) as time_is_up:
        yield time_is_up
