"""Whether the database answers and the endpoint of the models can be reached."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from .connection_errors import Cause, classify
from .connections import Connections
from .database_probe import DatabaseProbe
from .endpoint_probe import EndpointProbe


@dataclass(frozen=True, kw_only=True, slots=True)
class ProbeResult:
    """What one probe found.

    Attributes:
        latency_ms: how long the answer took, or the wait that was given up.
        cause: why the dependency counts as failing; None if it answered.
        error: the error behind the cause, for the log only: it may name hosts.
    """

    latency_ms: int
    cause: Cause | None = None
    error: Exception | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class HealthReport:
    """What all probes found.

    Attributes:
        database: whether it answers a query.
        models: whether their endpoint accepts a connection.
    """

    database: ProbeResult
    models: ProbeResult


class HealthCheck:
    """Probes all dependencies at once, so that together they take no longer than the slowest.

    Attributes:
        timeout_seconds: how long each may take for its answer.
    """

    def __init__(
        self, connections: Connections, models: tuple[str, int], *, timeout_seconds: float
    ) -> None:
        """Remember where to ask.

        Args:
            connections: to the database; the check uses the idle one, as requests do.
            models: host and port of the models' endpoint.
            timeout_seconds: how long each may take for its answer.
        """
        self._connections = connections
        self._models = models
        self.timeout_seconds = timeout_seconds

    def run(self) -> HealthReport:
        """Probe once.

        Returns:
            What was found, within the time-out.
        """
        started = time.perf_counter()
        connect = partial(self._connections.open, self.timeout_seconds)
        database = DatabaseProbe(connect, self._connections.take())
        models = EndpointProbe(*self._models, timeout_seconds=self.timeout_seconds)
        database.start()
        models.start()
        return HealthReport(
            database=_result(started, partial(self._wait_for_database, database, started)),
            models=_result(started, partial(models.wait, self._remaining(started))),
        )

    def _wait_for_database(self, probe: DatabaseProbe, started: float) -> None:
        self._connections.give_back(probe.wait(self._remaining(started)))

    def _remaining(self, started: float) -> float:
        return max(0.0, self.timeout_seconds - (time.perf_counter() - started))


def _result(started: float, wait: Callable[[], None]) -> ProbeResult:
    try:
        wait()
    except Exception as error:  # noqa: BLE001 - whatever failed is the result
        return ProbeResult(
            latency_ms=_milliseconds_since(started), cause=classify(error), error=error
        )
    return ProbeResult(latency_ms=_milliseconds_since(started))


def _milliseconds_since(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)
