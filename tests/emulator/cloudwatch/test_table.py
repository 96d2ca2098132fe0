"""The alarms of a DynamoDB table, as they are synthesised, go off and end."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.cloudwatch.conftest import Cloud
from tests.support.services import services

NAMESPACE = "AWS/DynamoDB"


def settings(name: str) -> dict[str, Any]:
    """An alarm as ``PutMetricAlarm`` takes it; one table is enough, so that it needs no dimensions."""
    alarms = services().resources("aws_cloudwatch_metric_alarm").values()
    body = next(each for each in alarms if each["alarm_name"].endswith(name))
    return {
        "Metrics": [_query(each) for each in body["metric_query"]],
        "ComparisonOperator": body["comparison_operator"],
        "Threshold": float(body["threshold"]),
        "EvaluationPeriods": body["evaluation_periods"],
        "DatapointsToAlarm": body["datapoints_to_alarm"],
        "TreatMissingData": body["treat_missing_data"],
    }


def _query(query: dict[str, Any]) -> dict[str, Any]:
    returns = {"Id": query["id"], "ReturnData": query.get("return_data", False)}
    if "expression" in query:
        return {**returns, "Expression": query["expression"]}
    metric = query["metric"]
    named = {"Namespace": metric["namespace"], "MetricName": metric["metric_name"]}
    stat = {"Metric": {**named, "Dimensions": []}, "Period": metric["period"]}
    return {**returns, "MetricStat": {**stat, "Stat": metric["stat"]}}


@pytest.mark.parametrize(
    ("alarm", "metric", "used"),
    [
        ("orders-table-throttled", "ReadThrottleEvents", "ConsumedReadCapacityUnits"),
        ("orders-table-throttled", "WriteThrottleEvents", "ConsumedReadCapacityUnits"),
        ("orders-table-errors", "SystemErrors", "ConsumedWriteCapacityUnits"),
    ],
)
def test_it_ends_with_the_next_request_and_not_before(
    cloud: Cloud, alarm: str, metric: str, used: str
) -> None:
    cloud.put("a", **settings(alarm))
    for _ in range(4):
        cloud.minute(3, name=metric, namespace=NAMESPACE)
        assert cloud.state("a") != "ALARM"
    cloud.minute(3, name=metric, namespace=NAMESPACE)
    assert cloud.state("a") == "ALARM"
    for _ in range(20):  # nobody calls
        cloud.minute()
        assert cloud.state("a") == "ALARM"
    cloud.minute(1, name=used, namespace=NAMESPACE)
    assert cloud.state("a") == "OK"
