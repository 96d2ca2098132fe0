"""How a benchmark reports: times as they were, ratios as what counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Promise:
    """A ratio that the project promises.

    Attributes:
        what: the ratio in words.
        value: as measured in this run.
        at_least: lower bound, if that is the promise.
        at_most: upper bound, if that is the promise.
    """

    what: str
    value: float
    at_least: float | None = None
    at_most: float | None = None

    @property
    def kept(self) -> bool:
        """Whether the measured ratio is within its bound."""
        enough = self.at_least is None or self.value >= self.at_least
        return enough and (self.at_most is None or self.value <= self.at_most)

    def __str__(self) -> str:
        """One line: ratio, bound, verdict."""
        bound = f">= {self.at_least:g}" if self.at_least is not None else f"<= {self.at_most:g}"
        return (
            f"{self.what}: {self.value:.2f} (promised {bound}) {'kept' if self.kept else 'BROKEN'}"
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Measurement:
    """What one benchmark found.

    Attributes:
        name: what was measured.
        rows: variant, time as text, and its ratio to ours; or what ``figure`` and ``other`` say.
        figure: heading of the second column.
        other: heading of the third column.
        notes: what else there is to know.
        promises: the ratios that the project stands by.
    """

    name: str
    rows: Sequence[tuple[str, str, float | str]]
    figure: str = "time"
    other: str = "ratio to ours"
    notes: list[str] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)

    def show(self, console: Console) -> None:
        """Print it."""
        table = Table(self.name, self.figure, self.other, box=None, header_style="bold")
        for variant, figure, other in self.rows:
            table.add_row(variant, figure, other if isinstance(other, str) else f"{other:.2f}")
        console.print(table)
        for line in [*self.notes, *map(str, self.promises)]:
            console.print(f"  {line}", highlight=False)
        console.print()
