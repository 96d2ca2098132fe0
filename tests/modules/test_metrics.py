"""The table of metrics: what it refuses, and that each row says where it comes from."""

from __future__ import annotations

import re

import pytest

from modules.metrics import MetricError, definition, metric
from modules.metrics.metric import PERCENTILE, STATISTICS
from modules.metrics.table import definitions

UNITS = {
    *("", "None", "Count", "Percent", "Count/Second", "Bytes/Second"),
    *("Bytes", "Megabytes", "Gigabytes", "Seconds", "Milliseconds", "Microseconds"),
}


def test_a_series_of_a_metric_that_aws_publishes() -> None:
    series = metric("AWS/Lambda", "Duration", "p99.9", {"FunctionName": "f", "Resource": "f:live"})
    assert (series.namespace, series.name, series.unit) == (
        "AWS/Lambda",
        "Duration",
        "Milliseconds",
    )
    assert series.is_percentile
    assert not metric("AWS/Bedrock", "Invocations", "Sum").is_percentile


@pytest.mark.parametrize(
    ("namespace", "name", "statistic", "dimensions", "said"),
    [
        # The names of REST APIs: a graph of them stays empty for an HTTP API.
        ("AWS/ApiGateway", "5XXError", "Sum", ("ApiId",), "published by ApiName"),
        ("AWS/ApiGateway", "5xx", "Sum", ("ApiName",), "not by ApiName"),
        ("AWS/ApiGateway", "5XX", "Sum", ("ApiId",), "is it "),
        ("AWS/Lambda", "Errors", "Sum", ("Resource",), "not by Resource"),
        (
            *("AWS/RDS", "DatabaseConnectionsCurrentlySessionPinned", "Sum"),
            *(("EndpointName", "ProxyName"), "not by EndpointName and ProxyName"),
        ),
        ("AWS/Lambda", "Errors", "p95", ("FunctionName",), "p95 means nothing; use Sum"),
        ("AWS/Lambda", "Errors", "Mean", ("FunctionName",), "no statistic is called Mean"),
        ("AWS/Lambda", "Duration", "p101", ("FunctionName",), "no statistic is called p101"),
        ("AWS/Lamdba", "Errors", "Sum", ("FunctionName",), "no such namespace"),
    ],
)
def test_what_nobody_publishes_is_refused(
    namespace: str, name: str, statistic: str, dimensions: tuple[str, ...], said: str
) -> None:
    with pytest.raises(MetricError, match=re.escape(said)):
        metric(namespace, name, statistic, dict.fromkeys(dimensions, "x"))


def test_proxies_report_microseconds() -> None:
    assert definition("AWS/RDS", "DatabaseConnectionsBorrowLatency").unit == "Microseconds"


def test_every_row_is_well_formed_and_has_a_source() -> None:
    assert len(definitions()) > 600
    for (namespace, name), row in definitions().items():
        assert row.unit in UNITS, (namespace, name)
        assert row.statistics <= {*STATISTICS, PERCENTILE}, (namespace, name)
        assert re.search(r"https://|pypi:|npm:|github:", row.source), (namespace, name)
        assert all(re.fullmatch(r"[A-Za-z][\w -]*", d) for s in row.dimension_sets for d in s)
