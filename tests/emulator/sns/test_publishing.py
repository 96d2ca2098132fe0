"""A service publishes where the topic's policy and the key's policy let it, with what it sends."""

from __future__ import annotations

import json
from typing import Any

import pytest

from emulator.service_policy import Caller
from emulator.sns.publishing import PublishError, publish
from tests.emulator.cloudwatch.conftest import Cloud, cloud

__all__ = ["cloud"]

EVENTS = Caller(service="events.amazonaws.com")
NOT_PUBLISH = "EventBridge is not authorized to perform: SNS:Publish"
NOT_KEY = "EventBridge does not have authorization to access the SNS topic encryption key."


def allow(*actions: str, **more: Any) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": actions,
        "Resource": "*",
        **more,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def tried(cloud: Cloud, caller: Caller = EVENTS) -> str | None:
    """What publishing failed with; None if the message arrived."""
    try:
        publish(caller, cloud.topic.arn, message='{"a": 1}', subject="s", called="EventBridge")
    except PublishError as error:
        assert cloud.messages() == []
        return str(error)
    assert cloud.messages() == [{"a": 1, "Subject": "s"}]
    return None


@pytest.mark.parametrize(
    ("more", "may"),
    [
        ({}, True),
        ({"Principal": {"Service": "budgets.amazonaws.com"}}, False),
        # EventBridge sends neither: with such a condition its messages vanish.
        ({"Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}, False),
        ({"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:events:*"}}}, False),
        ({"Condition": {"ArnLikeIfExists": {"aws:SourceArn": "arn:aws:events:*"}}}, True),
    ],
)
def test_a_service_that_sends_no_source_meets_no_condition_on_it(
    cloud: Cloud, more: dict[str, Any], may: bool
) -> None:
    cloud.topic.policy = allow("sns:Publish", **more)
    failed = tried(cloud)
    assert failed is None if may else failed and failed.startswith(NOT_PUBLISH)


def test_a_topics_first_policy_is_for_who_acts_for_its_account(cloud: Cloud) -> None:
    assert (tried(cloud) or "").startswith(NOT_PUBLISH)
    budgets = Caller(service="budgets.amazonaws.com", account_id=cloud.account_id)
    assert tried(cloud, budgets) is None


@pytest.mark.parametrize(("topic", "may"), [("{arn}", True), ("{arn}-other", False)])
def test_the_key_knows_the_topic_that_is_encrypted(cloud: Cloud, topic: str, may: bool) -> None:
    named = topic.format(arn=cloud.topic.arn)
    cloud.topic.policy = allow("sns:Publish")
    cloud.topic.kms_master_key_id = cloud.key(
        allow(
            "kms:Decrypt",
            "kms:GenerateDataKey*",
            Condition={"StringEquals": {"kms:EncryptionContext:aws:sns:topicArn": [named]}},
        )
    )
    assert tried(cloud) == (None if may else NOT_KEY)


def test_a_topic_that_is_gone_is_said(cloud: Cloud) -> None:
    with pytest.raises(PublishError, match="Topic does not exist"):
        publish(EVENTS, f"{cloud.topic.arn}-gone", message="m", subject=None, called="EventBridge")
