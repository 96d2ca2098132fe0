"""The report's tables, for every form that shows tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from usage.measures import TOKENS
from usage.render import words
from usage.report import Counts, Report

_TOKENS = ("tokens in", "out", "cache read", "cache write")


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table of texts.

    Attributes:
        title: what it shows.
        heads: of its columns; the first names the rows.
        rows: as many cells each as there are heads.
        total: a last row; None for none.
    """

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    total: Sequence[str] | None = None


def use(report: Report) -> Table:
    """What each model was called for, and what it cost."""
    total = report.total
    last = ["total", "", words.number(total.invocations), *_tokens(total), words.cost(total.cost)]
    return Table(
        title="Use and cost",
        heads=("model", "used by", "calls", *_TOKENS, "USD", "of cost", "of calls"),
        rows=[
            [
                each.model.id,
                ", ".join(each.model.configured_in) or words.NOTHING,
                words.number(each.counts.invocations),
                *_tokens(each.counts),
                words.cost(each.counts.cost),
                words.share(report.share_of_cost(each)),
                words.share(report.share_of_calls(each)),
            ]
            for each in report.models
        ],
        total=[*last, "", ""],
    )


def quality(report: Report) -> Table:
    """How long each model took, and how often it failed."""
    return Table(
        title="Latency and errors",
        heads=(
            *("model", "average ms", "p95 worst", "p95 median"),
            *("client errors", "server errors", "error rate", "throttled"),
        ),
        rows=[
            [
                each.model.id,
                words.milliseconds(each.latency.average),
                words.milliseconds(each.latency.p95_worst),
                words.milliseconds(each.latency.p95_median),
                *_errors(each.counts),
            ]
            for each in report.models
        ],
        total=["total", "", "", "", *_errors(report.total)],
    )


def callers(report: Report) -> Table:
    """Who called, as the log of invocations tells."""
    return Table(
        title="From the log of invocations",
        heads=("caller", "calls", "errors", *_TOKENS, "USD"),
        rows=[
            [
                each.arn,
                words.number(each.calls),
                words.number(each.errors),
                *(words.number(each.tokens[kind]) for kind in TOKENS),
                words.cost(each.cost),
            ]
            for each in report.callers
        ],
    )


def days(report: Report) -> Table:
    """What each day cost."""
    return Table(
        title="Cost by day, UTC",
        heads=("day", "USD"),
        rows=[[str(day), words.cost(cost)] for day, cost in report.days.items()],
    )


def _errors(counts: Counts) -> list[str]:
    return [
        words.number(counts.client_errors),
        words.number(counts.server_errors),
        words.share(counts.error_rate),
        words.number(counts.throttles),
    ]


def _tokens(counts: Counts) -> list[str]:
    return [words.number(counts.tokens[kind]) for kind in TOKENS]
