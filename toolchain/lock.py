"""Locks of a clone; the system frees them when their process ends, however it ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from toolchain.errors import ToolchainError
from toolchain.report import step


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock for the length of the block; wait, visibly, while another process holds it."""
    with _opened(path) as file:
        if not _taken(file):
            with step("Another set-up is at work in this clone; waiting for it"):
                fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def single_instance(path: Path, command: str) -> Iterator[None]:
    """Hold a lock for the length of the block, or refuse.

    Args:
        path: the lock's file, which stays.
        command: what runs, as a person would type it; whoever comes second is told.

    Raises:
        ToolchainError: another process holds the lock.
    """
    with _opened(path) as file:
        if not _taken(file):
            file.seek(0)
            raise ToolchainError(
                f"{command}: {file.read().strip() or 'another command'} is running in this clone; "
                "wait until it has ended"
            )
        file.truncate(0)
        file.write(f"'{command}' (process {os.getpid()})\n")
        file.flush()
        yield


def _opened(path: Path) -> IO[str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("a+", encoding="utf-8")


def _taken(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
