"""Is the database there?"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from .attempt import Attempt
from .causes import Cause, classify
from .database import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class DatabaseHealth:
    """What one check found.

    Attributes:
        latency_ms: how long the answer, or the decision not to wait for it, took.
        cause: why the database counts as failing; None if it answered.
        error: the error behind the cause, for the log only: it may name hosts.
    """

    latency_ms: int
    cause: Cause | None = None
    error: Exception | None = None


class HealthCheck:
    """Asks the database, and keeps the connection for the next invocation.

    Attributes:
        timeout_seconds: how long the database may take for its answer.
        idle: the connection that waits for the next invocation.
    """

    def __init__(self, connect: Callable[[], Connection], *, timeout_seconds: float) -> None:
        """Remember how to connect.

        Args:
            connect: opens a new connection.
            timeout_seconds: how long the database may take for its answer.
        """
        self._connect = connect
        self.timeout_seconds = timeout_seconds
        self.idle: Connection | None = None

    def run(self) -> DatabaseHealth:
        """Ask once.

        Returns:
            What was found, within the time-out.
        """
        started = time.perf_counter()
        attempt = Attempt(self._connect, self.idle)
        self.idle = None
        attempt.start()
        try:
            self.idle = attempt.wait(self.timeout_seconds)
        except Exception as error:  # noqa: BLE001 - every failure is an answer here
            return DatabaseHealth(latency_ms=_since(started), cause=classify(error), error=error)
        return DatabaseHealth(latency_ms=_since(started))


def _since(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)
