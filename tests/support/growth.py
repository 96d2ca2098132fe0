"""How work grows with its input: a ratio within one run, which a slow or busy machine leaves alone."""

from __future__ import annotations

import time
from collections.abc import Callable


def growth(work: Callable[[], object], larger: Callable[[], object], *, runs: int = 3) -> float:
    """How many times the processor time of ``work`` the larger piece of work takes.

    Ten times the input gives about 10 where time is linear, 100 where it is the square: a bound
    between them tells the two apart, however fast the machine is. Each is taken at its best.
    """
    return min(_seconds(larger) for _ in range(runs)) / min(_seconds(work) for _ in range(runs))


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
