"""Lets a command run once at a time in a clone."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from toolchain.errors import ToolchainError


@contextlib.contextmanager
def single_instance(path: Path, command: str) -> Iterator[None]:
    """Hold a lock while the block lasts; the system frees it however the process ends.

    Args:
        path: the lock's file, which stays.
        command: what runs, as a person would type it; whoever comes second is told.

    Raises:
        ToolchainError: another process holds the lock.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise ToolchainError(
                f"{command}: {file.read().strip() or 'another command'} is running in this clone; "
                "wait until it has ended"
            ) from None
        file.truncate(0)
        file.write(f"'{command}' (process {os.getpid()})\n")
        file.flush()
        yield
