"""The one connection that a warm environment keeps, and how long a request may hold it."""

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
"""A proxy that has no connection left for us says so within its borrow time-out, 5 s."""

_TRUSTED_SECONDS = 10.0
"""How long an idle connection counts as alive without asking: a frozen environment misses it when
the other side hangs up."""


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
        """Return the idle connection, which is the caller's from now on, or None."""
        with self._lock:
            connection, self._idle = self._idle, None
        return connection

    def give(self, connection: Connection) -> None:
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
            The connection, the caller's.
        """
        return self._connect(seconds)

    @contextmanager
    def use(self, deadline: Deadline) -> Iterator[Connection]:
        """Lend a connection until the block ends or the deadline has passed.

        Args:
            deadline: then the connection is cut, whatever it is waiting for.

        Yields:
            A connection in autocommit mode, outside any transaction.

        Raises:
            DeadlineExceeded: if the deadline passed in the block.
            psycopg.Error: if there is no connection to be had.
        """
        deadline.require(0, "the database")
        connection = self._alive(deadline) or self._connect(
            min(_CONNECT_SECONDS, deadline.remaining)
        )
        try:
            with cut_after(connection, deadline.remaining) as late:
                try:
                    yield connection
                except psycopg.Error as error:
                    if late.is_set():
                        raise DeadlineExceeded("the database did not answer in time") from error
                    raise
        finally:
            self.give(connection)

    def _alive(self, deadline: Deadline) -> Connection | None:
        """Return the idle connection if the other side is still there."""
        since = self._idle_since
        connection = self.take()
        if connection is None:
            return None
        try:
            # Nothing is due: what can be read is a farewell or the end of the stream.
            if select.select([connection.fileno()], [], [], 0)[0]:
                raise psycopg.OperationalError("closed by the other side")
            if time.monotonic() - since > _TRUSTED_SECONDS:
                # Bounded like a new connection: a peer that is silently gone never answers.
                with cut_after(connection, min(_CONNECT_SECONDS, deadline.remaining)):
                    connection.execute("SELECT 1")
        except (psycopg.Error, OSError, ValueError):
            connection.close()
            return None
        return connection


@contextmanager
def cut_after(connection: Connection, seconds: float) -> Iterator[threading.Event]:
    """Hang up on a connection if the block takes longer than that.

    Args:
        connection: any; whoever waits for its answer gets an error then.
        seconds: how long.

    Yields:
        An event that tells whether the time was up.
    """
    late = threading.Event()

    def cut() -> None:
        late.set()
        hang_up(connection)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


def hang_up(connection: Connection) -> None:
    """Wake a thread that waits for an answer, which closing from another thread would not.

    Args:
        connection: any; one that is closed already is left alone.
    """
    try:
        with socket.socket(fileno=os.dup(connection.fileno())) as handle:
            handle.shutdown(socket.SHUT_RDWR)
    except (OSError, psycopg.Error):
        pass  # it is closed or broken already: the thread is awake
