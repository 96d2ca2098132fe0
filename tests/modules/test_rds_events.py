"""Which of RDS's events reach which topic: rows of AWS's table of events, in its form.

Sources: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html,
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-cloud-watch-events.html and
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.events.html
"""

from __future__ import annotations

from typing import Any

import pytest
from moto.events.models import EventPattern

from docs.draw import mermaid
from tests.support.stacks import rag_stack

DATABASE, PROXY = "mapvibe-dev-database", "mapvibe-dev-database-proxy"


def event(source: str, event_id: str, *categories: str) -> dict[str, Any]:
    """An event as RDS sends it."""
    proxy = source.endswith("-proxy")
    kind = "db-proxy" if proxy else "db"
    arn = f"arn:aws:rds:ap-southeast-1:111122223333:{kind}:{source}"
    return {
        "version": "0",
        "id": "68f6e973-1a0c-d37b-f2f2-94a7f62ffd4e",
        "detail-type": "RDS DB Proxy Event" if proxy else "RDS DB Instance Event",
        "source": "aws.rds",
        "account": "111122223333",
        "time": "2018-09-27T22:36:43Z",
        "region": "ap-southeast-1",
        "resources": [arn],
        "detail": {
            "EventCategories": list(categories),
            "SourceType": "DB_PROXY" if proxy else "DB_INSTANCE",
            "SourceArn": arn,
            "Date": "2018-09-27T22:36:43.292Z",
            "Message": "something happened",
            "SourceIdentifier": source,
            "EventID": event_id,
        },
    }


def topics_of(sent: dict[str, Any]) -> list[str]:
    """Severities of the topics that hear of an event."""
    stack = rag_stack("dev")
    rules = stack.resources("aws_cloudwatch_event_rule")
    found = []
    for target in stack.resources("aws_cloudwatch_event_target").values():
        rule = rules[target["rule"].split(".")[1]]
        if EventPattern.load(rule["event_pattern"]).matches_event(sent):  # type: ignore[arg-type]
            found.append(target["arn"].split("alerts_")[1].partition("_")[0])
    return found


@pytest.mark.parametrize(
    ("source", "event_id", "categories", "heard"),
    [
        (DATABASE, "RDS-EVENT-0003", ["deletion"], ["critical"]),
        (DATABASE, "RDS-EVENT-0031", ["failure"], ["critical"]),
        (DATABASE, "RDS-EVENT-0035", ["failure"], ["critical"]),
        (DATABASE, "RDS-EVENT-0223", ["failure"], ["critical"]),
        (DATABASE, "RDS-EVENT-0007", ["low storage"], ["critical"]),
        (DATABASE, "RDS-EVENT-0089", ["low storage"], ["critical"]),
        (DATABASE, "RDS-EVENT-0221", ["availability"], ["critical"]),
        (DATABASE, "RDS-EVENT-0222", ["availability"], ["critical"]),
        (DATABASE, "RDS-EVENT-0028", ["configuration change"], ["critical"]),
        (PROXY, "RDS-EVENT-0243", ["failure"], ["critical"]),
        (PROXY, "RDS-EVENT-0275", ["failure"], ["critical"]),
        (PROXY, "RDS-EVENT-0205", ["deletion"], ["critical"]),
        (DATABASE, "RDS-EVENT-9999", ["failure"], ["critical"]),  # AWS adds events
        # Only the part of the alarm that waits is doubled, never a call at night.
        (DATABASE, "RDS-EVENT-0195", ["maintenance", "failure"], ["critical", "warning"]),
        (DATABASE, "RDS-EVENT-0004", ["availability"], ["warning"]),
        (DATABASE, "RDS-EVENT-0006", ["availability"], ["warning"]),
        (DATABASE, "RDS-EVENT-0013", ["failover"], ["warning"]),
        (DATABASE, "RDS-EVENT-0049", ["failover"], ["warning"]),
        (DATABASE, "RDS-EVENT-0026", ["maintenance"], ["warning"]),
        (DATABASE, "RDS-EVENT-0155", ["maintenance"], ["warning"]),
        (DATABASE, "RDS-EVENT-0087", ["notification"], ["warning"]),
        (DATABASE, "RDS-EVENT-0020", ["recovery"], ["warning"]),
        (DATABASE, "RDS-EVENT-0043", ["restoration"], ["warning"]),
        (DATABASE, "RDS-EVENT-0219", ["failure"], ["warning"]),
        (DATABASE, "RDS-EVENT-0220", ["failure"], ["warning"]),
        (DATABASE, "RDS-EVENT-0237", ["failure"], ["warning"]),
        (DATABASE, "RDS-EVENT-0001", ["backup"], []),
        (DATABASE, "RDS-EVENT-0014", ["configuration change"], []),
        (DATABASE, "RDS-EVENT-0005", ["creation"], []),
        (PROXY, "RDS-EVENT-0213", ["configuration change"], []),
        ("mapvibe-dev-database-2", "RDS-EVENT-0031", ["failure"], []),
        ("mapvibe-prod-database", "RDS-EVENT-0031", ["failure"], []),
    ],
)
def test_events_reach_the_topic_of_their_severity(
    source: str, event_id: str, categories: list[str], heard: list[str]
) -> None:
    assert sorted(topics_of(event(source, event_id, *categories))) == heard


def test_events_of_others_reach_nobody() -> None:
    sent = event(DATABASE, "RDS-EVENT-0031", "failure")
    assert topics_of(sent | {"source": "app"}) == []
    assert topics_of(sent | {"detail-type": "RDS DB Snapshot Event"}) == []


def test_without_a_proxy_the_instances_are_heard() -> None:
    rules = rag_stack("dev", rag__database__proxy=None).resources("aws_cloudwatch_event_rule")
    assert rules
    for body in rules.values():
        pattern = EventPattern.load(body["event_pattern"]).get_pattern()
        assert pattern["detail"]["SourceIdentifier"] == [DATABASE]


def test_the_picture_shows_that_the_database_tells_the_topics() -> None:
    lines = mermaid(rag_stack("dev").body).splitlines()
    told = [line for line in lines if "database_" in line and " --> alerts_" in line]
    assert len(told) == 4  # the instance and the proxy, to both topics
