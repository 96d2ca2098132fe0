"""What is published to an alert topic, and the line where nobody could be told."""

from __future__ import annotations

import json

import boto3
import pytest
from moto import mock_aws

from pipeline.errors import PipelineError
from pipeline.release.alert import publish_alert

REGION = "ap-southeast-1"


def test_a_message_reaches_the_topics_subscribers() -> None:
    with mock_aws():
        sns, sqs = boto3.client("sns", region_name=REGION), boto3.client("sqs", region_name=REGION)
        topic = sns.create_topic(Name="alerts")["TopicArn"]
        queue = sqs.create_queue(QueueName="people")["QueueUrl"]
        arn = "arn:aws:sqs:ap-southeast-1:123456789012:people"
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        publish_alert(topic, subject="s" * 200, text="é" * 200_000, env={})
        [got] = sqs.receive_message(QueueUrl=queue)["Messages"]
    body = json.loads(got["Body"])
    assert body["Subject"] == "s" * 100
    assert body["Message"] == "é" * 100_000, "cut at what SNS takes, between two characters"


@pytest.mark.parametrize(
    "topic", ["arn:aws:sns:ap-southeast-1:123456789012:missing", "arn:aws:sns:no where:1:x"]
)
def test_nobody_told_is_one_line(topic: str) -> None:
    with mock_aws(), pytest.raises(PipelineError) as caught:
        publish_alert(topic, subject="s", text="t", env={})
    assert str(caught.value).startswith(f"{topic}: nobody was told: ")
    assert "\n" not in str(caught.value)
