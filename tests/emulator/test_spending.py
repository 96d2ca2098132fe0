"""Spending that somebody states: what is refused, and a topic that lets nobody in."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from emulator import control
from emulator.control import Emulator, EmulatorError
from tests.emulator.conftest import Aws, clients


@pytest.fixture
def aws(emulator: Emulator, account_id: str) -> Aws:
    return clients(emulator, account_id)


def topic_of(aws: Aws, account_id: str, service: str) -> str:
    """A topic that lets one service of the account in."""
    arn: str = aws("sns").create_topic(Name="alerts")["TopicArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sns:Publish",
        "Resource": arn,
        "Condition": {"StringEquals": {"aws:SourceAccount": account_id}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws("sns").set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy)
    return arn


def budget(aws: Aws, account_id: str, topic: str, *, kind: str = "PERCENTAGE") -> None:
    aws("budgets").create_budget(
        AccountId=account_id,
        Budget={
            "BudgetName": "b",
            "BudgetType": "COST",
            "TimeUnit": "DAILY",
            "BudgetLimit": {"Amount": "200", "Unit": "USD"},
        },
        NotificationsWithSubscribers=[
            {
                "Notification": {
                    "NotificationType": "ACTUAL",
                    "ComparisonOperator": "GREATER_THAN",
                    "Threshold": 80.0,
                    "ThresholdType": kind,
                },
                "Subscribers": [{"SubscriptionType": "SNS", "Address": topic}],
            }
        ],
    )


@pytest.mark.parametrize(("kind", "limit"), [("PERCENTAGE", 160), ("ABSOLUTE_VALUE", 80)])
def test_an_alert_goes_off_above_its_threshold_and_again_after_it_was_well(
    emulator: Emulator, aws: Aws, account_id: str, kind: str, limit: int
) -> None:
    topic = topic_of(aws, account_id, "budgets.amazonaws.com")
    budget(aws, account_id, topic, kind=kind)

    def told(actual: float) -> int:
        return len(control.spend(emulator, account_id, "b", actual=actual, forecast=0))

    assert [told(amount) for amount in (limit, limit + 1, limit + 2, 0, limit + 1)] == [
        0,
        1,
        0,
        0,
        1,
    ]
    kept = aws("budgets").describe_budget(AccountId=account_id, BudgetName="b")["Budget"]
    assert kept["CalculatedSpend"]["ActualSpend"]["Amount"] == str(limit + 1)


def test_a_topic_that_does_not_let_budgets_in(
    emulator: Emulator, aws: Aws, account_id: str
) -> None:
    budget(aws, account_id, topic_of(aws, account_id, "costalerts.amazonaws.com"))
    with pytest.raises(
        EmulatorError, match="AWS Budgets is not authorized to perform: SNS:Publish"
    ):
        control.spend(emulator, account_id, "b", actual=161, forecast=0)


def test_an_anomaly_without_a_subscription_tells_nobody(
    emulator: Emulator, account_id: str
) -> None:
    assert control.cost_anomaly(emulator, account_id, "AWS KMS", expected=0, actual=99) == []


def test_a_budget_that_is_not_there(emulator: Emulator, account_id: str) -> None:
    with pytest.raises(EmulatorError, match="the budget doesn't exist"):
        control.spend(emulator, account_id, "none", actual=1, forecast=1)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"{}", b'{"account_id": "1", "budget": "b", "actual": "much"}']
)
def test_a_body_that_says_nothing_is_one_line(emulator: Emulator, body: bytes) -> None:
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{emulator.url}/_emulator/spending", data=body, method="POST"
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=30)  # noqa: S310 - loopback
    answer: dict[str, Any] = json.load(caught.value)
    assert (caught.value.code, answer["message"].count("\n")) == (400, 0)
