"""Gaps of SQS."""

from __future__ import annotations

import json

import pytest

from tests.emulator.conftest import Aws


@pytest.mark.gap("sqs/compact-redrive-policy")
def test_redrive_policy_is_compact(aws: Aws) -> None:
    sqs = aws("sqs")
    dead = sqs.create_queue(QueueName="redrive-dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    policy = f'{{"deadLetterTargetArn":"{arn}","maxReceiveCount":5}}'
    url = sqs.create_queue(QueueName="redrive", Attributes={"RedrivePolicy": policy})["QueueUrl"]

    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])

    assert answer["Attributes"]["RedrivePolicy"] == policy


@pytest.mark.gap("sqs/kept-policy")
def test_policy_survives_a_change_of_something_else(aws: Aws) -> None:
    sqs = aws("sqs")
    statement = {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    url = sqs.create_queue(QueueName="policy", Attributes={"Policy": policy})["QueueUrl"]

    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "60"})

    kept = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert (kept["Policy"], kept["VisibilityTimeout"]) == (policy, "60")
