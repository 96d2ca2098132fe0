"""What a stand-in has seen of its clients, under the names of RDS Proxy's metrics.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.monitoring.html
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

_MOST_LATENCIES = 10_000
"""Nobody may ever ask for them."""


@dataclass(frozen=True, kw_only=True)
class Minute:
    """What is published of a minute.

    Attributes:
        counts: by name, what is there now and what happened since the last time.
        borrow_seconds: how long each client waited for its connection with the database.
    """

    counts: Mapping[str, int]
    borrow_seconds: Sequence[float]


class Usage:
    """Counts for one stand-in. Threads may share it."""

    def __init__(self) -> None:
        """Has seen nobody yet."""
        self._lock = threading.Lock()
        self._present = Counter(
            ClientConnections=0,
            DatabaseConnections=0,
            DatabaseConnectionsCurrentlyBorrowed=0,
            DatabaseConnectionsCurrentlySessionPinned=0,
        )
        self._happened = _nothing()
        self._borrow_seconds: deque[float] = deque(maxlen=_MOST_LATENCIES)
        self._used = False

    @contextmanager
    def during(self, *names: str) -> Iterator[None]:
        """Counts what is there as long as the block lasts."""
        with self._lock:
            self._present.update(names)
        try:
            yield
        finally:
            with self._lock:
                self._present.subtract(names)

    def happened(self, *names: str, times: int = 1) -> None:
        """Counts what happened."""
        with self._lock:
            self._used = True
            self._happened.update(dict.fromkeys(names, times))

    def borrowed(self, seconds: float) -> None:
        """Notes how long a client waited for its connection with the database."""
        with self._lock:
            self._borrow_seconds.append(seconds)

    def present(self, name: str) -> int:
        """Gives how many are there now."""
        with self._lock:
            return self._present[name]

    def take(self) -> Minute | None:
        """Gives what happened since the last time; None before the first client."""
        with self._lock:
            if not self._used:
                return None
            taken = Minute(
                counts={**self._present, **self._happened},
                borrow_seconds=list(self._borrow_seconds),
            )
            self._happened = _nothing()
            self._borrow_seconds.clear()
            return taken


def _nothing() -> Counter[str]:
    return Counter(
        ClientConnectionsReceived=0,
        ClientConnectionsSetupSucceeded=0,
        ClientConnectionsSetupFailedAuth=0,
        ClientConnectionsClosed=0,
        DatabaseConnectionsSetupSucceeded=0,
        DatabaseConnectionsSetupFailed=0,
        QueryRequests=0,
    )
