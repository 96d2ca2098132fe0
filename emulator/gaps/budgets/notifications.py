"""Alerts of a budget, who is told by them, and changes of the budget itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from moto.budgets.exceptions import DuplicateRecordException, NotFoundException
from moto.budgets.models import Budget, BudgetsBackend
from moto.budgets.responses import BudgetsResponse
from moto.core.exceptions import JsonRESTError

from emulator.gaps.budgets.kept import Invalid, Item, budget_of, notification_of
from emulator.gaps.registry import add, replace

_MOST: Final = 10
"""Alerts of a budget.

Source: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Notification.html
"""


class _TooMany(JsonRESTError):
    code = 400

    def __init__(self, message: str) -> None:
        super().__init__("CreationLimitExceededException", message)


def fill() -> None:
    """Change moto's classes."""
    _checks()
    _answers()
    _changes()


def _checks() -> None:
    @replace(BudgetsBackend, "create_budget")
    def _(
        original: Callable[..., None],
        self: BudgetsBackend,
        account_id: str,
        budget: Item,
        notifications: list[Item],
    ) -> None:
        original(self, account_id=account_id, budget=budget, notifications=[])
        try:
            for each in notifications:
                _keep(self, account_id, budget["BudgetName"], each)
        except JsonRESTError:
            del self.budgets[account_id][budget["BudgetName"]]
            raise

    @replace(BudgetsBackend, "create_notification")
    def _(
        _original: Callable[..., None],
        self: BudgetsBackend,
        account_id: str,
        budget_name: str,
        notification: Item,
        subscribers: list[Item],
    ) -> None:
        asked = {"Notification": notification, "Subscribers": subscribers}
        _keep(self, account_id, budget_name, asked)


def _keep(backend: BudgetsBackend, account_id: str, name: str, asked: Item) -> None:
    budget, details = budget_of(backend, account_id, name), asked["Notification"]
    if details["NotificationType"] == "FORECASTED" and budget.budget["TimeUnit"] == "DAILY":
        raise Invalid("FORECASTED notifications are not supported for DAILY budgets")
    if notification_of(budget, details):
        raise DuplicateRecordException("notification", str(details["Threshold"]))
    if len(budget.notifications) == _MOST:
        raise _TooMany(f"A budget has {_MOST} notifications at most")
    topics = [each for each in asked["Subscribers"] if each["SubscriptionType"] == "SNS"]
    if len(topics) > 1 or not asked["Subscribers"]:
        raise Invalid("A notification has one to eleven subscribers, one of them an SNS topic")
    budget.add_notification({"NotificationState": "OK", **details}, asked["Subscribers"])


def _answers() -> None:
    @add(BudgetsResponse, "describe_subscribers_for_notification")
    def _(self: BudgetsResponse) -> str:
        found = notification_of(_budget(self), self._get_param("Notification"))
        if found is None:
            raise NotFoundException("Unable to get subscribers - the notification doesn't exist.")
        return json.dumps({"Subscribers": found.subscribers})

    @replace(BudgetsBackend, "describe_notifications_for_budget")
    def _(
        _original: Callable[..., Any], self: BudgetsBackend, account_id: str, budget_name: str
    ) -> Any:
        return budget_of(self, account_id, budget_name).get_notifications()


def _changes() -> None:
    @replace(Budget, "delete_notification")
    def _(_original: Callable[..., None], self: Budget, details: Item) -> None:
        found = notification_of(self, details)
        self.notifications = [each for each in self.notifications if each is not found]

    @add(BudgetsResponse, "update_budget")
    def _(self: BudgetsResponse) -> str:
        changed = self._get_param("NewBudget")
        account_id = self._get_param("AccountId")
        kept = budget_of(self.backend, account_id, changed["BudgetName"])
        spend = kept.to_dict()["CalculatedSpend"]
        kept.budget = {**Budget(changed, []).budget, "CalculatedSpend": spend}
        return "{}"


def _budget(response: BudgetsResponse) -> Budget:
    account_id, name = response._get_param("AccountId"), response._get_param("BudgetName")
    return budget_of(response.backend, account_id, name)
