"""What Lambda publishes of each invocation.

Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from emulator.cloudwatch.publisher import Observation, Publisher
from emulator.functions.deployed import Function
from emulator.functions.pool import Throttled

_COUNT, _MILLISECONDS = "Count", "Milliseconds"


class Invocation:
    """An invocation that runs.

    Attributes:
        failed: whether it ended with an error of the function.
    """

    def __init__(self) -> None:
        """Begins now."""
        self.failed = True  # unless somebody says otherwise
        self._began = time.monotonic()

    def handler_begins(self) -> None:
        """Lets its duration begin now: that of a worker's start is none of it."""
        self._began = time.monotonic()

    @property
    def milliseconds(self) -> float:
        """How long it has taken."""
        return (time.monotonic() - self._began) * 1000


class Meter:
    """Publishes the invocations of all functions. Threads may share it."""

    def __init__(self, publisher: Publisher) -> None:
        """Takes where they are published."""
        self._publisher = publisher
        self._lock = threading.Lock()
        self._running: Counter[tuple[Any, ...]] = Counter()

    @contextmanager
    def invocation(self, function: Function) -> Iterator[Invocation]:
        """Publishes what happens in the block: an invocation, or a throttled attempt.

        Args:
            function: that is invoked.

        Yields:
            The invocation, to be told about.
        """
        running, series = Invocation(), _series(function)
        with self._counted(function, series) as concurrency:
            try:
                yield running
            except Throttled:
                self._publish(function, [_observed("Throttles", 1, _COUNT, *series)])
                raise
            ended = [
                _observed("Invocations", 1, _COUNT, *series),
                _observed("Errors", float(running.failed), _COUNT, *series),
                _observed("Throttles", 0, _COUNT, *series),
                _observed("Duration", running.milliseconds, _MILLISECONDS, *series),
            ]
            self._publish(function, [*ended, *concurrency])

    @contextmanager
    def _counted(
        self, function: Function, series: list[Mapping[str, str]]
    ) -> Iterator[list[Observation]]:
        """Counts an invocation in each of its series as long as it runs."""
        place = (function.account_id, function.region)
        keys = [(*place, *each.items()) for each in series]
        with self._lock:
            self._running.update(keys)
            concurrency = [
                _observed("ConcurrentExecutions", self._running[key], _COUNT, each)
                for key, each in zip(keys, series, strict=True)
            ]
        try:
            yield concurrency
        finally:
            with self._lock:
                self._running.subtract(keys)
                for key in keys:
                    if not self._running[key]:
                        del self._running[key]

    def _publish(self, function: Function, observations: list[Observation]) -> None:
        self._publisher.publish(function.account_id, function.region, *observations)


def _series(function: Function) -> list[Mapping[str, str]]:
    """The total, the function, and the alias or version by which it was invoked."""
    named = {"FunctionName": function.name}
    qualifier = function.invoked_arn.removeprefix(function.arn)  # `:live`, or nothing
    resource = [{**named, "Resource": f"{function.name}{qualifier}"}] if qualifier else []
    return [{}, named, *resource]


def _observed(name: str, value: float, unit: str, *series: Mapping[str, str]) -> Observation:
    return Observation(
        namespace="AWS/Lambda", name=name, value=value, unit=unit, dimension_sets=series
    )
