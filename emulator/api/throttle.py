"""Rate and burst limits of an API's routes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limit:
    """A token bucket.

    Attributes:
        rate: tokens a second.
        burst: tokens that it holds.
    """

    rate: float
    burst: float


@dataclass
class _Bucket:
    limit: Limit
    tokens: float
    filled: float


class Throttle:
    """The buckets of all routes."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Takes what tells the time, seconds."""
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def admits(self, api_id: str, route_key: str, limit: Limit | None) -> bool:
        """Takes a token of a route's bucket.

        Args:
            api_id: of the API.
            route_key: of the route.
            limit: a bucket with another limit than before starts full; None admits everything.

        Returns:
            Whether there was one.
        """
        if limit is None:
            return True
        with self._lock:
            now = self._clock()
            bucket = self._buckets.get((api_id, route_key))
            if bucket is None or bucket.limit != limit:
                bucket = _Bucket(limit, limit.burst, now)
                self._buckets[api_id, route_key] = bucket
            gained = (now - bucket.filled) * limit.rate
            bucket.tokens = min(limit.burst, bucket.tokens + gained)
            bucket.filled = now
            if bucket.tokens < 1:
                return False
            bucket.tokens -= 1
            return True
