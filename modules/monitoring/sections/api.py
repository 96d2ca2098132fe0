"""An HTTP API: requests, errors, latency, and its access log.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
"""

from __future__ import annotations

from dataclasses import dataclass

from modules.api_gateway import HttpApi
from modules.metrics import Metric, metric
from modules.monitoring.alarm import Alarm
from modules.monitoring.formula import Band, per_second, percent, with_enough
from modules.monitoring.section import Graph, Line, SavedQuery, Section


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiThresholds:
    """When an API's alarms go off.

    Attributes:
        error_percent: answers with a 5xx status, percent.
        outage_percent: the same where most requests fail, percent.
        minimum_requests: a minute; below them no share and no percentile is judged.
        latency_ms: milliseconds that 95 of 100 requests stay below.
        anomaly_detection: also judge traffic and latency by what is usual.
    """

    error_percent: float
    outage_percent: float
    minimum_requests: int
    latency_ms: float
    anomaly_detection: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiAlarms:
    """The alarms that others are combined with.

    Attributes:
        errors: some requests fail.
        outage: most requests fail.
        latency: requests are slow.
    """

    errors: Alarm
    outage: Alarm
    latency: Alarm


def section(api: HttpApi, thresholds: ApiThresholds) -> tuple[Section, ApiAlarms]:
    """What is shown and judged of one API.

    Args:
        api: the API; its id is known to AWS only.
        thresholds: when its alarms go off.
    """

    def of(name: str, statistic: str) -> Metric:
        return metric("AWS/ApiGateway", name, statistic, {"ApiId": api.api.id})

    count, failed = of("Count", "Sum"), of("5xx", "Sum")
    failing = percent(failed, count, at_least=thresholds.minimum_requests)
    errors = Alarm(
        slug="api-errors",
        meaning=f"More than {thresholds.error_percent:g} % of the API's answers are 5xx.",
        value=failing,
        comparison=">",
        threshold=thresholds.error_percent,
        points=3,
        # No data means no requests, and then nobody waits.
        missing="notBreaching",
    )
    outage = Alarm(
        slug="api-outage",
        meaning=f"More than {thresholds.outage_percent:g} % of the API's answers are 5xx.",
        value=failing,
        comparison=">",
        threshold=thresholds.outage_percent,
        points=3,
        missing="notBreaching",  # as above
        # The composite alarm that reads it calls somebody at the same moment.
        severity=None,
    )
    latency = Alarm(
        slug="api-latency",
        meaning=f"Of 100 requests 5 or more take longer than {thresholds.latency_ms:g} ms.",
        value=with_enough(of("Latency", "p95"), count, at_least=thresholds.minimum_requests),
        comparison=">",
        threshold=thresholds.latency_ms,
        points=5,
        missing="notBreaching",  # no data means no requests
    )
    unusual = _unusual(count, of("Latency", "p95")) if thresholds.anomaly_detection else ()
    graphs = (
        Graph(
            title="API: latency, ms",
            lines=[Line(label=p, value=of("Latency", p)) for p in ("p50", "p95", "p99")],
            alarms=(latency,),
        ),
        Graph(title="API: requests a second", lines=[Line(label="all", value=per_second(count))]),
        Graph(
            title="API: failed, % of requests",
            lines=[
                Line(label="5xx", value=failing),
                Line(
                    label="4xx",
                    value=percent(of("4xx", "Sum"), count, at_least=thresholds.minimum_requests),
                ),
            ],
            alarms=(errors, outage),
        ),
    )
    return (
        Section(
            title="API",
            note="Slow and failing together is an outage; slow alone is mostly the model.",
            widgets=graphs,
            alarms=(errors, outage, latency, *unusual),
            queries=_queries(api),
        ),
        ApiAlarms(errors=errors, outage=outage, latency=latency),
    )


def _unusual(count: Metric, latency: Metric) -> tuple[Alarm, ...]:
    """Five minutes a point: single minutes of little traffic are never usual."""
    return (
        Alarm(
            slug="api-traffic-unusual",
            meaning="The API has far more or far fewer requests than at this hour of other weeks.",
            value=Band(metric=count),
            comparison="outside the band",
            points=3,
            period=300,
            # A quiet hour has no data at all, and some hours are quiet.
            missing="notBreaching",
        ),
        Alarm(
            slug="api-latency-unusual",
            meaning="The API is far slower than at this hour of other weeks.",
            value=Band(metric=latency),
            comparison="above the band",
            points=3,
            period=300,
            missing="notBreaching",  # no data means no requests
        ),
    )


def _queries(api: HttpApi) -> tuple[SavedQuery, ...]:
    """Of the access log, whose fields ``modules.api_gateway`` names."""
    groups = (api.log_group_name,)
    return (
        SavedQuery(
            name="api-requests",
            log_groups=groups,
            text="stats count(*) as requests, avg(responseLatencyMs) as average_ms, "
            "pct(responseLatencyMs, 95) as p95_ms by bin(5m)",
        ),
        SavedQuery(
            name="api-slowest",
            log_groups=groups,
            text="fields @timestamp, requestId, routeKey, status, responseLatencyMs, "
            "integrationLatencyMs\n| sort responseLatencyMs desc\n| limit 20",
        ),
        SavedQuery(
            name="api-failures",
            log_groups=groups,
            text="filter status >= 500\n| stats count(*) as failures by routeKey, status, "
            "integrationStatus, integrationError\n| sort failures desc",
        ),
        SavedQuery(
            name="api-refused",
            log_groups=groups,
            text="filter status >= 400 and status < 500\n| stats count(*) as requests by "
            "routeKey, status, authorizerError\n| sort requests desc",
        ),
    )
