"""A database that is stopped and deleted tells the alert topics, by the stack's own rules and policies."""

from __future__ import annotations

import json
from typing import Any

import pytest

from emulator.control import Emulator
from tests.emulator.conftest import Aws, clients
from tests.emulator.gaps.rds.resources import create, instance
from tests.support.stacks import Stack, rag_stack

REGION = "ap-southeast-1"
DATABASE = "mapvibe-dev-database"


@pytest.fixture
def aws(emulator: Emulator, account_id: str) -> Aws:
    return clients(emulator, account_id, REGION)


def topics_with_queues(aws: Aws, stack: Stack) -> dict[str, str]:
    """Makes the stack's topics with their key and policies; severity to a queue that hears of one."""
    key = aws("kms").create_key(Policy=stack.one("aws_kms_key", "alerts")["policy"])
    queues = {}
    for name, body in stack.resources("aws_sns_topic").items():
        severity = "critical" if "critical" in name else "warning"
        arn = aws("sns").create_topic(
            Name=body["name"], Attributes={"KmsMasterKeyId": key["KeyMetadata"]["KeyId"]}
        )["TopicArn"]
        aws("sns").set_topic_attributes(
            TopicArn=arn,
            AttributeName="Policy",
            AttributeValue=stack.one("aws_sns_topic_policy", severity)["policy"],
        )
        queue = aws("sqs").create_queue(QueueName=severity)["QueueUrl"]
        attributes = aws("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
        aws("sns").subscribe(
            TopicArn=arn,
            Protocol="sqs",
            Endpoint=attributes["Attributes"]["QueueArn"],
            Attributes={"RawMessageDelivery": "true"},
        )
        queues[severity] = queue
        rule = stack.one("aws_cloudwatch_event_rule", severity)
        aws("events").put_rule(Name=rule["name"], EventPattern=rule["event_pattern"])
        aws("events").put_targets(Rule=rule["name"], Targets=[{"Id": "topic", "Arn": arn}])
    return queues


def heard(aws: Aws, queue: str) -> list[dict[str, Any]]:
    messages = aws("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
    return [json.loads(message["Body"]) for message in messages.get("Messages", [])]


def test_what_happens_to_the_database_is_told(aws: Aws, account_id: str) -> None:
    queues = topics_with_queues(aws, rag_stack("dev", account_id=account_id))
    create(aws, DATABASE, DeletionProtection=False)
    create(aws, "somebody-elses")
    for name in (DATABASE, "somebody-elses"):
        aws("rds").stop_db_instance(DBInstanceIdentifier=name)
        instance(aws, name)
        aws("rds").delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True)

    told = {severity: heard(aws, queue) for severity, queue in queues.items()}

    texts = {severity: [each["detail"]["Message"] for each in told[severity]] for severity in told}
    assert texts == {"critical": ["DB instance deleted."], "warning": ["DB instance stopped."]}
    [deleted] = told["critical"]
    assert deleted["detail"]["SourceArn"] == f"arn:aws:rds:{REGION}:{account_id}:db:{DATABASE}"
