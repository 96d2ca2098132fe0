"""What people were told already, so that the same is not told with every run."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from pipeline.commands.job import remove, write

_AGAIN = timedelta(days=7)
"""What nobody mends is told again after this time."""


class _Record(msgspec.Struct, frozen=True, kw_only=True):
    """What a file holds: a hash of what was told, and when."""

    told: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What was told last, in a file that the runner keeps from job to job.

    Where it is lost, such as with a new runner, the same is told once more.

    Attributes:
        path: the file.
    """

    path: Path

    def is_news(self, lines: Sequence[str], *, now: datetime) -> bool:
        """Whether people should be told; what is gone is forgotten, so that it is news again.

        Args:
            lines: what was found.
            now: the time.
        """
        if not lines:
            remove(self.path)
            return False
        try:
            last = msgspec.json.decode(self.path.read_bytes(), type=_Record)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return True
        return last.told != _hash(lines) or now - last.at >= _AGAIN

    def remember(self, lines: Sequence[str], *, now: datetime) -> None:
        """Note that people were told.

        Args:
            lines: what was found.
            now: the time.
        """
        write(self.path, msgspec.json.encode(_Record(told=_hash(lines), at=now)))


def _hash(lines: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
