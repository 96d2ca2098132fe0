"""The report for a terminal."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.plan.text import escaped
from usage.measures import TOKENS
from usage.render import words
from usage.report import Counts, ModelUsage, Report

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
        console.print(_use(report))
        console.print(_quality(report))
    if report.callers:
        console.print(_callers(report))
    console.print(f"total {words.cost(report.total.cost)} USD; {words.projection(report)}")
    for line in words.remarks(report):
        console.print(escaped(line))
    return text.getvalue()


def _use(report: Report) -> Table:
    rows = [
        [
            each.model.id,
            words.number(each.counts.invocations),
            *_tokens(each.counts),
            words.cost(each.counts.cost),
            words.share(report.share_of_cost(each)),
            words.share(report.share_of_calls(each)),
        ]
        for each in report.models
    ]
    total = report.total
    rows.append(
        ["total", words.number(total.invocations), *_tokens(total), words.cost(total.cost), "", ""]
    )
    heads = ("calls", "tokens in", "out", "cache read", "cache write", "USD", "of cost", "of calls")
    return _table("model", heads, rows)


def _quality(report: Report) -> Table:
    heads = ("average ms", "p95 worst", "p95 median", "client errors", "server errors", "error rate",
             "throttled")  # fmt: skip
    return _table("model", heads, [*map(_quality_row, report.models), _quality_total(report.total)])


def _quality_row(usage: ModelUsage) -> list[str]:
    latency = usage.latency
    return [
        usage.model.id,
        words.milliseconds(latency.average),
        words.milliseconds(latency.p95_worst),
        words.milliseconds(latency.p95_median),
        *_errors(usage.counts),
    ]


def _quality_total(total: Counts) -> list[str]:
    return ["total", "", "", "", *_errors(total)]


def _errors(counts: Counts) -> list[str]:
    return [
        words.number(counts.client_errors),
        words.number(counts.server_errors),
        words.share(counts.error_rate),
        words.number(counts.throttles),
    ]


def _callers(report: Report) -> Table:
    rows = [
        [
            each.arn,
            words.number(each.calls),
            words.number(each.errors),
            *(words.number(each.tokens[kind]) for kind in TOKENS),
            words.cost(each.cost),
        ]
        for each in report.callers
    ]
    heads = ("calls", "errors", "tokens in", "out", "cache read", "cache write", "USD")
    return _table("caller", heads, rows)


def _tokens(counts: Counts) -> list[str]:
    return [words.number(counts.tokens[kind]) for kind in TOKENS]


def _table(first: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column(first, overflow="fold")
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True)
    for row in rows:
        # What AWS sent may hold anything: as Text nothing of it is markup, and nothing hidden.
        table.add_row(*(Text(escaped(cell)) for cell in row))
    return table
