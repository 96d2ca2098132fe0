"""A topic's messages reach functions that let the topic in; what fails is kept and counted."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.emulator.conftest import Aws
from tests.emulator.deployed import eventually, function, invoke


def _events(folder: Path) -> list[dict[str, Any]]:
    events = folder / "events"
    lines = events.read_text().splitlines() if events.exists() else []
    return [json.loads(line) for line in lines]


def _queue(aws: Aws, name: str) -> tuple[str, str]:
    url = aws("sqs").create_queue(QueueName=name)["QueueUrl"]
    about = aws("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return url, about["Attributes"]["QueueArn"]


def _received(aws: Aws, url: str, seconds: float = 20) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = aws("sqs").receive_message(QueueUrl=url, MessageAttributeNames=["All"])
        if answer.get("Messages"):
            return dict(answer["Messages"][0])
        time.sleep(0.05)
    raise AssertionError(f"nothing came to {url}")


def _subscribed(aws: Aws, name: str, folder: Path, **subscription: str) -> tuple[str, str]:
    """A topic whose messages go to a function's alias; gives the ARNs of topic and subscription."""
    environment = {"Variables": {"FOLDER": str(folder)}}
    function(aws, name, Timeout=30, Publish=True, Environment=environment)
    alias = aws("lambda").create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    topic = aws("sns").create_topic(Name=name)["TopicArn"]
    made = aws("sns").subscribe(
        TopicArn=topic,
        Protocol="lambda",
        Endpoint=alias["AliasArn"],
        ReturnSubscriptionArn=True,
        Attributes=subscription,
    )
    return topic, made["SubscriptionArn"]


def _admit(aws: Aws, name: str, source: str) -> None:
    aws("lambda").add_permission(
        FunctionName=name,
        Qualifier="live",
        StatementId="topic",
        Action="lambda:InvokeFunction",
        Principal="sns.amazonaws.com",
        SourceArn=source,
    )


def test_a_function_gets_the_message_as_lambda_would_hand_it_over(aws: Aws, tmp_path: Path) -> None:
    topic, subscription = _subscribed(aws, "told", tmp_path)
    _admit(aws, "told", topic)
    attributes = {"severity": {"DataType": "String", "StringValue": "critical"}}

    published = aws("sns").publish(
        TopicArn=topic, Subject="Phở", Message="hết rồi", MessageAttributes=attributes
    )

    assert eventually(lambda: _events(tmp_path))
    [record] = _events(tmp_path)[0]["event"]["Records"]
    told = record.pop("Sns")
    assert record == {
        "EventSource": "aws:sns",
        "EventVersion": "1.0",
        "EventSubscriptionArn": subscription,
    }
    assert {key: told[key] for key in ("Type", "MessageId", "TopicArn", "Subject", "Message")} == {
        "Type": "Notification",
        "MessageId": published["MessageId"],
        "TopicArn": topic,
        "Subject": "Phở",
        "Message": "hết rồi",
    }
    assert told["MessageAttributes"] == {"severity": {"Type": "String", "Value": "critical"}}
    assert told["Signature"]
    assert told["UnsubscribeUrl"].endswith(f"SubscriptionArn={subscription}")


def test_a_function_that_lets_another_topic_in_gets_nothing(aws: Aws, tmp_path: Path) -> None:
    url, dead = _queue(aws, "undelivered")
    redrive = json.dumps({"deadLetterTargetArn": dead})
    topic, _ = _subscribed(aws, "closed", tmp_path, RedrivePolicy=redrive)
    _admit(aws, "closed", f"{topic}-other")

    aws("sns").publish(TopicArn=topic, Message="refused")

    letter = json.loads(_received(aws, url)["Body"])
    assert (letter["TopicArn"], letter["Message"]) == (topic, "refused")
    assert _events(tmp_path) == []


def test_a_subscription_gets_only_what_its_filter_admits(aws: Aws, tmp_path: Path) -> None:
    policy = json.dumps({"severity": ["critical"]})
    topic, _ = _subscribed(aws, "filtered", tmp_path, FilterPolicy=policy)
    _admit(aws, "filtered", topic)

    for severity in ("warning", "critical"):
        attributes = {"severity": {"DataType": "String", "StringValue": severity}}
        aws("sns").publish(TopicArn=topic, Message=severity, MessageAttributes=attributes)

    assert eventually(lambda: _events(tmp_path))
    messages = [each["event"]["Records"][0]["Sns"]["Message"] for each in _events(tmp_path)]
    assert messages == ["critical"]


