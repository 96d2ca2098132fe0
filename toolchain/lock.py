"""Lets one set-up at a time work in a clone."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from toolchain.report import step


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock for the length of the block; wait, visibly, while another process holds it.

    The system frees the lock when the process ends, however it ends.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with step("Another set-up is at work in this clone; waiting for it"):
                fcntl.flock(file, fcntl.LOCK_EX)
        yield
