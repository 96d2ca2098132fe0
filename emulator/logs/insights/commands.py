"""The commands of a query, one after the other."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from emulator.logs.insights.expressions import Expression, holds, read
from emulator.logs.insights.rows import MOST_ROWS, Command, Table
from emulator.logs.insights.scanner import Scanner
from emulator.logs.insights.stats import read_stats
from emulator.logs.insights.values import Value, order, text

_COMMAND: Final = re.compile(r"[A-Za-z]\w*")


def read_command(scanner: Scanner) -> tuple[str, Command]:
    """Reads one command; gives its name too.

    Raises:
        QueryError: if it is none, or one that the emulator lacks.
    """
    start = scanner.position
    found = scanner.take(_COMMAND)
    reader = _COMMANDS.get(found[0].lower()) if found else None
    if found is None or reader is None:
        scanner.position = start
        name = found[0] if found else "of this form"
        raise scanner.error(f"the emulator's Logs Insights has no command {name}")
    return found[0].lower(), reader(scanner)


def _fields(scanner: Scanner) -> Command:
    columns: list[tuple[str, Expression]] = []
    while True:
        start = scanner.position
        expression = read(scanner)
        name = scanner.since(start).strip("`")
        columns.append((scanner.name() if scanner.word("as") else name, expression))
        if not scanner.sign(","):
            break

    def apply(table: Table) -> None:
        for row in table.rows:
            for name, expression in columns:
                row[name] = expression(row)
        table.show(*(name for name, _ in columns))

    return apply


def _display(scanner: Scanner) -> Command:
    names = _names(scanner)

    def apply(table: Table) -> None:
        table.shown = []
        table.show(*names)

    return apply


def _names(scanner: Scanner) -> list[str]:
    names = [scanner.name()]
    while scanner.sign(","):
        names.append(scanner.name())
    return names


def _filter(scanner: Scanner) -> Command:
    condition = read(scanner)

    def apply(table: Table) -> None:
        table.rows = [row for row in table.rows if holds(condition, row)]
        if not table.counted:
            table.matched = len(table.rows)

    return apply


def _parse(scanner: Scanner) -> Command:
    source = "@message"
    pattern, names = _pattern(scanner)
    if pattern is None:
        source = scanner.name()
        pattern, names = _pattern(scanner)
    if pattern is None:
        raise scanner.error("parse needs a pattern in quotes or a regular expression")

    def apply(table: Table) -> None:
        for row in table.rows:
            value = row.get(source)
            found = None if value is None else pattern.search(text(value))
            if found:
                row.update(zip(names, found.groups(), strict=True))
        table.show(*names)

    return apply


def _pattern(scanner: Scanner) -> tuple[re.Pattern[str] | None, list[str]]:
    """Reads a pattern and the names of what it extracts."""
    start = scanner.position
    regex = scanner.regex()
    if regex:
        if not regex.groupindex or len(regex.groupindex) != regex.groups:
            scanner.position = start
            raise scanner.error("parse needs a regular expression whose groups are all named")
        return regex, list(regex.groupindex)
    glob = scanner.string()
    if glob is None:
        return None, []
    if not scanner.word("as"):
        raise scanner.error("parse needs 'as' and a name for each *")
    names = _names(scanner)
    literals = glob.split("*")
    if len(literals) != len(names) + 1:
        scanner.position = start
        raise scanner.error(f"parse has {len(literals) - 1} * and {len(names)} names")
    pattern = "(.*?)".join(map(re.escape, literals))
    return re.compile(f"{pattern}$" if glob.endswith("*") else pattern, re.DOTALL), names


def _sort(scanner: Scanner) -> Command:
    keys: list[tuple[Expression, bool]] = []
    while True:
        expression = read(scanner)
        keys.append((expression, scanner.word("asc", "desc") == "desc"))
        if not scanner.sign(","):
            break

    def apply(table: Table) -> None:
        for expression, descending in reversed(keys):
            table.rows.sort(key=lambda row: order(expression(row)), reverse=descending)

    return apply


def _limit(scanner: Scanner) -> Command:
    start = scanner.position
    most = scanner.integer()
    if not 1 <= most <= MOST_ROWS:
        scanner.position = start
        raise scanner.error(f"limit is a number from 1 to {MOST_ROWS}")

    def apply(table: Table) -> None:
        del table.rows[most:]
        table.limited = True

    return apply


def _dedup(scanner: Scanner) -> Command:
    names = _names(scanner)

    def apply(table: Table) -> None:
        seen: set[tuple[Value, ...]] = set()
        kept = []
        for row in table.rows:
            key = tuple(row.get(name) for name in names)
            # What an event does not have is no duplicate of anything.
            if None in key or key not in seen:
                seen.add(key)
                kept.append(row)
        table.rows = kept

    return apply


_COMMANDS: Final[dict[str, Callable[[Scanner], Command]]] = {
    "fields": _fields,
    "display": _display,
    "filter": _filter,
    "parse": _parse,
    "stats": read_stats,
    "sort": _sort,
    "limit": _limit,
    "dedup": _dedup,
}
