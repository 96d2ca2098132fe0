"""The room that is left in a note, spent on what is most important first."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.report.escape import longest_ticks
from pipeline.report.numbers import count


def size(text: str) -> int:
    """Bytes in UTF-8: never fewer than the characters that GitLab counts."""
    return len(text) if text.isascii() else len(text.encode())


class Space:
    """How many bytes may still be written.

    Attributes:
        left: the bytes that are left.
        cut: something did not fit.
    """

    def __init__(self, left: int) -> None:
        """Args: left: bytes."""
        self.left = left
        self.cut = False

    def take(self, *texts: str) -> bool:
        """Spend what the texts need, each with its line end; ``False`` where it is too much."""
        needed = sum(_needed(text) for text in texts)
        if needed > self.left:
            self.cut = True
            return False
        self.left -= needed
        return True

    def lines(self, texts: Iterable[str], *, total: int) -> tuple[str, ...]:
        """As many of the lines as fit, all of them or the first ones.

        Args:
            texts: the lines; none is made after the first that does not fit.
            total: how many there are.
        """
        shown = []
        for text in texts:
            if not self.take(text):
                break
            shown.append(text)
        self.cut = self.cut or len(shown) < total
        return tuple(shown)


def more(shown: int, total: int) -> str:
    """The words for what was left out, such as ``and 12 more``; empty where nothing was."""
    return f"and {count(total - shown)} more" if shown < total else ""


def _needed(text: str) -> int:
    # A fence grows with the backticks inside it, at both ends.
    return size(text) + 1 + 2 * longest_ticks(text)
