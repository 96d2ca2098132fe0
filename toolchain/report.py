"""One line a step, with its seconds."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_SECONDS_BETWEEN_SIGNS_OF_LIFE = 10


class Step:
    """A step whose line can still get a result."""

    def __init__(self) -> None:
        self.result = ""


@contextmanager
def step(name: str) -> Iterator[Step]:
    """Print ``name ... result (1.2 s)`` around a piece of work, and the seconds meanwhile."""
    start = time.monotonic()
    ended = threading.Event()

    def show_seconds() -> None:
        while not ended.wait(_SECONDS_BETWEEN_SIGNS_OF_LIFE):
            _write(f"{time.monotonic() - start:.0f} s ... ")

    _write(f"{name} ... ")
    threading.Thread(target=show_seconds, daemon=True).start()
    current = Step()
    try:
        yield current
    except KeyboardInterrupt:
        _write("interrupted\n")
        raise
    except BaseException:
        _write("failed\n")
        raise
    finally:
        ended.set()
    _write(f"{current.result or 'done'} ({time.monotonic() - start:.1f} s)\n")


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
