"""Python's garbage collector, paused while a plan is built."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Within it nothing looks for cycles; objects are still freed when nobody holds them.

    A plan is millions of values, none of which is garbage. The collector would go through all of
    them again and again while they grow: twice the time of reading them.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
