"""Asks the database for an answer, in a thread that its caller can abandon."""

from __future__ import annotations

import threading
from collections.abc import Callable

import psycopg

from .connections import shut_down
from .database import Connection


class DatabaseProbe(threading.Thread):
    """``SELECT 1`` in a thread of its own, so that its caller can stop waiting at any time.

    libpq's own time-out counts whole seconds, starts at two, and ends with the handshake. A probe
    that was abandoned closes its connection itself, however late it is scheduled again: Lambda
    freezes its thread between invocations.
    """

    def __init__(self, connect: Callable[[], Connection], idle: Connection | None) -> None:
        """Prepare the probe.

        Args:
            connect: opens a new connection.
            idle: a connection of an earlier invocation, tried first; the probe owns it now.
        """
        super().__init__(name="health-check", daemon=True)
        self._connect = connect
        self._idle = idle
        self._finished = threading.Event()
        self._lock = threading.Lock()
        self._abandoned = False
        self._in_use: Connection | None = None
        self._result: Connection | Exception | None = None

    def wait(self, timeout_seconds: float) -> Connection:
        """Wait for the answer, and abandon the probe if there is none in time.

        Args:
            timeout_seconds: how long.

        Returns:
            The connection that answered; the caller owns it.

        Raises:
            TimeoutError: if there is no answer yet.
            Exception: whatever the probe failed with.
        """
        self._finished.wait(timeout_seconds)
        with self._lock:
            if self._result is None:
                self._abandoned = True
                if self._in_use is not None:
                    shut_down(self._in_use)
                raise TimeoutError
        if isinstance(self._result, Exception):
            raise self._result
        return self._result

    def run(self) -> None:
        """Do the work of the thread."""
        try:
            result: Connection | Exception = self._ping()
        except Exception as error:  # noqa: BLE001 - the caller's thread raises it again
            result = error
        with self._lock:
            self._result = result
            if self._abandoned and not isinstance(result, Exception):
                result.close()
        self._finished.set()

    def _ping(self) -> Connection:
        if self._idle is not None:
            try:
                return self._select(self._idle)
            except psycopg.Error:
                # The server may have closed it while this environment was frozen.
                if self._abandoned:
                    raise
        return self._select(self._connect())

    def _select(self, connection: Connection) -> Connection:
        with self._lock:
            abandoned = self._abandoned
            self._in_use = connection
        if abandoned:
            # Nobody would interrupt the query if its answer never came.
            connection.close()
            raise TimeoutError
        try:
            connection.execute("SELECT 1")
        except BaseException:
            # Before closing: another connection may soon have the same file descriptor.
            with self._lock:
                self._in_use = None
            connection.close()
            raise
        return connection
