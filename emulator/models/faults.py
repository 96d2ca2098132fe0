"""Faults of the models' endpoint that can be switched on, for demonstrations and tests."""

from __future__ import annotations

import math
import threading
from typing import Any

_MOST_SECONDS = 300
_MOST_CALLS = 1_000_000


class Faults:
    """How many calls are still to be throttled, and the delay of every call."""

    def __init__(self) -> None:
        """Starts without any fault."""
        self._lock = threading.Lock()
        self._throttle = 0
        self._delay_seconds = 0.0

    def change(self, wanted: dict[str, Any]) -> None:
        """Takes `{"throttle": 3}`, `{"delay_seconds": 0.5}`, both or `{"reset": true}`.

        Raises:
            ValueError: saying what is wrong; nothing changes then.
        """
        if not wanted or set(wanted) - {"throttle", "delay_seconds", "reset"}:
            raise ValueError('send {"throttle": calls}, {"delay_seconds": s} or {"reset": true}')
        calls = _number(wanted, "throttle", _MOST_CALLS)
        seconds = _number(wanted, "delay_seconds", _MOST_SECONDS)
        if calls is not None and calls != int(calls):
            raise ValueError("throttle is no whole number of calls")
        if wanted.get("reset", True) is not True:
            raise ValueError("reset can only be true")
        with self._lock:
            if "reset" in wanted:
                self._throttle, self._delay_seconds = 0, 0.0
            self._throttle = self._throttle if calls is None else int(calls)
            self._delay_seconds = self._delay_seconds if seconds is None else seconds

    def state(self) -> dict[str, float]:
        """Gives what is set."""
        with self._lock:
            return {"throttle": self._throttle, "delay_seconds": self._delay_seconds}

    def next_call(self) -> tuple[bool, float]:
        """Counts a call; gives whether to throttle it and how many seconds to wait before."""
        with self._lock:
            throttled = self._throttle > 0
            self._throttle -= throttled
            return throttled, self._delay_seconds


def _number(wanted: dict[str, Any], name: str, most: float) -> float | None:
    if name not in wanted:
        return None
    value = wanted[name]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or not 0 <= value <= most:
        raise ValueError(f"{name} is not a number from 0 to {most}")
    return float(value)
