"""The lines of a drawn graph, made up.

They rise and fall the same in every run, and show what a reader would see while all is well, not what
happened.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

POINTS = 90
DEPLOYED = 0.62
"""When the drawn deployment began, as a part of the three hours."""

_LEVELS = {"Milliseconds": 400.0, "Microseconds": 4e3, "Seconds": 4e-3, "Bytes": 1.5e10}
"""What is usual of a metric by its unit; 10 of all others."""

_PLENTY_IS_WELL = ("Free", "Balance")
_ZERO_IS_WELL = ("5xx", "Error", "Findings", "MessagesVisible", "Pinned", "Throttle")
"""Parts of the names of metrics that are well when they are high, and when they are nothing."""

_ID = re.compile(r"\b[a-z]\w*\b")


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """One line.

    Attributes:
        label: its name in the legend.
        metrics: names of the metrics that it is made of.
        unit: CloudWatch's name of their unit; empty where they have none.
    """

    label: str
    metrics: Sequence[str]
    unit: str = ""

    def has(self, parts: Sequence[str]) -> bool:
        """Whether one of these parts is in the name of a metric."""
        return any(part in name for part in parts for name in self.metrics)


def metrics_of(expression: str, names: Mapping[str, str]) -> list[str]:
    """Names of the metrics that metric math is made of.

    Args:
        expression: its ids begin with a small letter, its functions with a capital one.
        names: id to name of a metric.
    """
    return [names[id_] for id_ in _ID.findall(expression)]


def made_up(series: Series, number: int, thresholds: Sequence[float], *, seed: str) -> list[float]:
    """``POINTS`` values: below the lowest threshold, well above it where plenty is well, or nothing.

    Args:
        series: what is drawn.
        number: its place among the lines of its graph, from 0.
        thresholds: heights of the graph's.
        seed: of the graph; series of one label differ by it.
    """
    level = min((value for value in thresholds if value), default=_LEVELS.get(series.unit, 10.0))
    noise = hashlib.sha256(f"{seed} {series.label}".encode()).digest()
    times = [i / (POINTS - 1) for i in range(POINTS)]
    height = level * (0.12 + 0.11 * min(number, 4))
    if series.has(_ZERO_IS_WELL):
        # Where nothing is allowed, and where nobody says what is, there is none at all.
        return [2 * height * _hump(time) * (min(thresholds, default=0) > 0) for time in times]
    if series.has(_PLENTY_IS_WELL):
        return [3 * level * (_wave(time, noise) - 0.1 * _hump(time)) for time in times]
    return [height * (_wave(time, noise) + _hump(time)) for time in times]


def _wave(time: float, noise: bytes) -> float:
    """Around 1."""
    slow, fast = 2 + noise[0] / 64, 17 + noise[1] / 16
    return (
        1
        + 0.12 * math.sin(slow * time * 6 + noise[2])
        + 0.06 * math.sin(fast * time * 6 + noise[3])
    )


def _hump(time: float) -> float:
    """Around 0; a half after the deployment, as cold starts make it."""
    since = time - DEPLOYED
    return 0.5 * math.exp(-since * 25) if since > 0 else 0
