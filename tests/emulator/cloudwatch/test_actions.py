"""An alarm notifies only a topic, and a key, that let it; else only its history tells."""

from __future__ import annotations

import json
from typing import Any

import pytest
from moto.kms.models import kms_backends
from moto.sns.models import sns_backends

from tests.emulator.cloudwatch.conftest import REGION, Cloud

PUBLISH = "CloudWatch Alarms is not authorized to perform: SNS:Publish on resource: "
KEY = "CloudWatch Alarms does not have authorization to access the SNS topic encryption key."
CLOUDWATCH = {"Service": "cloudwatch.amazonaws.com"}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def allow(*actions: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": CLOUDWATCH, "Action": actions, "Resource": "*", **more}


def tried(cloud: Cloud) -> str | None:
    """Raises an alarm; gives what its action failed with, None if its message arrived."""
    name = f"alarm-{len(cloud.alarms.by_name)}"
    cloud.put(name, TreatMissingData="breaching")
    cloud.minute()
    item = cloud.alarms.history[-1]
    assert item.item_type == "Action"
    sent = [message["AlarmName"] for message in cloud.messages()]
    failed: str | None = item.data["error"]
    assert sent == ([] if failed else [name])
    assert item.summary.startswith("Failed" if failed else "Successfully")
    return failed


def test_a_topics_first_policy_lets_alarms_of_its_account_notify(cloud: Cloud) -> None:
    assert tried(cloud) is None


@pytest.mark.parametrize(
    ("statements", "allowed"),
    [
        ([allow("sns:Publish")], True),
        ([allow("SNS:*")], True),
        ([], False),
        ([allow("sns:Subscribe")], False),
        ([allow("sns:Publish", Principal={"Service": "events.amazonaws.com"})], False),
        ([allow("sns:Publish", Principal={"AWS": "*"})], True),
        ([allow("sns:Publish", Principal={"AWS": "111122223333"})], False),
        ([allow("sns:Publish", Resource="arn:aws:sns:*:*:other")], False),
        ([allow("sns:Publish"), allow("sns:Publish", Effect="Deny")], False),
        (
            [
                allow("sns:Publish"),
                allow(
                    "sns:Publish",
                    Effect="Deny",
                    Principal="*",
                    Condition={"Bool": {"aws:SecureTransport": "false"}},
                ),
            ],
            True,
        ),
        (
            [
                allow(
                    "sns:Publish",
                    Condition={"ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:*:*:alarm:*"}},
                )
            ],
            True,
        ),
        (
            [allow("sns:Publish", Condition={"StringEquals": {"aws:SourceAccount": "other"}})],
            False,
        ),
        (
            [allow("sns:Publish", Condition={"StringNotEquals": {"aws:SourceAccount": "other"}})],
            True,
        ),
        ([allow("sns:Publish", Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})], False),
    ],
)
def test_the_topics_policy_decides(
    cloud: Cloud, statements: list[dict[str, Any]], allowed: bool
) -> None:
    cloud.topic.policy = policy(*statements)
    assert tried(cloud) == (None if allowed else f"{PUBLISH}{cloud.topic.arn}")


@pytest.mark.parametrize(
    ("statements", "allowed"),
    [
        ([allow("kms:Decrypt", "kms:GenerateDataKey*")], True),
        ([allow("kms:*")], True),
        ([allow("kms:Decrypt")], False),
        ([allow("kms:GenerateDataKey*")], False),
        ([allow("kms:*", Principal={"AWS": "arn:aws:iam::111122223333:root"})], False),
    ],
)
def test_the_keys_policy_decides_too(
    cloud: Cloud, statements: list[dict[str, Any]], allowed: bool
) -> None:
    cloud.topic.kms_master_key_id = cloud.key(policy(*statements))
    assert tried(cloud) == (None if allowed else KEY)


def test_sns_own_key_never_lets_cloudwatch(cloud: Cloud) -> None:
    cloud.topic.kms_master_key_id = "alias/aws/sns"
    assert tried(cloud) == KEY


def test_a_key_may_be_named_by_its_alias(cloud: Cloud) -> None:
    arn = cloud.key(policy(allow("kms:*")))
    kms_backends[cloud.account_id][REGION].create_alias(arn, "alias/topic")
    cloud.topic.kms_master_key_id = "alias/topic"
    assert tried(cloud) is None
    cloud.topic.kms_master_key_id = "alias/none"
    assert tried(cloud) == KEY


def test_what_is_no_topic_fails(cloud: Cloud) -> None:
    function = f"arn:aws:lambda:{REGION}:{cloud.account_id}:function:f"
    gone = f"{cloud.topic.arn}-gone"
    cloud.put("a", TreatMissingData="breaching", AlarmActions=[function, gone, cloud.topic.arn])
    cloud.minute()

    assert [item.data["error"] for item in list(cloud.alarms.history)[2:]] == [
        f"The emulator only does actions of SNS topics, not {function}",
        "Topic does not exist",
        None,
    ]
    assert len(cloud.messages()) == 1


def test_a_subscriber_that_is_not_there_does_not_stop_the_others(cloud: Cloud) -> None:
    sns_backends[cloud.account_id][REGION].subscribe(
        cloud.topic.arn, "http://127.0.0.1:9/nobody", "http"
    )
    cloud.put("a", TreatMissingData="breaching")
    cloud.put("b", TreatMissingData="breaching")
    cloud.minute()

    assert (cloud.state("a"), cloud.state("b")) == ("ALARM", "ALARM")
    errors = [item.data["error"] for item in cloud.alarms.history if item.item_type == "Action"]
    assert len(errors) == 2
    assert all("ConnectionError" in error for error in errors)
