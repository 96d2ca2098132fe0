"""What AWS Budgets and Cost Anomaly Detection publish.

AWS documents no form of a budget's text; it is that of messages which others have kept.

Sources: https://github.com/cds-snc/sre-bot (tests of aws_sns_notifications) and
https://docs.aws.amazon.com/cost-management/latest/userguide/manage-ad.html
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

_CONSOLE = "https://console.aws.amazon.com"
_PERIODS = {"MONTHLY": "month", "DAILY": "day", "QUARTERLY": "quarter", "ANNUALLY": "year"}


def budget_subject(name: str) -> str:
    """The subject of a budget's message."""
    return f"AWS Budgets: {name} has exceeded your alert threshold"


def budget_message(
    budget: Mapping[str, Any],
    alert: Mapping[str, Any],
    *,
    account_id: str,
    amount: Decimal,
    threshold: Decimal,
    now: datetime,
) -> str:
    """The text of a budget that passed a threshold.

    Args:
        budget: as the API shows it.
        alert: the notification that goes off.
        account_id: whose budget.
        amount: what was spent or is forecast.
        threshold: what it passed.
        now: in UTC.
    """
    name, kind = budget["BudgetName"], alert["NotificationType"]
    cost, period = f"{kind} Cost associated with", _PERIODS[budget["TimeUnit"]]
    return (
        f"AWS Budget Notification {now:%B} {now.day}, {now.year}\nAWS Account {account_id}\n\n"
        "Dear AWS Customer,\n\n"
        f"You requested that we alert you when the {cost} your {name} budget is greater than "
        f"{_usd(threshold)} for the current {period}. The {cost} this budget is {_usd(amount)}. "
        "You can find additional details below and by accessing the AWS Budgets dashboard [1].\n\n"
        f"Budget Name: {name}\nBudget Type: Cost\n"
        f"Budgeted Amount: {_usd(Decimal(budget['BudgetLimit']['Amount']))}\n"
        f"Alert Type: {kind}\nAlert Threshold: > {_usd(threshold)}\n{kind} Amount: {_usd(amount)}\n\n"
        f"[1] {_CONSOLE}/billing/home#/budgets\n"
    )


def anomaly_message(
    monitor_arn: str,
    subscription: Mapping[str, Any],
    *,
    account_id: str,
    service: str,
    expected: Decimal,
    actual: Decimal,
    now: datetime,
) -> str:
    """The JSON of an anomaly.

    Args:
        monitor_arn: of the monitor that found it.
        subscription: by which it is told.
        account_id: whose costs.
        service: that costs more.
        expected: what it should have cost, USD.
        actual: what it cost, USD.
        now: in UTC.
    """
    anomaly, monitor = str(uuid.uuid4()), monitor_arn.rpartition("/")[2]
    impact, day = float(actual - expected), f"{now:%Y-%m-%d}T00:00:00Z"
    cause = {"linkedAccount": account_id, "service": service, "region": "", "usageType": ""}
    message = {
        "accountId": account_id,
        "anomalyDetailsLink": f"{_CONSOLE}/cost-management/home#/anomaly-detection/monitors/"
        f"{monitor}/anomalies/{anomaly}",
        "anomalyEndDate": day,
        "anomalyId": anomaly,
        "anomalyScore": {"currentScore": 1.0, "maxScore": 1.0},
        "anomalyStartDate": day,
        "dimensionalValue": service,
        "impact": {
            "maxImpact": impact,
            "totalActualSpend": float(actual),
            "totalExpectedSpend": float(expected),
            "totalImpact": impact,
            "totalImpactPercentage": round(impact / float(expected) * 100, 2) if expected else 0,
        },
        "monitorArn": monitor_arn,
        "rootCauses": [{**cause, "impact": {"contribution": impact}}],
        "subscriptionId": subscription["SubscriptionArn"].rpartition("/")[2],
        "subscriptionName": subscription["SubscriptionName"],
    }
    return json.dumps(message)


def _usd(amount: Decimal) -> str:
    return f"${amount:,.2f}"
