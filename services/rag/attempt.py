"""One bounded try to reach the database."""

from __future__ import annotations

import threading
from collections.abc import Callable

import psycopg

from .connections import hang_up
from .database import Connection


class Attempt(threading.Thread):
    """``SELECT 1`` in a thread of its own, so that its caller can stop waiting at any time.

    libpq's own time-out counts whole seconds, starts at two, and ends with the handshake. A
    thread that was given up owns its connection: it closes it and never hands it out, however
    late it wakes up (Lambda freezes it between invocations).
    """

    def __init__(self, connect: Callable[[], Connection], warm: Connection | None) -> None:
        """Prepare the try.

        Args:
            connect: opens a new connection.
            warm: a connection of an earlier invocation, tried first; it belongs to the try now.
        """
        super().__init__(name="health-check", daemon=True)
        self._connect = connect
        self._warm = warm
        self._finished = threading.Event()
        self._lock = threading.Lock()
        self._given_up = False
        self._in_use: Connection | None = None
        self._result: Connection | Exception | None = None

    def wait(self, timeout_seconds: float) -> Connection:
        """Wait for the answer, but no longer than that.

        Args:
            timeout_seconds: how long.

        Returns:
            The connection that answered; the caller owns it.

        Raises:
            TimeoutError: if there is no answer yet.
            Exception: whatever the try failed with.
        """
        self._finished.wait(timeout_seconds)
        with self._lock:
            if self._result is None:
                self._given_up = True
                if self._in_use is not None:
                    hang_up(self._in_use)
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
            if self._given_up and not isinstance(result, Exception):
                result.close()
        self._finished.set()

    def _ping(self) -> Connection:
        if self._warm is not None:
            try:
                return self._select(self._warm)
            except psycopg.Error:
                # The other side may have closed it while this environment was frozen.
                if self._given_up:
                    raise
        return self._select(self._connect())

    def _select(self, connection: Connection) -> Connection:
        with self._lock:
            given_up = self._given_up
            self._in_use = connection
        if given_up:
            # It came too late, so nobody is left to hang up should its answer never come.
            connection.close()
            raise TimeoutError
        try:
            connection.execute("SELECT 1")
        except BaseException:
            # Forgotten before it is closed: its descriptor may soon be another connection's.
            with self._lock:
                self._in_use = None
            connection.close()
            raise
        return connection
