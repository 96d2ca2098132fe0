"""Gaps of CloudWatch's metrics."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import Aws

NOW = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=30)
HOUR = {"StartTime": NOW - timedelta(minutes=30), "EndTime": NOW + timedelta(minutes=30)}


def dimensions(**values: str) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in values.items()]


def stat(
    name: str, namespace: str, statistic: str = "Sum", period: int = 60, **values: str
) -> dict[str, Any]:
    metric = {"Namespace": namespace, "MetricName": name, "Dimensions": dimensions(**values)}
    return {"Metric": metric, "Period": period, "Stat": statistic}


def results(cloudwatch: Any, *queries: dict[str, Any], **more: Any) -> dict[str, list[float]]:
    answer = cloudwatch.get_metric_data(MetricDataQueries=queries, **HOUR | more)
    assert {result["StatusCode"] for result in answer["MetricDataResults"]} <= {"Complete"}
    return {result["Id"]: result["Values"] for result in answer["MetricDataResults"]}


@pytest.mark.gap("cloudwatch/whole-dimension-sets")
def test_a_metric_is_its_whole_set_of_dimensions(aws: Aws) -> None:
    cloudwatch = aws("cloudwatch")
    for value, chosen in ((1, dimensions(A="x")), (2, dimensions(A="x", B="y")), (4, [])):
        item = {"MetricName": "Sets", "Value": value, "Dimensions": chosen, "Timestamp": NOW}
        cloudwatch.put_metric_data(Namespace="Sets", MetricData=[item])

    def sums(chosen: list[dict[str, str]]) -> list[float]:
        points = cloudwatch.get_metric_statistics(
            Namespace="Sets",
            MetricName="Sets",
            Dimensions=chosen,
            Period=300,
            Statistics=["Sum", "Maximum"],
            **HOUR,
        )["Datapoints"]
        return [point["Sum"] for point in points]

    assert sums(dimensions(A="x")) == [1]
    assert sums(dimensions(B="y", A="x")) == [2]
    assert sums([]) == [4]
    assert sums(dimensions(A="z")) == []
    listed = cloudwatch.list_metrics(Namespace="Sets", Dimensions=[{"Name": "A"}])["Metrics"]
    assert [metric["Dimensions"] for metric in listed] == [
        dimensions(A="x"),
        dimensions(A="x", B="y"),
    ]


@pytest.mark.gap("cloudwatch/whole-dimension-sets")
def test_statistics_of_all_kinds(aws: Aws) -> None:
    cloudwatch = aws("cloudwatch")
    item = {"MetricName": "Kinds", "Unit": "Milliseconds", "Timestamp": NOW}
    cloudwatch.put_metric_data(
        Namespace="Kinds",
        MetricData=[{**item, "Values": [10, 20], "Counts": [9, 1]}, {**item, "Value": 30}],
    )

    [point] = cloudwatch.get_metric_statistics(
        Namespace="Kinds",
        MetricName="Kinds",
        Period=60,
        Statistics=["SampleCount", "Sum", "Average", "Minimum", "Maximum"],
        **HOUR,
    )["Datapoints"]
    [ranks] = cloudwatch.get_metric_statistics(
        Namespace="Kinds", MetricName="Kinds", Period=60, ExtendedStatistics=["p50", "p95"], **HOUR
    )["Datapoints"]

    assert point.pop("Timestamp") == NOW
    assert point == {
        "SampleCount": 11,
        "Sum": 140,
        "Average": pytest.approx(140 / 11),
        "Minimum": 10,
        "Maximum": 30,
        "Unit": "Milliseconds",
    }
    assert ranks["ExtendedStatistics"] == {"p50": 10, "p95": 30}


@pytest.mark.gap("cloudwatch/whole-dimension-sets")
@pytest.mark.parametrize(
    ("days", "message"),
    [(-14.1, "two weeks in the past"), (0.1, "two hours in the future")],
)
def test_times_out_of_bounds_are_refused(aws: Aws, days: float, message: str) -> None:
    item = {"MetricName": "m", "Value": 1, "Timestamp": datetime.now(UTC) + timedelta(days=days)}
    with pytest.raises(ClientError, match=message) as error:
        aws("cloudwatch").put_metric_data(Namespace="Bounds", MetricData=[item])
    assert error.value.response["Error"]["Code"] == "InvalidParameterValue"


@pytest.mark.gap("cloudwatch/metric-math")
def test_metric_math(aws: Aws) -> None:
    cloudwatch = aws("cloudwatch")
    for minute, errors, requests in ((0, 1, 50), (1, 0, 10), (2, 5, 20)):
        at = {"Timestamp": NOW + timedelta(minutes=minute)}
        for name, value in (("Errors", errors), ("Requests", requests)):
            cloudwatch.put_metric_data(
                Namespace="Math",
                MetricData=[
                    {"MetricName": name, "Value": value, "Dimensions": dimensions(F="f"), **at}
                ],
            )
    cloudwatch.put_metric_data(  # the namespace counts
        Namespace="Other",
        MetricData=[
            {"MetricName": "Errors", "Value": 99, "Dimensions": dimensions(F="f"), "Timestamp": NOW}
        ],
    )
    queries = (
        {"Id": "m1", "MetricStat": stat("Errors", "Math", F="f"), "ReturnData": False},
        {"Id": "m2", "MetricStat": stat("Requests", "Math", F="f")},
        {"Id": "rate", "Expression": "IF(m2>=20, m1/m2*100, 0)", "Label": "errors %"},
    )

    assert results(cloudwatch, *queries) == {"m2": [20, 10, 50], "rate": [25, 0, 2]}
    ascending = results(cloudwatch, *queries, ScanBy="TimestampAscending")
    assert ascending["rate"] == [2, 0, 25]


@pytest.mark.gap("cloudwatch/metric-math")
def test_percentiles_and_labels(aws: Aws) -> None:
    cloudwatch = aws("cloudwatch")
    item = {"MetricName": "Latency", "Values": [float(n) for n in range(1, 101)], "Timestamp": NOW}
    cloudwatch.put_metric_data(Namespace="Percentiles", MetricData=[item])
    query = {"Id": "p", "MetricStat": stat("Latency", "Percentiles", "p95", 300)}

    [result] = cloudwatch.get_metric_data(MetricDataQueries=[query], **HOUR)["MetricDataResults"]

    assert (result["Values"], result["Label"]) == ([95], "Latency")
    start = NOW - timedelta(minutes=NOW.minute % 5)
    assert result["Timestamps"] == [start]


@pytest.mark.gap("cloudwatch/metric-math")
@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"Expression": "SEARCH('{AWS/Lambda} Errors', 'Sum')"}, "does not compute SEARCH"),
        ({"Expression": "SELECT AVG(x) FROM y", "Period": 60}, "does not compute SELECT"),
        ({"Expression": "m9 + 1"}, "there is no metric or expression 'm9'"),
        ({"MetricStat": stat("Latency", "Percentiles", "iqm")}, "iqm is not valid or not computed"),
    ],
)
def test_what_is_not_computed_is_an_error(aws: Aws, query: dict[str, Any], message: str) -> None:
    with pytest.raises(ClientError, match=message) as error:
        results(aws("cloudwatch"), {"Id": "e1", **query})
    assert error.value.response["Error"]["Code"] == "ValidationError"
