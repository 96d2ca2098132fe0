"""Are the database and the way to the models there?"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from .attempt import Attempt
from .causes import Cause, classify
from .connections import Connections
from .reach import Reach


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What one check found.

    Attributes:
        latency_ms: how long the answer, or the decision not to wait for it, took.
        cause: why the dependency counts as failing; None if it answered.
        error: the error behind the cause, for the log only: it may name hosts.
    """

    latency_ms: int
    cause: Cause | None = None
    error: Exception | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Findings:
    """What all checks found.

    Attributes:
        database: whether it answers a query.
        models: whether their endpoint takes a connection.
    """

    database: Finding
    models: Finding


class HealthCheck:
    """Asks all dependencies at once, so that together they take no longer than the slowest.

    Attributes:
        timeout_seconds: how long each may take for its answer.
    """

    def __init__(
        self, connections: Connections, models: tuple[str, int], *, timeout_seconds: float
    ) -> None:
        """Remember where to ask.

        Args:
            connections: to the database; the check takes the warm one, as requests do.
            models: host and port of the models' endpoint.
            timeout_seconds: how long each may take for its answer.
        """
        self._connections = connections
        self._models = models
        self.timeout_seconds = timeout_seconds

    def run(self) -> Findings:
        """Ask once.

        Returns:
            What was found, within the time-out.
        """
        started = time.perf_counter()
        connect = partial(self._connections.open, self.timeout_seconds)
        attempt = Attempt(connect, self._connections.take())
        reach = Reach(*self._models, timeout_seconds=self.timeout_seconds)
        attempt.start()
        reach.start()
        return Findings(
            database=_finding(started, partial(self._database, attempt, started)),
            models=_finding(started, partial(reach.wait, self._left(started))),
        )

    def _database(self, attempt: Attempt, started: float) -> None:
        self._connections.give(attempt.wait(self._left(started)))

    def _left(self, started: float) -> float:
        return max(0.0, self.timeout_seconds - (time.perf_counter() - started))


def _finding(started: float, ask: Callable[[], None]) -> Finding:
    try:
        ask()
    except Exception as error:  # noqa: BLE001 - every failure is an answer here
        return Finding(latency_ms=_since(started), cause=classify(error), error=error)
    return Finding(latency_ms=_since(started))


def _since(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)
