"""Where the emulator's parts publish in tests; refuses what AWS would not publish so."""

from __future__ import annotations

import threading

from emulator.cloudwatch.publisher import Observation
from modules.metrics import definition

Dimensions = dict[str, str]


class Published:
    """Remembers what was published, each value checked against the table of metrics.

    Attributes:
        places: account and region of each, in order.
    """

    def __init__(self) -> None:
        self.places: list[tuple[str, str]] = []
        self._lock = threading.Lock()
        self._seen: list[Observation] = []

    def publish(self, account_id: str, region: str, *observations: Observation) -> None:
        for each in observations:
            known = definition(each.namespace, each.name)  # raises if AWS has no such metric
            assert each.unit == known.unit, f"{each.name} in {each.unit}, not {known.unit}"
            assert each.dimension_sets, f"{each.name} is published nowhere"
            for dimensions in each.dimension_sets:
                assert frozenset(dimensions) in known.dimension_sets, (each.name, dimensions)
        with self._lock:
            self._seen += observations
            self.places += [(account_id, region)] * len(observations)

    def names(self) -> set[str]:
        """Names of all that was published."""
        with self._lock:
            return {each.name for each in self._seen}

    def values(self, name: str, dimensions: Dimensions | None = None) -> list[float]:
        """The values of one series, in order."""
        with self._lock:
            return [
                each.value
                for each in self._seen
                if each.name == name and (dimensions or {}) in each.dimension_sets
            ]

    def clear(self) -> None:
        """Forgets all of it."""
        with self._lock:
            self._seen.clear()
            self.places.clear()
