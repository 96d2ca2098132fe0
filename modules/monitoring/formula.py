"""What a graph draws and an alarm judges: a metric, or metric math over metrics."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from modules.errors import RefusedByAws
from modules.metrics import Metric

_ID = re.compile(r"\b[a-z][A-Za-z0-9_]*\b")
"""An id begins with a small letter; the names of functions and operators are capital letters.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""


class FormulaError(RefusedByAws):
    """Metric math whose ids and metrics don't agree."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Formula:
    """Metric math.

    Attributes:
        expression: such as ``IF(requests >= 20, errors / requests * 100, 0)``. A missing point
            counts as 0, and a division by 0 gives none.
        metrics: id to metric; the expression uses each of them.
    """

    expression: str
    metrics: Mapping[str, Metric]

    def __post_init__(self) -> None:
        """Raise a FormulaError unless the expression uses exactly these metrics."""
        used = set(_ID.findall(self.expression))
        if used != set(self.metrics):
            raise FormulaError(
                f"metric math {self.expression}: it uses {', '.join(sorted(used)) or 'no id'}, and "
                f"the metrics are {', '.join(sorted(self.metrics)) or 'none'}; name each once"
            )

    def numbered(self, number: int) -> Formula:
        """The same with a number after each id: ids are unique in a whole graph."""
        return Formula(
            expression=_ID.sub(lambda found: f"{found.group()}{number}", self.expression),
            metrics={f"{id_}{number}": metric for id_, metric in self.metrics.items()},
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """A metric, and what CloudWatch has learnt to expect of it (anomaly detection).

    Attributes:
        metric: what is judged.
        width: how wide the band is, standard deviations.
    """

    metric: Metric
    width: int = 2

    @property
    def expression(self) -> str:
        """The band as metric math over ``m1``, the metric's id in every alarm."""
        return f"ANOMALY_DETECTION_BAND(m1, {self.width})"


def per_second(metric: Metric) -> Formula:
    """How many a second, of a ``Sum``.

    Not ``RATE``, which is how fast the sum changes: a steady 600 a minute would be 0.
    """
    return Formula(expression="n / PERIOD(n)", metrics={"n": metric})


def percent(part: Metric, whole: Metric, *, at_least: int = 1) -> Formula:
    """A share in percent, 0 while the whole is below ``at_least``.

    Args:
        part: a ``Sum``.
        whole: the ``Sum`` that it is a part of.
        at_least: one failure of two requests is 50 %, and tells nothing.
    """
    return Formula(
        expression=f"IF(whole >= {at_least}, part / whole * 100, 0)",
        metrics={"part": part, "whole": whole},
    )


def with_enough(metric: Metric, count: Metric, *, at_least: int) -> Formula:
    """A metric, 0 in periods with fewer samples than ``at_least``: a percentile of three is none.

    Args:
        metric: what counts otherwise.
        count: the ``Sum`` or ``SampleCount`` of its samples.
        at_least: samples a period.
    """
    return Formula(
        expression=f"IF(samples >= {at_least}, value, 0)",
        metrics={"samples": count, "value": metric},
    )
