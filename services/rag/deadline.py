"""One moment by which a request must be answered, shared by everything that waits for it."""

from __future__ import annotations

import time
from dataclasses import dataclass


class DeadlineExceeded(Exception):
    """There is no time left; the message says for what."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment of ``time.monotonic``.

    Attributes:
        at: the moment, seconds.
    """

    at: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """Return the deadline that many seconds from now."""
        return cls(time.monotonic() + seconds)

    @property
    def remaining(self) -> float:
        """Seconds that are left; negative once it has passed."""
        return self.at - time.monotonic()

    def require(self, seconds: float, purpose: str) -> None:
        """Stop where the time that is left can't be enough.

        Args:
            seconds: what the next step needs at least.
            purpose: the step, for the message.

        Raises:
            DeadlineExceeded: if less is left.
        """
        if self.remaining < seconds:
            raise DeadlineExceeded(f"no time left for {purpose}")
