"""The topics that alarms tell: a message that nobody gets is seen by the other topic.

Source: https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
"""

from __future__ import annotations

from collections.abc import Mapping

from modules.alerting import Severity
from modules.metrics import metric
from modules.monitoring.alarm import Alarm
from modules.monitoring.section import Section


def section(names: Mapping[Severity, str]) -> Section:
    """What is judged of the topics.

    Args:
        names: severity to the name of its topic.
    """
    other: dict[Severity, Severity] = {"critical": "warning", "warning": "critical"}
    return Section(
        title="Alerts",
        note="",
        alarms=[
            Alarm(
                slug="notifications-failed",
                of=severity,
                meaning=f"Messages of the {severity} topic did not reach a subscriber.",
                value=metric("AWS/SNS", "NumberOfNotificationsFailed", "Sum", {"TopicName": name}),
                comparison=">",
                threshold=0,
                points=1,
                # Few alarms go off: five minutes in a row would never fail.
                missing="notBreaching",
                severity=other[severity],
            )
            for severity, name in names.items()
        ],
    )
