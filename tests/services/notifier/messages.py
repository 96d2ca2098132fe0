"""Events as Amazon SNS sends them, with alarms as CloudWatch writes them."""

from __future__ import annotations

import json
from typing import Any

REGION, ACCOUNT = "ap-southeast-1", "111122223333"
NAME = "mapvibe-dev-api-5xx"
RUNBOOK = "https://gitlab.example.com/mapvibe/infrastructure/-/blob/main/docs/runbooks/api.md"


def event(
    message: Any, *, severity: str = "critical", subject: str | None = None
) -> dict[str, Any]:
    """An event with one message: text, or anything else as JSON."""
    return {
        "Records": [
            {
                "EventSource": "aws:sns",
                "EventVersion": "1.0",
                "Sns": {
                    "Type": "Notification",
                    "TopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:mapvibe-dev-alerts-{severity}",
                    "Subject": subject,
                    "Message": message if isinstance(message, str) else json.dumps(message),
                    "Timestamp": "2026-03-14T09:10:01.123Z",
                    "MessageAttributes": {},
                },
            }
        ]
    }


def metric_alarm(**changes: Any) -> dict[str, Any]:
    """What the alarm of a metric sends.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
    """
    return {
        "AlarmName": NAME,
        "AlarmDescription": f"More than 5 % of requests fail. Runbook: {RUNBOOK}.",
        "AWSAccountId": ACCOUNT,
        "AlarmConfigurationUpdatedTimestamp": "2026-03-01T08:00:00.000+0000",
        "NewStateValue": "ALARM",
        "NewStateReason": "Threshold Crossed: 3 datapoints were greater than the threshold (5.0).",
        "StateChangeTime": "2026-03-14T09:10:00.452+0000",
        "Region": "Asia Pacific (Singapore)",
        "AlarmArn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{NAME}",
        "OldStateValue": "OK",
        "OKActions": [],
        "AlarmActions": [],
        "InsufficientDataActions": [],
        "Trigger": {
            "MetricName": "5xx",
            "Namespace": "AWS/ApiGateway",
            "StatisticType": "Statistic",
            "Statistic": "SUM",
            "Unit": None,
            "Dimensions": [{"value": "a1b2c3", "name": "ApiId"}],
            "Period": 60,
            "EvaluationPeriods": 3,
            "ComparisonOperator": "GreaterThanThreshold",
            "Threshold": 5.0,
        },
        **changes,
    }


def composite_alarm(**changes: Any) -> dict[str, Any]:
    """What a composite alarm sends: it has a rule and children, and no trigger."""
    body = metric_alarm(
        AlarmName="mapvibe-dev-unavailable",
        AlarmArn=f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:mapvibe-dev-unavailable",
        AlarmDescription=None,
        AlarmRule=f"ALARM({NAME}) OR ALARM(mapvibe-dev-database)",
        NewStateReason=f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{NAME} transitioned to ALARM",
        TriggeringChildren=[
            {
                "Arn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{NAME}",
                "State": {"Value": "ALARM"},
            }
        ],
        **changes,
    )
    del body["Trigger"]
    return body
