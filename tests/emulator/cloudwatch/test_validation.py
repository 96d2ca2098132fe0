"""Alarms that AWS refuses."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.cloudwatch.store import MINUTE
from emulator.cloudwatch.validation import AlarmError, validate
from tests.emulator.cloudwatch.conftest import THRESHOLD
from tests.emulator.cloudwatch.test_alarms import MATH, query

BAND = {"Id": "band", "Expression": "ANOMALY_DETECTION_BAND(m1, 2)", "ReturnData": True}
ANOMALY = {
    "EvaluationPeriods": 2,
    "ComparisonOperator": "GreaterThanUpperThreshold",
    "ThresholdMetricId": "band",
    "Metrics": [query("m1", ReturnData=True), BAND],
}


@pytest.mark.parametrize("settings", [THRESHOLD, MATH, ANOMALY])
def test_alarms_that_are_taken(settings: dict[str, Any]) -> None:
    validate(settings)


def expression(text: str, *queries: dict[str, Any]) -> dict[str, Any]:
    watched = {"Id": "e1", "Expression": text, "ReturnData": True}
    return MATH | {"Metrics": [*(queries or (query("m1"),)), watched]}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (THRESHOLD | {"Statistic": None}, "Exactly one of Statistic"),
        (THRESHOLD | {"ExtendedStatistic": "p95"}, "Exactly one of Statistic"),
        (THRESHOLD | {"Statistic": None, "ExtendedStatistic": "p101"}, "p101 is not valid"),
        (THRESHOLD | {"Namespace": None}, "Namespace is required"),
        (THRESHOLD | {"MetricName": None}, "a MetricName has to be given"),
        (THRESHOLD | {"Period": None}, "Period is required"),
        (THRESHOLD | {"Period": 90}, "Period must be"),
        (THRESHOLD | {"EvaluationPeriods": None}, "EvaluationPeriods is required"),
        (THRESHOLD | {"DatapointsToAlarm": 2}, "DatapointsToAlarm must not be greater"),
        (THRESHOLD | {"EvaluationPeriods": 1441}, "across more than 1 day "),
        (THRESHOLD | {"Period": 3600, "EvaluationPeriods": 169}, "across more than 7 days"),
        (THRESHOLD | {"TreatMissingData": "notbreaching"}, "TreatMissingData notbreaching"),
        (THRESHOLD | {"EvaluateLowSampleCountPercentile": "x"}, "Option x is not supported"),
        (THRESHOLD | {"Threshold": None}, "Threshold is required"),
        (THRESHOLD | {"ComparisonOperator": "LessThanLowerThreshold"}, "only valid for an anomaly"),
        (MATH | {"Namespace": "App"}, "can't be specified beside Metrics"),
        (expression("m1 + m9"), "there is no metric or expression 'm9'"),
        (expression("SEARCH('{App} Errors', 'Sum')"), "SEARCH is not supported on Metric Alarms"),
        (expression("m1 +"), "Invalid metrics list"),
        (expression("1 + 1", {"Id": "e2", "Expression": "2"}), "at least one metric"),
        (
            expression("m0 + 1", *(query(f"m{number}") for number in range(11))),
            "at most 10 metrics, not 11",
        ),
        (
            expression(
                "m1 + m2",
                query("m1"),
                query("m2", MetricStat=query("m")["MetricStat"] | {"Period": 5 * MINUTE}),
            ),
            "the same period",
        ),
        (expression("m1", query("m1", ReturnData=True)), "exactly one element should return data"),
        (
            MATH | {"Metrics": [query("m1"), query("m2")]},
            "exactly one element should return data, not none",
        ),
        (expression("ANOMALY_DETECTION_BAND(m1)"), "needs ThresholdMetricId"),
        (ANOMALY | {"ComparisonOperator": "GreaterThanThreshold"}, "not valid with"),
        (ANOMALY | {"Threshold": 1.0}, "can't be given both"),
        (ANOMALY | {"ThresholdMetricId": "m1"}, "is not the id of an ANOMALY_DETECTION_BAND"),
        (
            ANOMALY | {"Metrics": [query("m1", ReturnData=True), BAND | {"ReturnData": False}]},
            "band must return data",
        ),
        (
            ANOMALY | {"Metrics": [query("m1"), BAND]},
            "exactly one element should return data beside the band",
        ),
    ],
)
def test_alarms_that_are_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(AlarmError) as error:
        validate(settings)
    assert message in str(error.value)


@pytest.mark.parametrize(
    "changes",
    [{"EvaluationPeriods": 1440}, {"Period": 3600, "EvaluationPeriods": 168}, {"Period": 10}],
)
def test_limits_that_are_still_taken(changes: dict[str, Any]) -> None:
    validate(THRESHOLD | changes)
