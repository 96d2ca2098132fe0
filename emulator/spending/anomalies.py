"""What happens when a service costs more than usual: whoever subscribed is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from moto.ce.models import ce_backends

from emulator.gaps.ce import subscriptions_of
from emulator.service_policy import Caller
from emulator.sns.publishing import publish
from emulator.spending.messages import anomaly_message


def find(
    account_id: str, *, service: str, expected: Decimal, actual: Decimal, now: datetime
) -> list[str]:
    """Lets the account's monitors find an anomaly. The caller holds moto's lock.

    Args:
        account_id: whose costs.
        service: that costs more than it should.
        expected: what it should have cost, USD.
        actual: what it cost, USD.
        now: in UTC.

    Returns:
        Whom it told.

    Raises:
        PublishError: a topic or its key does not let anomaly detection in.
    """
    told = []
    for subscription in subscriptions_of(ce_backends[account_id]["aws"]).values():
        if subscription["Frequency"] != "IMMEDIATE" or actual - expected < _least(subscription):
            continue
        message = anomaly_message(
            subscription["MonitorArnList"][0],
            subscription,
            account_id=account_id,
            service=service,
            expected=expected,
            actual=actual,
            now=now,
        )
        caller = Caller(service="costalerts.amazonaws.com", account_id=account_id)
        for each in subscription["Subscribers"]:
            publish(
                caller,
                each["Address"],
                message=message,
                subject="AWS Cost Management: Cost anomaly detected",
                called="AWS Cost Anomaly Detection",
            )
            told.append(f"told {each['Address']}")
    return told


def _least(subscription: Mapping[str, Any]) -> Decimal:
    """The impact from which it tells: one absolute number is all that the emulator reads."""
    dimension = subscription.get("ThresholdExpression", {}).get("Dimensions", {})
    if dimension.get("Key") == "ANOMALY_TOTAL_IMPACT_ABSOLUTE":
        return Decimal(dimension["Values"][0])
    return Decimal(str(subscription.get("Threshold", 0)))
