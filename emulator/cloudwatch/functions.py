"""The functions of metric math that are computed here; any other is an error that names it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from statistics import fmean

from emulator.cloudwatch.expression import ExpressionError
from emulator.cloudwatch.series import Series, Value, at

Seconds = Callable[[int], Iterable[int]]
"""From a period to the seconds at which the periods of the asked time begin."""


def each(value: Value, function: Callable[[Series], Series], name: str) -> Value:
    """Applies a function to a series, or to each of an array."""
    if isinstance(value, list):
        return [function(series) for series in value]
    if isinstance(value, Series):
        return function(value)
    raise ExpressionError(f"{name} wants a time series, not a number")


def _steps(of: Callable[[float, int], float]) -> Callable[[Series], Series]:
    """A function of the difference to the point before, and of the seconds between."""

    def apply(series: Series) -> Series:
        steps = pairwise(sorted(series.points.items()))
        return series.with_points(
            {second: of(value - before, second - then) for (then, before), (second, value) in steps}
        )

    return apply


SERIES_FUNCTIONS: dict[str, Callable[[Series], Series]] = {
    "ABS": lambda series: series.map(abs),
    "CEIL": lambda series: series.map(math.ceil),
    "FLOOR": lambda series: series.map(math.floor),
    "DIFF": _steps(lambda difference, _: difference),
    "RATE": _steps(lambda difference, seconds: difference / seconds),
}
"""From a series to a series."""

_REDUCTIONS: dict[str, Callable[[Sequence[float]], float]] = {
    "SUM": math.fsum,
    "AVG": fmean,
    "MIN": min,
    "MAX": max,
}
AGGREGATES = frozenset(_REDUCTIONS)
"""From one series to a number, from several to a series."""


def aggregate(name: str, value: Value) -> Value:
    """Computes SUM, AVG, MIN or MAX; for SUM and AVG a value that is missing is 0."""
    reduce = _REDUCTIONS[name]
    if isinstance(value, Series):
        return float(reduce(list(value.points.values()))) if value.points else 0.0
    if not isinstance(value, list):
        raise ExpressionError(f"{name} wants time series, not a number")
    if not value:
        raise ExpressionError(f"{name} was given no time series")
    zeros = name in ("SUM", "AVG")
    return value[0].with_points(
        {
            second: reduce(
                [
                    series.points.get(second, 0.0)
                    for series in value
                    if zeros or second in series.points
                ]
            )
            for second in {second for series in value for second in series.points}
        }
    )


def choose(condition: Value, yes: Value, no: Value | None) -> Value:
    """IF: where the condition is true but `yes` has no value the result is 0, else it is dropped."""
    if isinstance(condition, list) or isinstance(yes, list) or isinstance(no, list):
        raise ExpressionError("IF wants single time series or numbers, not an array")
    if not isinstance(condition, Series):
        if condition:
            return yes
        if no is not None:
            return no
        if isinstance(yes, Series):
            return yes.with_points({})
        raise ExpressionError("IF of numbers wants all three arguments")
    points: dict[int, float | None] = {}
    for second, value in condition.points.items():
        if value:
            points[second] = at(yes, second, 0.0)
        elif isinstance(no, Series):
            points[second] = no.points.get(second)
        else:
            points[second] = no
    return condition.with_points(points)


def fill(series: Series, filler: Value | str, seconds: Seconds) -> Series:
    """FILL: gives each period of the asked time a value.

    Args:
        series: with gaps.
        filler: a number, a series, `REPEAT` or `LINEAR`.
        seconds: of the asked time.
    """
    points: dict[int, float | None] = dict.fromkeys(seconds(series.period))
    points |= series.points
    if filler == "LINEAR":
        points |= _between(series, points)
    last: float | None = None
    for second in sorted(points):
        if points[second] is None:
            if filler == "REPEAT":
                points[second] = last
            elif isinstance(filler, Series):
                points[second] = filler.points.get(second)
            elif isinstance(filler, float):
                points[second] = filler
        last = points[second]
    return series.with_points(points)


def _between(series: Series, points: dict[int, float | None]) -> dict[int, float | None]:
    """The gaps that have a value on either side, on the line between them."""
    found: dict[int, float | None] = {}
    for (start, first), (end, second) in pairwise(sorted(series.points.items())):
        slope = (second - first) / (end - start)
        for at_second in points:
            if start < at_second < end:
                found[at_second] = first + slope * (at_second - start)
    return found
