"""One line a step, with its seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Step:
    """A step whose line can still get a result."""

    def __init__(self) -> None:
        self.result = ""


@contextmanager
def step(name: str) -> Iterator[Step]:
    """Print ``name ... result (1.2 s)`` around a piece of work."""
    start = time.monotonic()
    sys.stdout.write(f"{name} ... ")
    sys.stdout.flush()
    current = Step()
    try:
        yield current
    except BaseException:
        sys.stdout.write("failed\n")
        raise
    sys.stdout.write(f"{current.result or 'done'} ({time.monotonic() - start:.1f} s)\n")
