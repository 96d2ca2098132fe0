"""A whole query: read, and run on events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from emulator.logs.insights.commands import read_command
from emulator.logs.insights.discovery import Event, discover
from emulator.logs.insights.rows import MOST_ROWS, Command, Table
from emulator.logs.insights.scanner import QueryError, Scanner
from emulator.logs.insights.values import text

_MOST_STATS = 2
_DEFAULT_COLUMNS = ("@timestamp", "@message")

__all__ = ("MOST_ROWS", "Answer", "Query", "QueryError")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a query found.

    Attributes:
        rows: names and values of each, those that it has.
        matched: events that the filters let through.
        scanned: events that were looked at.
        scanned_bytes: how large these are.
    """

    rows: list[list[tuple[str, str]]]
    matched: int
    scanned: int
    scanned_bytes: int


class Query:
    """A query, ready to run."""

    def __init__(self, text: str) -> None:
        """Reads the query.

        Raises:
            QueryError: if it cannot be read, or uses something that the emulator lacks.
        """
        scanner = Scanner(text)
        self._commands: list[Command] = []
        names: list[str] = []
        while True:
            name, command = read_command(scanner)
            names.append(name)
            self._commands.append(command)
            if scanner.at_end:
                break
            scanner.need("|")
        if names.count("stats") > _MOST_STATS:
            raise QueryError(f"a query has at most {_MOST_STATS} stats commands")

    def run(self, events: Iterable[Event], most: int = MOST_ROWS) -> Answer:
        """Runs the query.

        Args:
            events: in any order.
            most: rows, where the query does not say.
        """
        found = sorted(events, key=lambda event: event.timestamp, reverse=True)
        table = Table(rows=[discover(event) for event in found], matched=len(found))
        for command in self._commands:
            command(table)
        if not table.counted:
            table.show(*(() if table.shown else _DEFAULT_COLUMNS), "@ptr")
        rows = table.rows if table.limited else table.rows[:most]
        return Answer(
            rows=[
                [(name, text(row[name])) for name in table.shown if row.get(name) is not None]
                for row in rows
            ],
            matched=table.matched,
            scanned=len(found),
            scanned_bytes=sum(len(event.message.encode()) for event in found),
        )
