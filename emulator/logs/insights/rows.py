"""What goes from one command of a query to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from emulator.logs.insights.values import Value

MOST_ROWS = 10_000


@dataclass(kw_only=True)
class Table:
    """Rows, and what of them is shown.

    Attributes:
        rows: newest event first, until something sorts them.
        shown: names of columns, in order.
        matched: how many events the filters let through.
        counted: whether rows are results of `stats`, no events any more.
        limited: whether the query says itself how many rows it wants.
    """

    rows: list[dict[str, Value]]
    shown: list[str] = field(default_factory=list)
    matched: int = 0
    counted: bool = False
    limited: bool = False

    def show(self, *names: str) -> None:
        """Adds columns that are not shown yet."""
        self.shown += [name for name in dict.fromkeys(names) if name not in self.shown]


Command = Callable[[Table], None]
"""Changes a table."""
