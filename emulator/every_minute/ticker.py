"""Publishes each minute of the emulator's clock, which may be shorter than a real one."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from emulator.cloudwatch.publisher import Publisher
from emulator.every_minute.reading import Source

_MINUTE = 60.0
_LONGEST_SLEEP, _SHORTEST_SLEEP = 0.25, 0.05
"""Seconds: the clock's speed may change at any time."""
_LOGGER = logging.getLogger("emulator.every_minute")


class Ticker:
    """Asks the sources each minute, in a thread of its own."""

    def __init__(
        self,
        publisher: Publisher,
        *sources: Source,
        now: Callable[[], float],
        sleep: Callable[[float], object] | None = None,
        real: Callable[[], float] = time.monotonic,
    ) -> None:
        """Takes what is asked; `start` begins.

        Args:
            publisher: of what they give.
            *sources: asked one after the other.
            now: tells the emulator's time, seconds.
            sleep: waits for some real seconds; until `stop` at most by default.
            real: tells these.
        """
        self._publisher = publisher
        self._sources = sources
        self._now = now
        self._ended = threading.Event()
        self._sleep = sleep or self._ended.wait
        self._real = real
        self._speed = 1.0
        self._thread = threading.Thread(target=self._run, name="every-minute", daemon=True)

    def start(self) -> None:
        """Begins, in a thread that does not keep the process alive."""
        self._thread.start()

    def stop(self) -> None:
        """Ends what `start` began."""
        self._ended.set()
        self._thread.join()

    def tick(self) -> None:
        """Publishes once."""
        for source in self._sources:
            try:
                for each in source():
                    self._publisher.publish(each.account_id, each.region, *each.observations)
            except Exception:  # the others, and the next minute, must not miss it
                _LOGGER.exception("what is published each minute")

    def wait(self) -> None:
        """Waits until the next minute begins."""
        end = (self._now() // _MINUTE + 1) * _MINUTE
        while (before := self._now()) < end and not self._ended.is_set():
            began = self._real()
            wanted = (end - before) / self._speed
            self._sleep(min(max(wanted, _SHORTEST_SLEEP), _LONGEST_SLEEP))
            self._speed = max(1.0, (self._now() - before) / (self._real() - began))

    def _run(self) -> None:
        while not self._ended.is_set():
            self.wait()
            self.tick()
