"""The message that an alarm sends to an SNS topic, as CloudWatch's own."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any

import botocore.session

from emulator.cloudwatch.alarm import ACTIONS, Alarm
from emulator.cloudwatch.state import State
from emulator.cloudwatch.times import iso

_LONGEST_SUBJECT = 100


def message(alarm: Alarm, old_state: State) -> str:
    """Gives the message of an alarm's change to its present state, as JSON."""
    settings = alarm.configuration
    body: dict[str, Any] = {
        "AlarmName": alarm.name,
        "AlarmDescription": settings.get("AlarmDescription"),
        "AWSAccountId": alarm.account_id,
        "AlarmConfigurationUpdatedTimestamp": iso(alarm.configured),
        "NewStateValue": alarm.state,
        "NewStateReason": alarm.reason,
        "StateChangeTime": iso(alarm.transitioned),
        "Region": region_name(alarm.region),
        "AlarmArn": alarm.alarm_arn,
        "OldStateValue": old_state,
        **{name: alarm.actions(state) for state, name in ACTIONS.items()},
    }
    if alarm.kind == "MetricAlarm":
        body["Trigger"] = _trigger(settings)
    else:
        body["AlarmRule"] = settings["AlarmRule"]
        body["TriggeringChildren"] = [
            {
                "Arn": child["arn"],
                "State": {
                    "Value": child["state"]["value"],
                    "Timestamp": child["state"]["timestamp"],
                },
            }
            for child in json.loads(alarm.reason_data or "{}").get("triggeringAlarms", [])
        ]
    return json.dumps(body, separators=(",", ":"))


def subject(alarm: Alarm) -> str:
    """Gives the message's subject, such as `ALARM: "errors" in EU (Ireland)`."""
    start, end = f'{alarm.state}: "', f'" in {region_name(alarm.region)}'
    left = _LONGEST_SUBJECT - len(start) - len(end)
    name = alarm.name if len(alarm.name) <= left else f"{alarm.name[: left - 3]}..."
    return f"{start}{name}{end}"


@functools.cache
def region_name(region: str) -> str:
    """Gives a region's full name, such as `EU (Ireland)`: alarms keep the older name of Europe."""
    endpoints = botocore.session.get_session().get_data("endpoints")
    for partition in endpoints["partitions"]:
        if region in partition["regions"]:
            name: str = partition["regions"][region]["description"]
            return name.replace("Europe (", "EU (")
    return region


def _trigger(settings: Mapping[str, Any]) -> dict[str, Any]:
    compared = {
        "EvaluationPeriods": settings["EvaluationPeriods"],
        "DatapointsToAlarm": settings.get("DatapointsToAlarm") or settings["EvaluationPeriods"],
        "ComparisonOperator": settings["ComparisonOperator"],
        "TreatMissingData": settings.get("TreatMissingData") or "missing",
        "EvaluateLowSampleCountPercentile": settings.get("EvaluateLowSampleCountPercentile") or "",
    }
    if settings.get("ThresholdMetricId"):
        compared["ThresholdMetricId"] = settings["ThresholdMetricId"]
    else:
        compared["Threshold"] = float(settings["Threshold"])
    if settings.get("Metrics"):
        return compared | {"Metrics": [_query(query) for query in settings["Metrics"]]}
    statistic = settings.get("Statistic")
    return {
        "MetricName": settings["MetricName"],
        "Namespace": settings["Namespace"],
        "StatisticType": "Statistic" if statistic else "ExtendedStatistic",
        **(
            {"Statistic": statistic.upper()}
            if statistic
            else {"ExtendedStatistic": settings["ExtendedStatistic"]}
        ),
        "Unit": settings.get("Unit"),
        "Dimensions": _dimensions(settings),
        "Period": settings["Period"],
        **compared,
    }


def _query(query: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {
        name: query[name] for name in ("Id", "Expression", "Label") if query.get(name)
    }
    stat = query.get("MetricStat")
    if stat:
        metric = {name: stat["Metric"][name] for name in ("MetricName", "Namespace")}
        made["MetricStat"] = {
            "Metric": {"Dimensions": _dimensions(stat["Metric"]), **metric},
            "Period": stat["Period"],
            "Stat": stat["Stat"],
        }
    return made | {"ReturnData": query.get("ReturnData") is not False}


def _dimensions(metric: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {"value": each["Value"], "name": each["Name"]} for each in metric.get("Dimensions") or ()
    ]
