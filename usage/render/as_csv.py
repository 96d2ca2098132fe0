"""The report as CSV: a row a model, and one for the total; figures are exact."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from usage.measures import TOKENS
from usage.report import Counts, Report

COLUMNS = (
    "model", "name", "scope", "configured_in", "invocations", "client_errors", "server_errors",
    "throttles", "error_rate", *(f"{kind}_tokens" for kind in TOKENS), "usd", "without_price",
    "share_of_cost", "share_of_calls", "latency_average_ms", "latency_p95_worst_ms",
    "latency_p95_median_ms",
)  # fmt: skip

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Source: https://owasp.org/www-community/attacks/CSV_Injection"""


def as_csv(report: Report) -> str:
    """Text of the file.

    Args:
        report: what to write.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_rows(report))
    return text.getvalue()


def _rows(report: Report) -> Iterator[list[object]]:
    for each in report.models:
        model, latency = each.model, each.latency
        yield [
            *(_inert(model.id), _inert(model.name), model.scope, " ".join(model.configured_in)),
            *_counts(each.counts),
            report.share_of_cost(each),
            report.share_of_calls(each),
            *(latency.average, latency.p95_worst, latency.p95_median),
        ]
    yield ["total", "", "", "", *_counts(report.total), "", "", "", "", ""]


def _inert(text: str) -> str:
    """A text that no spreadsheet takes for a formula; ids of AWS begin with none of these."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _counts(counts: Counts) -> list[object]:
    return [
        counts.invocations,
        counts.client_errors,
        counts.server_errors,
        counts.throttles,
        counts.error_rate,
        *(counts.tokens[kind] for kind in TOKENS),
        f"{counts.cost.usd:f}",
        " ".join(kind for kind in TOKENS if kind in counts.cost.unknown),
    ]
