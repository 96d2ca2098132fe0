"""What a dashboard shows and what an alert watches, without a word of how Grafana writes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from modules.api_gateway import HttpApi
from modules.lambda_function import Function
from modules.metrics import Metric, metric
from modules.rds import Database

Unit = Literal["ms", "percent", "short", "bytes"]
"""Grafana's names of units. Source: https://grafana.com/docs/grafana/v11.6/panels-visualizations/configure-standard-options/#unit"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """A metric that is drawn, or that an expression counts with.

    Attributes:
        id: what expressions call it; a lower-case letter first.
        metric: which series.
        label: its name in the legend.
        hidden: whether only expressions use it.
    """

    id: str
    metric: Metric
    label: str
    hidden: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Expression:
    """CloudWatch's metric math over the series of the same panel.

    Attributes:
        id: as of a series.
        text: the expression, such as ``m1/m2*100``.
        label: its name in the legend.
    """

    id: str
    text: str
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Threshold:
    """A line across a graph, above which it turns red."""

    value: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Panel:
    """One graph.

    Attributes:
        title: what it shows.
        unit: of all its series.
        queries: series and expressions; ids are unique within the panel.
        threshold: from where on it is bad, if there is such a value.
    """

    title: str
    unit: Unit
    queries: Sequence[Series | Expression]
    threshold: Threshold | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Dashboard:
    """Graphs, two in a row, in the order in which one looks at them."""

    title: str
    panels: Sequence[Panel]


@dataclass(frozen=True, kw_only=True, slots=True)
class Alert:
    """A share of failures that calls for help.

    Attributes:
        title: what a person reads first.
        failed: counts what failed.
        all: counts everything.
        percent: failures above this share of all are too many.
        minutes: over how long both are summed, and for how long the share must stay above.
        least: below so many in ``minutes`` the share says nothing, and nobody is called.
        panel: title of the panel that shows it.
    """

    title: str
    failed: Metric
    all: Metric
    percent: float
    minutes: int
    least: int
    panel: str


def api_latency(api: HttpApi) -> Panel:
    """How long requests took, as callers see it."""
    return Panel(
        title="API latency",
        unit="ms",
        queries=[
            Series(id=rank, metric=_of_api(api, "Latency", rank), label=rank)
            for rank in ("p50", "p95", "p99")
        ],
    )


def api_error_rate(api: HttpApi, *, too_many: float) -> Panel:
    """Share of requests that the API failed to answer, percent of all of them.

    Periods without a request have no point: CloudWatch drops a division by zero.
    """
    return Panel(
        title="API error rate",
        unit="percent",
        queries=[
            Series(id="failed", metric=_of_api(api, "5xx", "Sum"), label="5xx", hidden=True),
            Series(id="all", metric=_of_api(api, "Count", "Sum"), label="requests", hidden=True),
            Expression(id="rate", text="failed/all*100", label="5xx"),
        ],
        threshold=Threshold(value=too_many),
    )


def function_concurrency(function: Function, *, reserved: int) -> Panel:
    """Invocations of a function at once, with the line where Lambda begins to refuse them."""
    return Panel(
        title="Lambda concurrent executions",
        unit="short",
        queries=[
            Series(
                id="concurrent",
                metric=metric(
                    "AWS/Lambda",
                    "ConcurrentExecutions",
                    "Maximum",
                    {"FunctionName": function.name},
                ),
                label="at once",
            )
        ],
        threshold=Threshold(value=reserved),
    )


def database_connections(database: Database) -> Panel:
    """Connections that the instance holds, those of a proxy among them."""
    return Panel(
        title="RDS connections",
        unit="short",
        queries=[_of_instance(database, "DatabaseConnections", "Maximum", "connections")],
    )


def database_cpu(database: Database, *, too_busy: float) -> Panel:
    """How busy the instance is, percent, with the line where CloudWatch's alarm begins."""
    return Panel(
        title="RDS CPU",
        unit="percent",
        queries=[_of_instance(database, "CPUUtilization", "Average", "CPU")],
        threshold=Threshold(value=too_busy),
    )


def database_storage(database: Database) -> Panel:
    """What is left of the instance's storage."""
    return Panel(
        title="RDS free storage",
        unit="bytes",
        queries=[_of_instance(database, "FreeStorageSpace", "Minimum", "free")],
    )


def error_rate_alert(api: HttpApi, *, percent: float, minutes: int = 5, least: int = 20) -> Alert:
    """Calls for help when the API fails too often.

    Args:
        api: the API.
        percent: failures above this share of all requests are too many.
        minutes: see ``Alert``.
        least: see ``Alert``.
    """
    return Alert(
        title=f"API error rate above {percent:g} %",
        failed=_of_api(api, "5xx", "Sum"),
        all=_of_api(api, "Count", "Sum"),
        percent=percent,
        minutes=minutes,
        least=least,
        panel=api_error_rate(api, too_many=percent).title,
    )


def _of_api(api: HttpApi, name: str, statistic: str) -> Metric:
    return metric("AWS/ApiGateway", name, statistic, {"ApiId": api.api.id})


def _of_instance(database: Database, name: str, statistic: str, label: str) -> Series:
    dimensions = {"DBInstanceIdentifier": database.instance.instance.identifier}
    return Series(id="m1", metric=metric("AWS/RDS", name, statistic, dimensions), label=label)
