"""The report for a terminal."""

from __future__ import annotations

import io
import shutil

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.plan.text import escaped
from usage.render import tables, words
from usage.report import Report

_NARROWEST = 120
"""Columns; a narrow terminal gets whole figures, and wraps them itself."""
_UNBOUNDED = 10_000
"""Columns of a pipe or file: names stay whole there, to be searched for and copied."""


def as_table(report: Report) -> str:
    """Lines of text.

    Args:
        report: what to show.
    """
    text = io.StringIO()
    width = max(_NARROWEST, shutil.get_terminal_size((_UNBOUNDED, 0)).columns)
    console = Console(file=text, width=width, highlight=False, markup=False)
    console.print(words.heading(report))
    if report.empty:
        console.print(words.NO_INVOCATION)
    if report.models:
        console.print(_shown(tables.use(report)))
        console.print(_shown(tables.quality(report)))
    if report.callers:
        console.print(_shown(tables.callers(report)))
    console.print(f"total {words.cost(report.total.cost)} USD; {words.projection(report)}")
    for line in words.remarks(report):
        console.print(escaped(line))
    return text.getvalue()


def _shown(content: tables.Table) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    first, *others = content.heads
    table.add_column(first, overflow="fold")
    for head in others:
        table.add_column(head, justify="right", no_wrap=True)
    for row in [*content.rows, *([content.total] if content.total else [])]:
        # What AWS sent may hold anything: as Text nothing of it is markup, and nothing hidden.
        table.add_row(*(Text(escaped(cell)) for cell in row))
    return table
