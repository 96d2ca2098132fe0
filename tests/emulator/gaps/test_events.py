"""Gaps of EventBridge."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.emulator.conftest import Aws

EVENT = {"Source": "app", "DetailType": "Door", "Detail": json.dumps({"is": "open"})}


def topic_with_queue(aws: Aws, principal: str) -> tuple[str, str]:
    """A topic to which a service may publish, and the queue that gets its messages."""
    sns, sqs = aws("sns"), aws("sqs")
    arn = sns.create_topic(Name="alerts")["TopicArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": principal},
        "Action": "sns:Publish",
        "Resource": arn,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy)
    queue = sqs.create_queue(QueueName="alerts")["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    sns.subscribe(
        TopicArn=arn,
        Protocol="sqs",
        Endpoint=attributes["QueueArn"],
        Attributes={"RawMessageDelivery": "true"},
    )
    return arn, queue


def received(aws: Aws, queue: str) -> list[Any]:
    messages = aws("sqs").receive_message(QueueUrl=queue).get("Messages", [])
    return [json.loads(message["Body"]) for message in messages]


def rule_to(aws: Aws, topic: str, *, state: str = "ENABLED", **target: Any) -> None:
    events = aws("events")
    events.put_rule(Name="doors", State=state, EventPattern=json.dumps({"source": ["app"]}))
    events.put_targets(Rule="doors", Targets=[{"Id": "topic", "Arn": topic, **target}])


@pytest.mark.gap("events/topics")
def test_a_rule_publishes_the_event_to_its_topic(aws: Aws) -> None:
    topic, queue = topic_with_queue(aws, "events.amazonaws.com")
    rule_to(aws, topic)

    aws("events").put_events(Entries=[EVENT, {**EVENT, "Source": "other"}])

    [event] = received(aws, queue)
    assert event["detail"] == {"is": "open"}
    assert (event["detail-type"], event["source"], event["version"]) == ("Door", "app", "0")
    assert event["time"].endswith("Z")
    assert "ingestion-time" not in event


@pytest.mark.gap("events/topics")
def test_a_transformed_event_arrives_so(aws: Aws) -> None:
    topic, queue = topic_with_queue(aws, "events.amazonaws.com")
    paths = {"state": "$.detail.is"}
    transformer = {"InputPathsMap": paths, "InputTemplate": '"The door is <state>."'}
    rule_to(aws, topic, InputTransformer=transformer)

    aws("events").put_events(Entries=[EVENT])

    assert received(aws, queue) == ["The door is open."]


@pytest.mark.gap("events/topics")
@pytest.mark.parametrize(
    ("principal", "state"),
    [("cloudwatch.amazonaws.com", "ENABLED"), ("events.amazonaws.com", "DISABLED")],
)
def test_nothing_arrives_of_a_rule_that_may_not_or_is_off(
    aws: Aws, principal: str, state: str
) -> None:
    topic, queue = topic_with_queue(aws, principal)
    rule_to(aws, topic, state=state)

    assert aws("events").put_events(Entries=[EVENT])["FailedEntryCount"] == 0

    assert received(aws, queue) == []


@pytest.mark.gap("events/own-sources")
def test_nobody_puts_events_that_look_like_awss_own(aws: Aws) -> None:
    own = {**EVENT, "Source": "aws.signin"}
    answer = aws("events").put_events(Entries=[own, EVENT])
    assert answer["FailedEntryCount"] == 1
    refused, taken = answer["Entries"]
    assert refused["ErrorCode"] == "NotAuthorizedForSourceException"
    assert "EventId" in taken


@pytest.mark.gap("events/other-buses")
def test_a_forwarded_event_stays_what_it_was(aws: Aws) -> None:
    """Between two buses here, as between two regions."""
    topic, queue = topic_with_queue(aws, "events.amazonaws.com")
    events = aws("events")
    bus = events.create_event_bus(Name="other")["EventBusArn"]
    pattern = json.dumps({"source": ["app"]})
    events.put_rule(Name="forward", EventPattern=pattern)
    events.put_targets(Rule="forward", Targets=[{"Id": "bus", "Arn": bus}])
    events.put_rule(Name="take", EventBusName="other", EventPattern=pattern)
    events.put_targets(Rule="take", EventBusName="other", Targets=[{"Id": "topic", "Arn": topic}])
    sent = {**EVENT, "Time": 1_700_000_000, "Resources": ["arn:aws:s3:::door"]}

    events.put_events(Entries=[sent])

    [event] = received(aws, queue)
    assert event["time"] == "2023-11-14T22:13:20Z"
    assert event["resources"] == ["arn:aws:s3:::door"]
    assert event["detail"] == {"is": "open"}
