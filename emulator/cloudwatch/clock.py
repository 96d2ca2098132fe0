"""CloudWatch's clock, which may run faster than real time so that alarms can be tried in seconds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

SLOWEST, FASTEST = 1.0, 120.0


class Clock:
    """Real time until it is told to run faster; it never goes back.

    Args:
        source: seconds of real time that only grow.
        start: what the clock shows first, in seconds since 1970.
    """

    def __init__(
        self, source: Callable[[], float] = time.monotonic, start: float | None = None
    ) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._real = source()
        self._shown = time.time() if start is None else start
        self._speed = SLOWEST

    @property
    def speed(self) -> float:
        """Seconds of this clock in a real second."""
        return self._speed

    def now(self) -> float:
        """What the clock shows, in seconds since 1970."""
        with self._lock:
            return self._now(self._source())

    def set_speed(self, speed: float) -> None:
        """Lets the clock run at another speed from now on.

        Args:
            speed: seconds of this clock in a real second, 1 to 120.

        Raises:
            ValueError: if it is out of these limits.
        """
        if not SLOWEST <= speed <= FASTEST:
            raise ValueError(f"speed must be from {SLOWEST:g} to {FASTEST:g}, not {speed:g}")
        with self._lock:
            real = self._source()
            self._shown, self._real, self._speed = self._now(real), real, speed

    def _now(self, real: float) -> float:
        return self._shown + (real - self._real) * self._speed
