"""What happens when an account has spent: alerts go off once, and actions act."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from moto.budgets.models import Budget, Notification, budgets_backends

from emulator.gaps.budgets.actions import actions_of, execute
from emulator.gaps.budgets.kept import budget_of
from emulator.service_policy import Caller
from emulator.sns.publishing import publish
from emulator.spending.messages import budget_message, budget_subject

Item = dict[str, Any]


def spend(
    account_id: str, name: str, *, actual: Decimal, forecast: Decimal, now: datetime
) -> list[str]:
    """Sets what a budget's period has cost so far. The caller holds moto's lock.

    Args:
        account_id: whose budget.
        name: of the budget.
        actual: spent so far, USD.
        forecast: at the end of the period, USD.
        now: in UTC.

    Returns:
        Whom it told, and what it did.

    Raises:
        NotFoundException: there is no such budget.
        PublishError: a topic or its key does not let budgets in.
    """
    backend = budgets_backends[account_id]["aws"]
    budget = budget_of(backend, account_id, name)
    amounts = {"ACTUAL": actual, "FORECASTED": forecast}
    budget.budget["CalculatedSpend"] = {
        "ActualSpend": {"Amount": f"{actual:f}", "Unit": "USD"},
        "ForecastedSpend": {"Amount": f"{forecast:f}", "Unit": "USD"},
    }
    told = [
        line
        for alert in budget.notifications
        for line in _alert(budget, alert, amounts, account_id=account_id, now=now)
    ]
    actions = actions_of(backend, account_id, name).values()
    return told + [line for each in actions for line in _act(budget, each, amounts, account_id)]


def _alert(
    budget: Budget,
    alert: Notification,
    amounts: Mapping[str, Decimal],
    *,
    account_id: str,
    now: datetime,
) -> Iterator[str]:
    """Tells its subscribers when it goes off, and not again before it was well."""
    details: Item = alert.details
    subscribers: list[Item] = alert.subscribers  # type: ignore[assignment]  # moto says: a dict
    amount = amounts[details["NotificationType"]]
    threshold = _threshold(budget, details["Threshold"], details.get("ThresholdType"))
    was, details["NotificationState"] = (
        details["NotificationState"],
        "ALARM" if amount > threshold else "OK",
    )
    if (was, details["NotificationState"]) != ("OK", "ALARM"):
        return
    shown, name = budget.to_dict(), budget.budget["BudgetName"]
    message = budget_message(
        shown, details, account_id=account_id, amount=amount, threshold=threshold, now=now
    )
    for each in subscribers:
        if each["SubscriptionType"] == "SNS":  # mail reaches nobody here
            _publish(account_id, name, each["Address"], message)
            yield f"told {each['Address']}: {details['NotificationType']} > {threshold:f} USD"


def _act(
    budget: Budget, action: Item, amounts: Mapping[str, Decimal], account_id: str
) -> Iterator[str]:
    threshold = _threshold(
        budget,
        action["ActionThreshold"]["ActionThresholdValue"],
        action["ActionThreshold"]["ActionThresholdType"],
    )
    if action["Status"] != "STANDBY" or amounts[action["NotificationType"]] <= threshold:
        return
    if action["ApprovalModel"] == "AUTOMATIC":
        execute(action, account_id)
    else:
        action["Status"] = "PENDING"
    yield f"action {action['ActionId']}: {action['Status']}"


def _threshold(budget: Budget, value: float, kind: str | None) -> Decimal:
    limit = Decimal(str(budget.budget["BudgetLimit"]["Amount"]))
    share = Decimal(str(value))
    return share if kind == "ABSOLUTE_VALUE" else limit * share / 100


def _publish(account_id: str, name: str, topic_arn: str, message: str) -> None:
    arn = f"arn:aws:budgets::{account_id}:budget/{name}"
    caller = Caller(service="budgets.amazonaws.com", account_id=account_id, source_arn=arn)
    publish(caller, topic_arn, message=message, subject=budget_subject(name), called="AWS Budgets")
