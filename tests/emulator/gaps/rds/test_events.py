"""Gaps of RDS: what an instance goes through is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.emulator.conftest import Aws
from tests.emulator.gaps.rds.resources import create, instance


@pytest.mark.gap("rds/events")
def test_events_are_listed_and_reach_rules(aws: Aws) -> None:
    rds, events, sqs = aws("rds"), aws("events"), aws("sqs")
    queue = sqs.create_queue(QueueName="rds-events")["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    events.put_rule(Name="database", EventPattern=json.dumps({"source": ["aws.rds"]}))
    events.put_targets(Rule="database", Targets=[{"Id": "1", "Arn": attributes["QueueArn"]}])

    made = create(aws, "eventful")
    for operation in ("stop_db_instance", "start_db_instance", "reboot_db_instance"):
        getattr(rds, operation)(DBInstanceIdentifier="eventful")
        instance(aws, "eventful")  # a look is what lets the time pass
    listed = rds.describe_events(SourceIdentifier="eventful", SourceType="db-instance")["Events"]
    rds.delete_db_instance(DBInstanceIdentifier="eventful", SkipFinalSnapshot=True)

    told: list[dict[str, Any]] = []
    while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        told += [json.loads(message["Body"]) for message in messages]
        for message in messages:
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    seen = [(each["detail"]["EventID"], each["detail"]["EventCategories"]) for each in told]
    assert seen == [
        ("RDS-EVENT-0005", ["creation"]),
        ("RDS-EVENT-0001", ["backup"]),
        ("RDS-EVENT-0002", ["backup"]),
        ("RDS-EVENT-0087", ["notification"]),
        ("RDS-EVENT-0088", ["notification"]),
        ("RDS-EVENT-0004", ["availability"]),
        ("RDS-EVENT-0006", ["availability"]),
        ("RDS-EVENT-0003", ["deletion"]),
    ]
    for each in told:
        assert each["detail-type"] == "RDS DB Instance Event"
        assert each["resources"] == [made["DBInstanceArn"]] == [each["detail"]["SourceArn"]]
        assert each["detail"]["SourceIdentifier"] == "eventful"
    assert [each["Message"] for each in listed if "stop" in each["Message"]] == [
        "DB instance stopped."
    ]
