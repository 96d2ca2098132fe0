"""The connection that a warm environment keeps between requests, and its time limit."""

from __future__ import annotations

import os
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from psycopg.pq import TransactionStatus

from .database import Connection
from .deadline import Deadline, DeadlineExceeded

_CONNECT_SECONDS = 5.0
"""RDS Proxy refuses a client within its borrow time-out, 5 s, when it has no connection left."""

_UNCHECKED_SECONDS = 10.0
"""How long a connection may be idle before it is checked with a query. A frozen environment does
not notice when the server closes it."""


class Connections:
    """Keeps a connection between invocations. Lambda sends one request at a time.

    Where requests do come together, as in tests, each further one gets a connection of its own,
    which is closed after it.
    """

    def __init__(self, connect: Callable[[float], Connection]) -> None:
        """Remember how to connect.

        Args:
            connect: opens a connection; gets the seconds that it may take.
        """
        self._connect = connect
        self._lock = threading.Lock()
        self._idle: Connection | None = None
        self._idle_since = 0.0

    def take(self) -> Connection | None:
        """Return the idle connection, if there is one; the caller owns it now."""
        with self._lock:
            connection, self._idle = self._idle, None
        return connection

    def give_back(self, connection: Connection) -> None:
        """Keep a connection for the next request, unless it is broken or there is one already."""
        if not connection.closed and connection.info.transaction_status == TransactionStatus.IDLE:
            with self._lock:
                if self._idle is None:
                    self._idle, self._idle_since = connection, time.monotonic()
                    return
        connection.close()

    def open(self, seconds: float) -> Connection:
        """Open a new connection.

        Args:
            seconds: how long it may take.

        Returns:
            The connection; the caller owns it.
        """
        return self._connect(seconds)

    @contextmanager
    def use(self, deadline: Deadline) -> Iterator[Connection]:
        """Lend a connection until the block ends or the deadline has passed.

        Args:
            deadline: then the connection is shut down, whatever it is waiting for.

        Yields:
            A connection in autocommit mode, outside any transaction.

        Raises:
            DeadlineExceeded: if the deadline passed in the block.
            psycopg.Error: if there is no connection to be had.
        """
        deadline.require(0, "the database")
        connection = self._checked_idle(deadline) or self._connect(
            min(_CONNECT_SECONDS, deadline.remaining)
        )
        try:
            with time_limit(connection, deadline.remaining) as time_is_up:
                try:
                    yield connection
                except psycopg.Error as error:
                    if time_is_up.is_set():
                        raise DeadlineExceeded("the database did not answer in time") from error
                    raise
        finally:
            self.give_back(connection)

    def _checked_idle(self, deadline: Deadline) -> Connection | None:
        """Return the idle connection if the server is still there."""
        since = self._idle_since
        connection = self.take()
        if connection is None:
            return None
        try:
            # The server owes no answer, so anything to read is its error message or end of file.
            if select.select([connection.fileno()], [], [], 0)[0]:
                raise psycopg.OperationalError("closed by the server")
            if time.monotonic() - since > _UNCHECKED_SECONDS:
                # A server that vanished without closing the connection never answers.
                with time_limit(connection, min(_CONNECT_SECONDS, deadline.remaining)):
                    connection.execute("SELECT 1")
        except (psycopg.Error, OSError, ValueError):
            connection.close()
            return None
        return connection


@contextmanager
def time_limit(connection: Connection, seconds: float) -> Iterator[threading.Event]:
    """Shut a connection down if the block takes longer than that.

    Args:
        connection: any; whoever waits for its answer gets an error then.
        seconds: how long.

    Yields:
        An event that tells whether the time was up.
    """
    time_is_up = threading.Event()

    def expire() -> None:
        time_is_up.set()
        shut_down(connection)

    timer = threading.Timer(seconds, expire)
    timer.daemon = True
    timer.start()
    try:
        yield time_is_up
    finally:
        timer.cancel()


def shut_down(connection: Connection) -> None:
    """Shut the socket down, so that a thread which waits for an answer gets an error.

    Closing the connection from another thread would not wake it.

    Args:
        connection: any; one that is closed already is left alone.
    """
    try:
        with socket.socket(fileno=os.dup(connection.fileno())) as handle:
            handle.shutdown(socket.SHUT_RDWR)
    except (OSError, psycopg.Error):
        pass  # it is closed or broken already: the thread is awake
