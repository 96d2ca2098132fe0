"""What metric math computes with: numbers, time series and arrays of them."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass, replace

from emulator.cloudwatch.expression import ExpressionError


@dataclass(frozen=True, kw_only=True)
class Series:
    """One time series.

    Attributes:
        points: values by the second at which their period begins; missing ones are left out.
        period: in seconds.
        label: as results show it.
    """

    points: dict[int, float]
    period: int
    label: str = ""

    def map(self, function: Callable[[float], float | None]) -> Series:
        """Gives a series of each value's result; None drops the point."""
        return self.with_points({second: function(value) for second, value in self.points.items()})

    def with_points(self, points: dict[int, float | None]) -> Series:
        """Gives a series with other points, without those that are None or no finite number."""
        kept = {
            second: float(points[second] or 0.0)
            for second in sorted(points)
            if points[second] is not None and math.isfinite(points[second] or 0.0)
        }
        return replace(self, points=kept)


Value = float | Series | list[Series]


def _power(left: float, right: float) -> float | None:
    try:
        result = left**right
    except (OverflowError, ZeroDivisionError):
        return None
    return result if isinstance(result, float) else None


def _truth(function: Callable[[float, float], object]) -> Callable[[float, float], float]:
    return lambda left, right: 1.0 if function(left, right) else 0.0


_OPERATIONS: dict[str, Callable[[float, float], float | None]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda left, right: left / right if right else None,
    "^": _power,
    "==": _truth(operator.eq),
    "!=": _truth(operator.ne),
    "<": _truth(operator.lt),
    "<=": _truth(operator.le),
    ">": _truth(operator.gt),
    ">=": _truth(operator.ge),
    "AND": _truth(lambda left, right: left and right),
    "OR": _truth(lambda left, right: left or right),
}


def operate(name: str, left: Value, right: Value) -> Value:
    """Applies an operator: a value that one side lacks is 0, a division by zero drops the point.

    Args:
        name: of the operator, as the grammar gives it.
        left: its first operand.
        right: its second operand.

    Raises:
        ExpressionError: if both are arrays, or a number can't be computed.
    """
    function = _OPERATIONS[name]
    if isinstance(left, list) and isinstance(right, list):
        raise ExpressionError(f"{name} can't be applied to two arrays of time series")
    if isinstance(left, list):
        return [_operate(function, each, right, each) for each in left]  # type: ignore[arg-type]
    if isinstance(right, list):
        return [_operate(function, left, each, each) for each in right]
    if isinstance(left, Series):
        return _operate(function, left, right, left)
    if isinstance(right, Series):
        return _operate(function, left, right, right)
    number = function(left, right)
    if number is None:
        raise ExpressionError(f"{left:g} {name} {right:g} is no number")
    return number


def _operate(
    function: Callable[[float, float], float | None],
    left: float | Series,
    right: float | Series,
    shape: Series,
) -> Series:
    seconds = {
        second for side in (left, right) if isinstance(side, Series) for second in side.points
    }
    return shape.with_points(
        {second: function(at(left, second, 0.0), at(right, second, 0.0)) for second in seconds}
    )


def at(value: float | Series, second: int, missing: float) -> float:
    """Gives the value of a number or a series at a second."""
    return value.points.get(second, missing) if isinstance(value, Series) else value