def test_an_event_that_fails_is_tried_again(aws: Aws, tmp_path: Path) -> None:
    (tmp_path / "failures").write_text("2")
    topic, _ = _subscribed(aws, "again", tmp_path)
    _admit(aws, "again", topic)

    aws("sns").publish(TopicArn=topic, Message="again")

    assert eventually(lambda: len(_events(tmp_path)) == 3)
    first, *others = _events(tmp_path)
    assert others == [first, first]


def test_an_event_that_fails_three_times_is_a_dead_letter(aws: Aws, tmp_path: Path) -> None:
    (tmp_path / "failures").write_text("9")
    url, dead = _queue(aws, "dead")
    function(
        aws,
        "hopeless",
        Timeout=30,
        Environment={"Variables": {"FOLDER": str(tmp_path)}},
        DeadLetterConfig={"TargetArn": dead},
    )

    invoke(aws, "hopeless", {"dish": "bánh mì"}, InvocationType="Event")

    letter = _received(aws, url)
    told = {key: each["StringValue"] for key, each in letter["MessageAttributes"].items()}
    assert json.loads(letter["Body"]) == {"dish": "bánh mì"}
    assert len(_events(tmp_path)) == 3
    assert told == {
        "RequestID": _events(tmp_path)[0]["id"],
        "ErrorCode": "200",
        "ErrorMessage": "not today",
    }


def test_dead_letters_may_go_to_a_topic(aws: Aws, tmp_path: Path) -> None:
    (tmp_path / "failures").write_text("9")
    topic = aws("sns").create_topic(Name="dead")["TopicArn"]
    url, queue = _queue(aws, "of-the-topic")
    aws("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    function(
        aws,
        "noisy",
        Timeout=30,
        Environment={"Variables": {"FOLDER": str(tmp_path)}},
        DeadLetterConfig={"TargetArn": topic},
    )

    invoke(aws, "noisy", {"n": 1}, InvocationType="Event")

    letter = json.loads(_received(aws, url)["Body"])
    assert json.loads(letter["Message"]) == {"n": 1}
    assert letter["MessageAttributes"]["ErrorMessage"]["Value"] == "not today"


def _counted(aws: Aws, topic: str) -> dict[str, float]:
    """The sums of a topic's metrics."""
    cloudwatch = aws("cloudwatch")
    now = datetime.now(UTC)
    found = {}
    for metric in cloudwatch.list_metrics(Namespace="AWS/SNS")["Metrics"]:
        assert metric["Dimensions"] == [{"Name": "TopicName", "Value": topic}]
        points = cloudwatch.get_metric_statistics(
            **metric,
            StartTime=now - timedelta(minutes=10),
            EndTime=now + timedelta(minutes=1),
            Period=3600,
            Statistics=["Sum"],
        )["Datapoints"]
        found[metric["MetricName"]] = sum(point["Sum"] for point in points)
    return found


def test_cloudwatch_learns_what_a_topic_did(aws: Aws, tmp_path: Path) -> None:
    policy = json.dumps({"severity": ["critical"]})
    topic, _ = _subscribed(aws, "counted", tmp_path, FilterPolicy=policy)
    critical = {"severity": {"DataType": "String", "StringValue": "critical"}}

    aws("sns").publish(TopicArn=topic, Message="phở", MessageAttributes=critical)
    assert eventually(lambda: "NumberOfNotificationsFailed" in _counted(aws, "counted"))
    _admit(aws, "counted", topic)
    aws("sns").publish(TopicArn=topic, Message="bún", MessageAttributes=critical)
    aws("sns").publish(TopicArn=topic, Message="mì")

    assert eventually(lambda: "NumberOfNotificationsDelivered" in _counted(aws, "counted"))
    assert _counted(aws, "counted") == {
        "NumberOfMessagesPublished": 3,
        "PublishSize": 12,
        "NumberOfNotificationsFailed": 1,
        "NumberOfNotificationsDelivered": 1,
        "NumberOfNotificationsFilteredOut": 1,
    }
