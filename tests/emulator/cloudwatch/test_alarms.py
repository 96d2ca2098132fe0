"""Metric alarms: when they change, what they say of it, what they do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from emulator.cloudwatch.evaluation import Finding
from emulator.cloudwatch.store import MINUTE
from tests.emulator.cloudwatch.conftest import START, THRESHOLD, Cloud


def query(name: str, metric: str = "Errors", **more: Any) -> dict[str, Any]:
    stat = {
        "Metric": {"Namespace": "App", "MetricName": metric, "Dimensions": []},
        "Period": MINUTE,
        "Stat": "Sum",
    }
    return {"Id": name, "MetricStat": stat, "ReturnData": False, **more}


MATH = {
    "EvaluationPeriods": 1,
    "ComparisonOperator": "GreaterThanThreshold",
    "Threshold": 5.0,
    "Metrics": [
        query("m1"),
        query("m2", "Requests"),
        {
            "Id": "rate",
            "Expression": "IF(m2>=20, m1/m2*100, 0)",
            "Label": "Errors %",
            "ReturnData": True,
        },
    ],
}


def test_an_alarm_goes_through_its_states(cloud: Cloud) -> None:
    alarm = cloud.put("errors")
    assert (alarm.state, alarm.reason) == (
        "INSUFFICIENT_DATA",
        "Unchecked: Initial alarm creation",
    )
    cloud.evaluate()
    assert cloud.state("errors") == "INSUFFICIENT_DATA"
    assert cloud.messages() == []

    cloud.minute(3)
    assert cloud.state("errors") == "OK"
    cloud.minute(2, 4)  # a sum
    assert cloud.state("errors") == "ALARM"
    cloud.minute(0)
    assert cloud.state("errors") == "OK"
    for state in ("OK", "OK", "INSUFFICIENT_DATA"):  # two more periods than needed are looked at
        cloud.minute()
        assert cloud.state("errors") == state
    assert [m["NewStateValue"] for m in cloud.messages()] == [
        "OK",
        "ALARM",
        "OK",
        "INSUFFICIENT_DATA",
    ]
    assert alarm.reason == "Insufficient Data: 1 datapoint was unknown."


def test_a_minute_that_is_not_over_does_not_count(cloud: Cloud) -> None:
    cloud.put("errors")
    cloud.minute(0)
    cloud.publish(9)
    cloud.seconds += 50

    cloud.evaluate()
    assert cloud.state("errors") == "OK"
    cloud.seconds += 10
    cloud.evaluate()
    assert cloud.state("errors") == "ALARM"


def test_the_reason_is_in_aws_words(cloud: Cloud) -> None:
    alarm = cloud.put("errors", EvaluationPeriods=3, DatapointsToAlarm=2)
    for value in (6, 0, 7.5):
        cloud.minute(value)

    assert alarm.reason == (
        "Threshold Crossed: 2 out of the last 3 datapoints [7.5 (15/01/27 08:02:00), 6.0 "
        "(15/01/27 08:00:00)] were greater than the threshold (5.0) (minimum 2 datapoints for "
        "OK -> ALARM transition)."
    )
    data = json.loads(alarm.reason_data or "")
    assert data.pop("evaluatedDatapoints")[0] == {
        "timestamp": "2027-01-15T08:02:00.000+0000",
        "value": 7.5,
    }
    assert data == {
        "version": "1.0",
        "queryDate": "2027-01-15T08:03:00.000+0000",
        "startDate": "2027-01-15T08:00:00.000+0000",
        "statistic": "Sum",
        "period": 60,
        "recentDatapoints": [6.0, 0.0, 7.5],
        "threshold": 5.0,
    }
    cloud.minute(1)
    assert alarm.reason == (
        "Threshold Crossed: 2 out of the last 3 datapoints [1.0 (15/01/27 08:03:00), 0.0 "
        "(15/01/27 08:01:00)] were not greater than the threshold (5.0) (minimum 2 datapoints for "
        "ALARM -> OK transition)."
    )


@pytest.mark.parametrize(
    ("missing", "state", "reason"),
    [
        (
            "breaching",
            "ALARM",
            (
                "Threshold Crossed: no datapoints were received for 2 periods and 2 missing "
                "datapoints were treated as [Breaching]."
            ),
        ),
        (
            "notBreaching",
            "OK",
            (
                "Threshold Crossed: no datapoints were received for 2 periods and 2 missing "
                "datapoints were treated as [NonBreaching]."
            ),
        ),
        ("missing", "INSUFFICIENT_DATA", "Unchecked: Initial alarm creation"),
        ("ignore", "INSUFFICIENT_DATA", "Unchecked: Initial alarm creation"),
    ],
)
def test_missing_data(cloud: Cloud, missing: str, state: str, reason: str) -> None:
    alarm = cloud.put("errors", EvaluationPeriods=2, TreatMissingData=missing)
    cloud.minute()
    assert (alarm.state, alarm.reason) == (state, reason)


def test_one_missing_point(cloud: Cloud) -> None:
    alarm = cloud.put("errors", EvaluationPeriods=2, TreatMissingData="breaching")
    cloud.minute(9)
    assert alarm.reason == (
        "Threshold Crossed: 1 datapoint was received for 2 periods and 1 missing datapoint was "
        "treated as [Breaching]."
    )


def test_dynamodb_ignores_missing_data(cloud: Cloud) -> None:
    cloud.put("throttles", Namespace="AWS/DynamoDB", TreatMissingData="breaching")
    cloud.minute()
    assert cloud.state("throttles") == "INSUFFICIENT_DATA"
    cloud.minute(9, namespace="AWS/DynamoDB")
    assert cloud.state("throttles") == "ALARM"
    for _ in range(5):
        cloud.minute()
    assert cloud.state("throttles") == "ALARM"


def test_longer_periods_slide_by_the_minute(cloud: Cloud) -> None:
    cloud.put("errors", Period=5 * MINUTE)
    cloud.seconds = 2.0 * MINUTE
    cloud.minute(4)
    assert cloud.state("errors") == "OK"
    cloud.minute(4)
    assert cloud.state("errors") == "ALARM"
    for _ in range(4):
        cloud.minute(0)
    assert cloud.state("errors") == "OK"


@pytest.mark.parametrize(
    ("operator", "states"),
    [
        ("GreaterThanThreshold", "OK OK ALARM"),
        ("GreaterThanOrEqualToThreshold", "OK ALARM ALARM"),
        ("LessThanThreshold", "ALARM OK OK"),
        ("LessThanOrEqualToThreshold", "ALARM ALARM OK"),
    ],
)
def test_comparisons(cloud: Cloud, operator: str, states: str) -> None:
    alarm = cloud.put("errors", ComparisonOperator=operator)
    found = []
    for value in (4, 5, 6):
        cloud.minute(value)
        found.append(alarm.state)
    assert " ".join(found) == states


def test_percentiles_of_few_samples_are_ignored_if_told_so(cloud: Cloud) -> None:
    settings = {"Statistic": None, "ExtendedStatistic": "p95"}
    evaluated = cloud.put("evaluated", **settings)
    ignoring = cloud.put("ignoring", **settings, EvaluateLowSampleCountPercentile="ignore")

    cloud.minute(*[9] * 199)
    assert (evaluated.state, ignoring.state) == ("ALARM", "INSUFFICIENT_DATA")
    cloud.minute(*[9] * 200)
    assert ignoring.state == "ALARM"
    cloud.minute(0)
    assert (evaluated.state, ignoring.state) == ("OK", "ALARM")


def test_metric_math(cloud: Cloud) -> None:
    cloud.put("rate", **MATH)
    for errors, requests, state in ((1, 10, "OK"), (1, 20, "OK"), (2, 20, "ALARM"), (9, 19, "OK")):
        cloud.publish(requests, name="Requests")
        cloud.minute(errors)
        assert cloud.state("rate") == state


def test_an_expression_without_a_series_does_not_end_the_evaluation(cloud: Cloud) -> None:
    metrics = [query("m1"), {"Id": "e1", "Expression": "SUM(m1)"}]
    broken = cloud.put("broken", **MATH | {"Metrics": metrics})
    alarm = cloud.put("errors")
    cloud.minute(9)
    assert (broken.state, alarm.state) == ("INSUFFICIENT_DATA", "ALARM")


def test_anomaly_detection_waits_for_a_model_that_nothing_trains(cloud: Cloud) -> None:
    metrics = [
        query("m1", ReturnData=True),
        {"Id": "band", "Expression": "ANOMALY_DETECTION_BAND(m1, 2)", "ReturnData": True},
    ]
    cloud.put(
        "anomaly",
        Metrics=metrics,
        ThresholdMetricId="band",
        EvaluationPeriods=1,
        ComparisonOperator="GreaterThanUpperThreshold",
    )
    cloud.minute(9)
    assert cloud.state("anomaly") == "INSUFFICIENT_DATA"


def test_an_update_keeps_the_state(cloud: Cloud) -> None:
    cloud.put("errors")
    cloud.minute(9)
    cloud.seconds += MINUTE
    alarm = cloud.put("errors", Threshold=100.0)
    assert cloud.state("errors") == "ALARM"
    assert alarm.reason.startswith("Threshold Crossed: 1 out of")
    assert (alarm.updated, alarm.transitioned) == (START + MINUTE, START + MINUTE)
    assert alarm.configured == START + 2 * MINUTE
    cloud.evaluate()
    assert cloud.state("errors") == "OK"


def test_a_state_that_was_set_acts_and_holds_until_the_evaluation(cloud: Cloud) -> None:
    alarm = cloud.put("errors")
    cloud.minute(0)
    cloud.messages()

    cloud.alarms.set_state(alarm, Finding(state="ALARM", reason="a drill", reason_data=None))
    [sent] = cloud.messages()
    assert (alarm.state, sent["NewStateReason"]) == ("ALARM", "a drill")
    cloud.evaluate()
    assert cloud.state("errors") == "OK"
    assert [m["NewStateValue"] for m in cloud.messages()] == ["OK"]


def test_disabled_actions_are_not_done(cloud: Cloud) -> None:
    cloud.put("errors", ActionsEnabled=False)
    cloud.minute(9)
    assert cloud.state("errors") == "ALARM"
    assert cloud.messages() == []
    assert [item.item_type for item in cloud.alarms.history] == [
        "ConfigurationUpdate",
        "StateUpdate",
    ]


def test_the_message_is_cloudwatchs(cloud: Cloud) -> None:
    cloud.put("errors", AlarmDescription="too many")
    cloud.minute(9)
    [sent] = cloud.messages()
    trigger = sent.pop("Trigger")

    assert sent == {
        "Subject": 'ALARM: "errors" in EU (Ireland)',
        "AlarmName": "errors",
        "AlarmDescription": "too many",
        "AWSAccountId": cloud.account_id,
        "AlarmConfigurationUpdatedTimestamp": "2027-01-15T08:00:00.000+0000",
        "NewStateValue": "ALARM",
        "NewStateReason": "Threshold Crossed: 1 out of the last 1 datapoints [9.0 (15/01/27 "
        "08:00:00)] was greater than the threshold (5.0) (minimum 1 datapoint for OK -> ALARM "
        "transition).",
        "StateChangeTime": "2027-01-15T08:01:00.000+0000",
        "Region": "EU (Ireland)",
        "AlarmArn": f"arn:aws:cloudwatch:eu-west-1:{cloud.account_id}:alarm:errors",
        "OldStateValue": "INSUFFICIENT_DATA",
        "OKActions": [cloud.topic.arn],
        "AlarmActions": [cloud.topic.arn],
        "InsufficientDataActions": [cloud.topic.arn],
    }
    assert trigger == {
        "MetricName": "Errors",
        "Namespace": "App",
        "StatisticType": "Statistic",
        "Statistic": "SUM",
        "Unit": None,
        "Dimensions": [],
        "Period": 60,
        "EvaluationPeriods": 1,
        "DatapointsToAlarm": 1,
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 5.0,
        "TreatMissingData": "missing",
        "EvaluateLowSampleCountPercentile": "",
    }


def test_the_message_of_an_expression_has_its_metrics(cloud: Cloud) -> None:
    cloud.put("rate", **MATH)
    cloud.publish(50, name="Requests")
    cloud.minute(9)

    [sent] = cloud.messages()
    metrics = {each["Id"]: each for each in sent["Trigger"]["Metrics"]}

    assert metrics["rate"] == {
        "Id": "rate",
        "Expression": "IF(m2>=20, m1/m2*100, 0)",
        "Label": "Errors %",
        "ReturnData": True,
    }
    assert metrics["m1"]["MetricStat"]["Metric"]["MetricName"] == "Errors"
    assert "MetricName" not in sent["Trigger"]


def test_history_has_settings_states_and_actions(cloud: Cloud) -> None:
    alarm = cloud.put("errors")
    cloud.minute(9)
    cloud.put("errors", Threshold=100.0)
    cloud.alarms.delete(["errors"])

    assert [(item.item_type, item.summary) for item in cloud.alarms.history] == [
        ("ConfigurationUpdate", 'Alarm "errors" created'),
        ("StateUpdate", "Alarm updated from INSUFFICIENT_DATA to ALARM"),
        ("Action", f"Successfully executed action {cloud.topic.arn}"),
        ("ConfigurationUpdate", 'Alarm "errors" updated'),
        ("ConfigurationUpdate", 'Alarm "errors" deleted'),
    ]
    state, action = (json.loads(cloud.alarms.history[n].describe()["HistoryData"]) for n in (1, 2))
    assert state["oldState"]["stateValue"] == "INSUFFICIENT_DATA"
    assert state["newState"]["stateReason"] == alarm.reason
    assert action["actionState"] == "Succeeded"
    assert json.loads(action["publishedMessage"])["AlarmName"] == "errors"
    assert {item.at for item in cloud.alarms.history} == {START, START + MINUTE}


def test_settings_of_the_tests_are_an_alarm_that_aws_takes(cloud: Cloud) -> None:
    described = cloud.put("errors").describe()
    assert described.items() >= THRESHOLD.items()
    assert described["Dimensions"] == []
