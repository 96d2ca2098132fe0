"""What this machine tells of its memory and of its processes; nothing where there is no /proc."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
# Of /proc/<pid>/stat, counted from the field after the name: see man 5 proc.
_USER, _SYSTEM, _USER_OF_ENDED, _SYSTEM_OF_ENDED, _START = 11, 12, 13, 14, 19


@dataclass(frozen=True, kw_only=True)
class CpuTime:
    """Time of the processor.

    Attributes:
        used: seconds, of all processors together.
        at: when that was read, seconds since the machine started.
    """

    used: float
    at: float

    def percent_since(self, before: CpuTime) -> float:
        """Gives how much of the machine was used meanwhile."""
        elapsed = (self.at - before.at) * (os.cpu_count() or 1)
        return min(100.0, max(0.0, 100 * (self.used - before.used) / elapsed)) if elapsed else 0.0


def free_memory() -> int | None:
    """Gives the memory that is available on this machine, bytes; None if it does not tell."""
    try:
        lines = (_PROC / "meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = (line.split()[1] for line in lines if line.startswith("MemAvailable:"))
    kibibytes = next(found, None)
    return int(kibibytes) * 1024 if kibibytes else None


def cpu_time(parent: int, others: Iterable[int]) -> tuple[CpuTime, CpuTime] | None:
    """Gives what a process, those that it has started and those that have ended have used.

    Args:
        parent: the process that started the others.
        others: those that live.

    Returns:
        When the parent started, when nothing was used, and now; None if the machine does not tell.
    """
    found = _stat(parent)
    if found is None:
        return None
    ticks = sum(found[field] for field in (_USER, _SYSTEM, _USER_OF_ENDED, _SYSTEM_OF_ENDED))
    for other in map(_stat, set(others) - {parent}):
        ticks += other[_USER] + other[_SYSTEM] if other else 0
    hertz = os.sysconf("SC_CLK_TCK")
    now = time.clock_gettime(time.CLOCK_BOOTTIME)
    return CpuTime(used=0.0, at=found[_START] / hertz), CpuTime(used=ticks / hertz, at=now)


def _stat(pid: int) -> list[int] | None:
    try:
        text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8")
    except OSError:
        return None
    # The name stands in parentheses and may have any of its own; a letter for the state follows.
    return [0, *map(int, text.rpartition(")")[2].split()[1:])]
