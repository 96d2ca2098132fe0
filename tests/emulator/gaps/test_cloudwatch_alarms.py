"""Gaps of CloudWatch's alarms. What they find and do is tested in tests/emulator/cloudwatch."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator.identity import DEFAULT_ACCOUNT
from tests.emulator.conftest import Aws

SETTINGS = {
    "Namespace": "Gaps",
    "MetricName": "Never",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 5,
    "ComparisonOperator": "GreaterThanThreshold",
    "TreatMissingData": "ignore",
}


def put(cloudwatch: Any, name: str, **settings: Any) -> None:
    cloudwatch.put_metric_alarm(AlarmName=name, **SETTINGS | settings)


def described(cloudwatch: Any, name: str) -> dict[str, Any]:
    [alarm] = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return dict(alarm)


@pytest.mark.gap("cloudwatch/evaluated-alarms")
def test_a_new_alarm_has_insufficient_data_and_an_update_keeps_its_state(aws: Aws) -> None:
    cloudwatch = aws("cloudwatch")
    put(cloudwatch, "new", Dimensions=[{"Name": "F", "Value": "f"}], AlarmDescription="text")
    alarm = described(cloudwatch, "new")
    assert alarm.items() >= (SETTINGS | {"AlarmDescription": "text"}).items()
    assert alarm["Dimensions"] == [{"Name": "F", "Value": "f"}]
    assert (alarm["StateValue"], alarm["StateReason"]) == (
        "INSUFFICIENT_DATA",
        "Unchecked: Initial alarm creation",
    )

    cloudwatch.set_alarm_state(AlarmName="new", StateValue="ALARM", StateReason="tried")
    put(cloudwatch, "new", Threshold=6)

    alarm = described(cloudwatch, "new")
    assert (alarm["Threshold"], alarm["StateValue"], alarm["StateReason"]) == (6, "ALARM", "tried")


@pytest.mark.gap("cloudwatch/evaluated-alarms")
def test_set_alarm_state_notifies(aws: Aws) -> None:
    topic = aws("sns").create_topic(Name="alarm-topic")["TopicArn"]
    queue = aws("sqs").create_queue(QueueName="alarm-queue")["QueueUrl"]
    arn = aws("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    aws("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn["Attributes"]["QueueArn"])
    put(aws("cloudwatch"), "notifies", AlarmActions=[topic])

    aws("cloudwatch").set_alarm_state(AlarmName="notifies", StateValue="ALARM", StateReason="x")

    [message] = aws("sqs").receive_message(QueueUrl=queue)["Messages"]
    assert 'ALARM: \\"notifies\\" in US East (N. Virginia)' in message["Body"]


@pytest.mark.gap("cloudwatch/evaluated-alarms")
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"Period": 3600, "EvaluationPeriods": 169}, "across more than 7 days"),
        ({"ComparisonOperator": "LessThanLowerThreshold"}, "only valid for an anomaly"),
        ({"ExtendedStatistic": "p95"}, "Exactly one of Statistic and ExtendedStatistic"),
    ],
)
def test_what_aws_refuses(aws: Aws, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ClientError, match=message) as error:
        put(aws("cloudwatch"), "refused", **changes)
    assert error.value.response["Error"]["Code"] == "ValidationError"


@pytest.mark.gap("cloudwatch/evaluated-alarms")
def test_alarms_of_a_metric(aws: Aws) -> None:
    put(aws("cloudwatch"), "of-a-metric", MetricName="Chosen")
    [alarm] = aws("cloudwatch").describe_alarms_for_metric(Namespace="Gaps", MetricName="Chosen")[
        "MetricAlarms"
    ]
    assert alarm["StateValue"] == "INSUFFICIENT_DATA"


@pytest.mark.gap("cloudwatch/composite-alarms")
def test_composite_alarms(aws: Aws) -> None:
    cloudwatch = aws("cloudwatch")
    for name in ("child", "quiet"):
        put(cloudwatch, name)
    cloudwatch.put_composite_alarm(
        AlarmName="parent",
        AlarmRule='ALARM("child")',
        ActionsSuppressor="quiet",
        ActionsSuppressorWaitPeriod=60,
        ActionsSuppressorExtensionPeriod=120,
        Tags=[{"Key": "Owner", "Value": "us"}],
    )

    assert cloudwatch.describe_alarms(AlarmNames=["parent"])["CompositeAlarms"] == []
    [alarm] = cloudwatch.describe_alarms(AlarmNames=["parent"], AlarmTypes=["CompositeAlarm"])[
        "CompositeAlarms"
    ]
    assert alarm["AlarmArn"] == f"arn:aws:cloudwatch:us-east-1:{DEFAULT_ACCOUNT}:alarm:parent"
    assert (alarm["ActionsSuppressor"], alarm["ActionsSuppressorExtensionPeriod"]) == ("quiet", 120)
    tags = cloudwatch.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
    assert tags == [{"Key": "Owner", "Value": "us"}]
    [child] = cloudwatch.describe_alarms(ChildrenOfAlarmName="parent")["MetricAlarms"]
    assert child["AlarmName"] == "child"
    parents = cloudwatch.describe_alarms(ParentsOfAlarmName="child")["CompositeAlarms"]
    assert [each["AlarmName"] for each in parents] == ["parent"]

    with pytest.raises(ClientError, match=r"Cannot delete child as there are composite alarm\(s\)"):
        cloudwatch.delete_alarms(AlarmNames=["child"])
    cloudwatch.delete_alarms(AlarmNames=["parent"])
    cloudwatch.delete_alarms(AlarmNames=["child", "quiet"])
    with pytest.raises(ClientError, match="ResourceNotFound"):
        cloudwatch.delete_alarms(AlarmNames=["child"])


@pytest.mark.gap("cloudwatch/composite-alarms")
def test_a_composite_alarm_needs_its_children(aws: Aws) -> None:
    with pytest.raises(ClientError, match=r"as alarms \[nobody\] in the alarm rule do not exist"):
        aws("cloudwatch").put_composite_alarm(AlarmName="orphan", AlarmRule="ALARM(nobody)")


@pytest.mark.gap("cloudwatch/alarm-history")
def test_history(aws: Aws) -> None:
    cloudwatch = aws("cloudwatch")
    put(cloudwatch, "history")
    for state in ("ALARM", "OK"):
        cloudwatch.set_alarm_state(AlarmName="history", StateValue=state, StateReason="x")

    def summaries(**asked: Any) -> list[str]:
        pages = cloudwatch.get_paginator("describe_alarm_history").paginate(
            AlarmName="history", PaginationConfig={"PageSize": 2}, **asked
        )
        return [item["HistorySummary"] for page in pages for item in page["AlarmHistoryItems"]]

    newest_first = [
        "Alarm updated from ALARM to OK",
        "Alarm updated from INSUFFICIENT_DATA to ALARM",
        'Alarm "history" created',
    ]
    assert summaries() == newest_first
    assert summaries(ScanBy="TimestampAscending") == newest_first[::-1]
    assert summaries(HistoryItemType="ConfigurationUpdate") == newest_first[2:]
    assert summaries(AlarmTypes=["CompositeAlarm"]) == []


@pytest.mark.gap("cloudwatch/switched-actions")
def test_actions_are_switched(aws: Aws) -> None:
    cloudwatch = aws("cloudwatch")
    put(cloudwatch, "switched", AlarmActions=["arn:aws:sns:us-east-1:111122223333:none"])

    def actions() -> int:
        for state in ("OK", "ALARM"):
            cloudwatch.set_alarm_state(AlarmName="switched", StateValue=state, StateReason="x")
        return len(
            cloudwatch.describe_alarm_history(AlarmName="switched", HistoryItemType="Action")[
                "AlarmHistoryItems"
            ]
        )

    cloudwatch.disable_alarm_actions(AlarmNames=["switched"])
    assert not described(cloudwatch, "switched")["ActionsEnabled"]
    assert actions() == 0
    cloudwatch.enable_alarm_actions(AlarmNames=["switched"])
    assert actions() == 1
