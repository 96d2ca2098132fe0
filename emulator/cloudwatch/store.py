"""What was published: values by metric and minute, or second, as long as anybody may ask.

CloudWatch keeps minutes for 15 days and coarser points for 15 months; here 15 days are all, and less
if the points would become too many for a long-lived process.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from emulator.cloudwatch.clock import Clock
from emulator.cloudwatch.distribution import Distribution
from emulator.cloudwatch.publisher import Observation

MINUTE, HOUR, DAY = 60, 3600, 86_400
RETENTION = 15 * DAY
SECONDS_RETENTION = 3 * HOUR
MAX_POINTS = 300_000
"""About 150 MB: 20 metrics that are published each minute for ten days."""
LISTED_FOR = 14 * DAY
"""ListMetrics forgets a metric after two weeks without a value."""

Dimensions = Mapping[str, str]
Points = dict[int, Distribution]


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """What makes two values belong to one series: whole dimension sets, the namespace too.

    Attributes:
        account_id: twelve digits.
        region: such as `ap-southeast-1`.
        namespace: such as `AWS/Lambda`.
        name: such as `Errors`.
        dimensions: names and values.
    """

    account_id: str
    region: str
    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def of(cls, account_id: str, region: str, described: Mapping[str, Any]) -> Metric:
        """Reads the API's form of a metric."""
        pairs = ((each["Name"], each["Value"]) for each in described.get("Dimensions") or ())
        return cls(
            account_id=account_id,
            region=region,
            namespace=described["Namespace"],
            name=described["MetricName"],
            dimensions=frozenset(pairs),
        )

    def describe(self) -> dict[str, Any]:
        """Gives the API's form of it."""
        return {
            "Namespace": self.namespace,
            "MetricName": self.name,
            "Dimensions": [{"Name": key, "Value": value} for key, value in sorted(self.dimensions)],
        }


@dataclass(slots=True)
class _Series:
    """Points by unit and the second at which they begin."""

    by_unit: dict[str, Points] = field(default_factory=dict)
    latest: float = 0.0
    fine: bool = False
    """Whether some points are of a second, not of a minute."""

    def coarsen(self, before: float) -> None:
        """Makes minutes of the seconds that are older."""
        for unit, points in self.by_unit.items():
            made: Points = {}
            for second in sorted(points):
                start = second - second % MINUTE if second < before else second
                made.setdefault(start, Distribution()).merge(points[second])
            self.by_unit[unit] = made

    def between(self, points: Points, start: int, end: int) -> Iterator[tuple[int, Distribution]]:
        """Gives points from one second up to another; a few minutes of many days are quick."""
        if self.fine or (end - start) // MINUTE > len(points):
            yield from (each for each in points.items() if start <= each[0] < end)
            return
        for second in range(start + -start % MINUTE, end, MINUTE):
            if second in points:
                yield second, points[second]


class Store:
    """Keeps what is published, for all accounts and regions. Threads may share it.

    Args:
        clock: of CloudWatch.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self._lock = threading.Lock()
        self._series: dict[Metric, _Series] = {}
        self._next_pruning = self.clock.now() + HOUR

    def publish(self, account_id: str, region: str, *observations: Observation) -> None:
        """Publishes values with the time of the emulator's clock.

        Args:
            account_id: twelve digits.
            region: such as `ap-southeast-1`.
            observations: of one moment.
        """
        now = self.clock.now()
        for each in observations:
            one = Distribution()
            one.add(each.value)
            for dimensions in each.dimension_sets:
                metric = Metric(
                    account_id=account_id,
                    region=region,
                    namespace=each.namespace,
                    name=each.name,
                    dimensions=frozenset(dimensions.items()),
                )
                self.put(metric, one, unit=each.unit, timestamp=now)

    def put(
        self,
        metric: Metric,
        values: Distribution,
        *,
        unit: str,
        timestamp: float,
        resolution: int = MINUTE,
    ) -> None:
        """Adds values to the second or minute that they belong to.

        Args:
            metric: whose.
            values: published at once.
            unit: as CloudWatch names it.
            timestamp: seconds since 1970.
            resolution: 1 for a metric of high resolution, else 60; in seconds.
        """
        start = int(timestamp // resolution * resolution)
        with self._lock:
            series = self._series.setdefault(metric, _Series())
            series.latest = max(series.latest, timestamp)
            series.fine = series.fine or resolution < MINUTE
            points = series.by_unit.setdefault(unit, {})
            points.setdefault(start, Distribution()).merge(values)
            now = self.clock.now()
            if now >= self._next_pruning:
                self._next_pruning = now + HOUR
                self._prune(now)

    def points(
        self,
        metric: Metric,
        *,
        start: int,
        end: int,
        period: int,
        unit: str | None = None,
        origin: int = 0,
    ) -> Points:
        """Gives the values of a metric in periods.

        Args:
            metric: whose.
            start: the first second, inclusive.
            end: the last second, exclusive.
            period: in seconds.
            unit: only values that were published with it; any by default.
            origin: a second at which a period begins.

        Returns:
            The values by the second at which their period begins; periods without any are left out.
        """
        found: Points = {}
        with self._lock:
            series = self._series.get(metric, _Series())
            for name, points in series.by_unit.items():
                if unit is not None and name != unit:
                    continue
                for second, values in series.between(points, start, end):
                    begin = second - (second - origin) % period
                    found.setdefault(begin, Distribution()).merge(values)
        return found

    def units(self, metric: Metric) -> set[str]:
        """Gives the units that a metric was published with."""
        with self._lock:
            return set(self._series.get(metric, _Series()).by_unit)

    def metrics(self, account_id: str, region: str, since: float | None = None) -> list[Metric]:
        """Lists the metrics of an account in a region.

        Args:
            account_id: twelve digits.
            region: such as `ap-southeast-1`.
            since: only those with a value after this second; two weeks ago by default.
        """
        since = self.clock.now() - LISTED_FOR if since is None else since
        with self._lock:
            return [
                metric
                for metric, series in self._series.items()
                if (metric.account_id, metric.region) == (account_id, region)
                and series.latest > since
            ]

    def _prune(self, now: float) -> None:
        """Forgets what is too old; if the rest is too much, its oldest points as well."""
        for series in self._series.values():
            if series.fine:
                series.coarsen(now - SECONDS_RETENTION)
        cutoff = now - RETENTION
        self._forget(cutoff)
        while cutoff < now and sum(len(points) for points in self._all_points()) > MAX_POINTS:
            oldest = min(next(iter(points)) for points in self._all_points())
            cutoff = max(cutoff, oldest) + MINUTE
            self._forget(cutoff)

    def _forget(self, before: float) -> None:
        """Points come in order, nearly: a late one goes with those that came before it."""
        for metric, series in list(self._series.items()):
            for unit, points in list(series.by_unit.items()):
                for second in list(takewhile(lambda second: second < before, points)):
                    del points[second]
                if not points:
                    del series.by_unit[unit]
            if not series.by_unit:
                del self._series[metric]

    def _all_points(self) -> Iterator[Points]:
        for series in self._series.values():
            yield from series.by_unit.values()
