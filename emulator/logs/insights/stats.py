"""The command `stats`: rows in groups, and what is computed of each.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Stats.html
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from emulator.logs.insights.expressions import Expression, read
from emulator.logs.insights.rows import Command, Table
from emulator.logs.insights.scanner import NUMBER, Scanner
from emulator.logs.insights.values import Row, Value, number, order, text

Aggregate = Callable[[Sequence[Row]], Value]

_MOST_PERCENT: Final = 100.0


def read_stats(scanner: Scanner) -> Command:
    """Reads the rest of a `stats` command.

    Raises:
        QueryError: if it is none, or uses a function that is not here.
    """
    aggregates: dict[str, Aggregate] = {}

    def calls(inner: Scanner, name: str) -> Expression | None:
        aggregate = _aggregate(inner, name)
        if aggregate is None:
            return None
        key = f"\0{len(aggregates)}"  # no field has such a name
        aggregates[key] = aggregate
        return lambda row: row.get(key)

    computed = _columns(scanner, calls)
    if not aggregates:
        raise scanner.error("stats needs an aggregation such as count(*)")
    keys = _columns(scanner, None) if scanner.word("by") else []
    stats = _Stats(computed=computed, keys=keys, aggregates=aggregates)
    return stats.apply


Columns = list[tuple[str, Expression]]


def _columns(
    scanner: Scanner, calls: Callable[[Scanner, str], Expression | None] | None
) -> Columns:
    found: Columns = []
    while True:
        start = scanner.position
        expression = read(scanner, calls)
        name = scanner.since(start)
        found.append((scanner.name() if scanner.word("as") else name.strip("`"), expression))
        if not scanner.sign(","):
            return found


@dataclass(frozen=True, kw_only=True)
class _Stats:
    computed: Columns
    keys: Columns
    aggregates: dict[str, Aggregate]

    def apply(self, table: Table) -> None:
        groups: dict[tuple[str, ...], list[dict[str, Value]]] = {}
        for row in table.rows:
            key = tuple(text(expression(row)) for _, expression in self.keys)
            groups.setdefault(key, []).append(row)
        table.rows = [self._row(members) for members in groups.values()]
        table.shown = []
        table.show(*(name for name, _ in (*self.keys, *self.computed)))
        table.counted = True

    def _row(self, members: list[dict[str, Value]]) -> dict[str, Value]:
        found = {name: expression(members[0]) for name, expression in self.keys}
        inner: dict[str, Value] = {
            **found,
            **{key: aggregate(members) for key, aggregate in self.aggregates.items()},
        }
        for name, expression in self.computed:
            # A column may use those before it by their names.
            found[name] = inner[name] = expression(inner)
        return found


def _aggregate(scanner: Scanner, name: str) -> Aggregate | None:
    if name == "count":
        return _count(scanner)
    if name == "pct":
        return _percentile(scanner)
    reduce = _REDUCED.get(name)
    return _reduced(read(scanner), reduce) if reduce else None


def _count(scanner: Scanner) -> Aggregate:
    if scanner.sign("*") or scanner.text.startswith(")", scanner.position):
        return len
    return _reduced(read(scanner), len)


def _percentile(scanner: Scanner) -> Aggregate:
    expression = read(scanner)
    scanner.need(",")
    found = scanner.take(NUMBER)
    percent = float(found[0]) if found else -1.0
    if not 0 <= percent <= _MOST_PERCENT:
        raise scanner.error("pct() needs a number from 0 to 100")

    def reduced(values: list[Value]) -> Value:
        figures = sorted(_figures(values))
        rank = max(1, math.ceil(percent / _MOST_PERCENT * len(figures)))
        return figures[rank - 1] if figures else None

    return _reduced(expression, reduced)


def _reduced(expression: Expression, reduce: Callable[[list[Value]], Value]) -> Aggregate:
    """Of the values that are there."""

    def computed(rows: Sequence[Row]) -> Value:
        values = (expression(row) for row in rows)
        return reduce([value for value in values if value is not None])

    return computed


def _figures(values: list[Value]) -> list[float]:
    return [figure for value in values if (figure := number(value)) is not None]


def _sum(values: list[Value]) -> Value:
    return sum(_figures(values))


def _average(values: list[Value]) -> Value:
    figures = _figures(values)
    return sum(figures) / len(figures) if figures else None


_REDUCED: Final[dict[str, Callable[[list[Value]], Value]]] = {
    "sum": _sum,
    "avg": _average,
    "min": lambda values: min(values, key=order, default=None),
    "max": lambda values: max(values, key=order, default=None),
    "count_distinct": lambda values: len(set(map(text, values))),
}
