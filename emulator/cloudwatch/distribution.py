"""The values of one metric in one span of time, and the statistics of them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

SIMPLE = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")
_PERCENTILE = re.compile(r"(p|tm)(\d{1,2}(?:\.\d+)?|100)")
_EXACT = 500
"""Different values that are kept as they are; beyond, three digits are, as percentiles need no more."""


class StatisticError(ValueError):
    """No such statistic, or one that is not computed here."""


@dataclass(slots=True)
class Distribution:
    """Values with their number.

    Attributes:
        count: how many.
        total: of the values.
        minimum: the smallest.
        maximum: the largest.
        values: a value to how often it came.
        whole: whether `values` has all; not after statistics came without their values.
    """

    count: float = 0.0
    total: float = 0.0
    minimum: float = math.inf
    maximum: float = -math.inf
    values: dict[float, float] = field(default_factory=dict)
    whole: bool = True

    def add(self, value: float, count: float = 1.0) -> None:
        """Adds a value that came so many times."""
        self._extend(count, value * count, value, value)
        self._keep(value, count)

    def add_statistics(self, *, count: float, total: float, minimum: float, maximum: float) -> None:
        """Adds statistics of values that are not known, unless they are all the same."""
        self._extend(count, total, minimum, maximum)
        if minimum == maximum or count == 1:
            self._keep(minimum, count)
        else:
            self.whole = False

    def merge(self, other: Distribution) -> None:
        """Adds all of another one."""
        self._extend(other.count, other.total, other.minimum, other.maximum)
        self.whole = self.whole and other.whole
        for value, count in other.values.items():
            self._keep(value, count)

    def _extend(self, count: float, total: float, minimum: float, maximum: float) -> None:
        self.count += count
        self.total += total
        self.minimum = min(self.minimum, minimum)
        self.maximum = max(self.maximum, maximum)

    def _keep(self, value: float, count: float) -> None:
        if value not in self.values and len(self.values) >= _EXACT:
            value = float(f"{value:.3g}")
        self.values[value] = self.values.get(value, 0.0) + count

    def statistic(self, name: str) -> float | None:
        """Computes a statistic.

        Args:
            name: such as `Sum`, `p99.9` or `tm95`.

        Returns:
            The statistic; None if the values that it needs were not published.

        Raises:
            StatisticError: if it is not computed here.
        """
        if name in SIMPLE:
            return {
                "SampleCount": self.count,
                "Average": self.total / self.count if self.count else 0.0,
                "Sum": self.total,
                "Minimum": self.minimum,
                "Maximum": self.maximum,
            }[name]
        kind, percent = ranked(name)
        if not self.whole:
            return None
        return self._percentile(percent) if kind == "p" else self._trimmed_mean(percent)

    def _percentile(self, percent: float) -> float:
        wanted = self.count * percent / 100
        seen = 0.0
        for value in sorted(self.values):
            seen += self.values[value]
            if seen >= wanted:
                return value
        return self.maximum

    def _trimmed_mean(self, percent: float) -> float | None:
        left = wanted = self.count * percent / 100
        total = 0.0
        for value in sorted(self.values):
            taken = min(left, self.values[value])
            total += value * taken
            left -= taken
        return total / wanted if wanted else None


def ranked(name: str) -> tuple[str, float]:
    """Takes a percentile or trimmed mean apart, such as `p99.9` or `tm95`.

    Raises:
        StatisticError: if it is not computed here.
    """
    match = _PERCENTILE.fullmatch(name)
    if match is None:
        raise StatisticError(
            f"The statistic {name} is not valid or not computed by the emulator "
            f"({', '.join(SIMPLE)}, pNN and tmNN are)"
        )
    return match.group(1), float(match.group(2))


def merged(distributions: Iterable[Distribution]) -> Distribution:
    """Joins distributions."""
    whole = Distribution()
    for each in distributions:
        whole.merge(each)
    return whole
