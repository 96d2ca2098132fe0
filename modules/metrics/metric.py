"""What a metric is, and what may be asked of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from modules.errors import RefusedByAws

STATISTICS = ("Average", "Maximum", "Minimum", "SampleCount", "Sum")
PERCENTILE = "percentile"
"""In a definition: that CloudWatch has the single values, from which it computes any percentile."""

_PERCENTILE = re.compile(r"p(\d{1,2}(\.\d{1,10})?|100)")
"""Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html"""


class MetricError(RefusedByAws):
    """Nobody publishes such a metric: a graph of it would stay empty, an alarm would never go off."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Definition:
    """A metric that somebody publishes.

    A stack defines the metrics of its own code with it; those of AWS are in the table.

    Attributes:
        namespace: such as ``AWS/Lambda``.
        name: such as ``Errors``.
        unit: CloudWatch's name of it; empty where AWS does not say.
        dimension_sets: the sets of dimensions that it is published with, each a metric of its own;
            the empty set is the total over all.
        statistics: of ``STATISTICS`` and ``PERCENTILE``, those that mean something; empty for all.
        source: where that is said.
    """

    namespace: str
    name: str
    unit: str
    dimension_sets: tuple[frozenset[str], ...]
    statistics: frozenset[str] = frozenset()
    source: str

    def metric(self, statistic: str, dimensions: Mapping[str, str] | None = None) -> Metric:
        """One series of this metric.

        Args:
            statistic: of ``STATISTICS``, or a percentile such as ``p95``.
            dimensions: name to value; a value may be unknown until apply.

        Raises:
            MetricError: it is not published so.
        """
        dimensions = dict(dimensions or {})
        self.check(dimensions, statistic)
        return Metric(definition=self, dimensions=dimensions, statistic=statistic)

    def check(self, dimensions: Collection[str], statistic: str) -> None:
        """Raise a MetricError unless the metric is published with these dimensions and statistic."""
        names = frozenset(dimensions)
        if names not in self.dimension_sets:
            known = "; ".join(_listed(each) for each in self.dimension_sets)
            raise MetricError(
                f"metric {self.namespace} {self.name}: published by {known}, "
                f"not by {_listed(names)}"
            )
        kind = PERCENTILE if _PERCENTILE.fullmatch(statistic) else statistic
        if kind not in (*STATISTICS, PERCENTILE):
            raise MetricError(
                f"metric {self.namespace} {self.name}: no statistic is called {statistic}; "
                f"use one of {', '.join(STATISTICS)}, or a percentile such as p95"
            )
        if self.statistics and kind not in self.statistics:
            raise MetricError(
                f"metric {self.namespace} {self.name}: {statistic} means nothing; "
                f"use {' or '.join(sorted(self.statistics))}"
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """One series: a metric with its dimensions' values, and the statistic of each period.

    Made by ``Definition.metric``, which checks it.
    """

    definition: Definition
    dimensions: Mapping[str, str]
    statistic: str

    @property
    def namespace(self) -> str:
        """Such as ``AWS/Lambda``."""
        return self.definition.namespace

    @property
    def name(self) -> str:
        """Such as ``Errors``."""
        return self.definition.name

    @property
    def unit(self) -> str:
        """CloudWatch's name of it; for labels. Alarms leave it out: a wrong one hides all data."""
        return self.definition.unit

    @property
    def is_percentile(self) -> bool:
        """Whether the statistic is a percentile, which alarms and graphs write elsewhere."""
        return self.statistic not in STATISTICS


def _listed(names: Collection[str]) -> str:
    return " and ".join(sorted(names)) or "no dimension"
