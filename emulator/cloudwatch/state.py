"""The state of an alarm from its latest data points, some of which may be missing.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

State = Literal["OK", "ALARM", "INSUFFICIENT_DATA"]
STATES: Final[tuple[State, ...]] = ("INSUFFICIENT_DATA", "ALARM", "OK")
TREATMENTS: Final = ("breaching", "notBreaching", "ignore", "missing")

EXTRA_PERIODS: Final = 2
"""More data points than an alarm needs are read, in case that some are missing: AWS's tables show
five for three."""


def state_of(
    points: Sequence[bool | None], *, periods: int, to_alarm: int, missing: str, now: State
) -> State:
    """Gives the state.

    Missing points are filled only as far as real ones don't suffice; a few late breaching points
    that are followed by nothing don't yet raise an alarm ("premature alarm state").

    Args:
        points: oldest first, whether each is breaching; None if it is missing.
        periods: how many count, N of "M out of N".
        to_alarm: how many of them make an alarm, M.
        missing: how missing points are treated, one of `TREATMENTS`.
        now: the state before.
    """
    real = [point for point in points if point is not None]
    breaching = sum(real[-periods:])
    if len(real) >= periods or breaching >= to_alarm:
        return "ALARM" if breaching >= to_alarm else "OK"
    if missing == "breaching":
        return "ALARM" if breaching + periods - len(real) >= to_alarm else "OK"
    if missing == "notBreaching":
        return "OK"
    if not real:
        return "INSUFFICIENT_DATA" if missing == "missing" else now
    if not all(real):
        return "OK"
    oldest = len(points) - points.index(True)
    return "ALARM" if missing == "missing" and oldest >= to_alarm else now
