"""Workers kept warm: one request at a time each, as many as the function may have."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from emulator.functions.deployed import Function
from emulator.functions.process import Worker
from emulator.functions.source import Fingerprint

_IDLE_SECONDS = 600.0
"""How long a worker lives; AWS too replaces its workers from time to time."""


class Throttled(Exception):
    """As many invocations as the function may have are running."""


@dataclass(frozen=True)
class _Warm:
    """An idle worker, and what it was started from."""

    function: Function
    code: Fingerprint
    database: str
    worker: Worker

    def fits(self, function: Function, code: Fingerprint, database: str) -> bool:
        return (self.function, self.code, self.database) == (function, code, database)


class Pool:
    """The workers of all functions."""

    def __init__(self, launch: Callable[[Function], Worker]) -> None:
        """Takes what starts a worker; called outside every lock."""
        self._launch = launch
        self._lock = threading.Lock()
        self._running: Counter[str] = Counter()
        self._idle: defaultdict[str, list[_Warm]] = defaultdict(list)

    @contextlib.contextmanager
    def worker(self, function: Function, code: Fingerprint, database: str = "") -> Iterator[Worker]:
        """Lends a worker, warm or new; if the block raises, the worker is ended.

        Args:
            function: what it runs.
            code: the state of the code that it must have loaded.
            database: the instance whose port it must know, if any.

        Raises:
            Throttled: if the function's concurrency is used up.
        """
        with self._slot(function):
            worker = self._take(function, code, database) or self._launch(function)
            try:
                yield worker
            except BaseException:
                worker.close()
                raise
            worker.idle_since = time.monotonic()
            with self._lock:
                self._idle[function.arn].append(_Warm(function, code, database, worker))

    @contextlib.contextmanager
    def _slot(self, function: Function) -> Iterator[None]:
        with self._lock:
            if self._running[function.arn] >= function.concurrency:
                raise Throttled
            self._running[function.arn] += 1
        try:
            yield
        finally:
            with self._lock:
                self._running[function.arn] -= 1

    def _take(self, function: Function, code: Fingerprint, database: str) -> Worker | None:
        """Takes the worker that was used last, and ends those that nobody will use again."""
        with self._lock:
            ended = self._drop_useless(function, code, database)
            idle = self._idle[function.arn]
            fitting = [warm for warm in idle if warm.fits(function, code, database)]
            taken = fitting[-1] if fitting else None
            if taken:
                idle.remove(taken)
        for worker in ended:
            worker.close()
        return taken.worker if taken else None

    def _drop_useless(self, function: Function, code: Fingerprint, database: str) -> list[Worker]:
        """Forgets idle workers that are dead, old, or of what is no longer deployed."""
        oldest = time.monotonic() - _IDLE_SECONDS

        def useful(warm: _Warm) -> bool:
            one = warm.function
            same_version = (one.arn, one.version) == (function.arn, function.version)
            fresh = warm.worker.alive and warm.worker.idle_since > oldest
            return fresh and (
                warm.fits(function, code, database) or (warm.code == code and not same_version)
            )

        dropped: list[Worker] = []
        for arn, idle in self._idle.items():
            dropped += [warm.worker for warm in idle if not useful(warm)]
            self._idle[arn] = [warm for warm in idle if useful(warm)]
        return dropped
