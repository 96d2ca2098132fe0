"""What the fillings share: moto's budgets, found as AWS finds them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.budgets.exceptions import NotFoundException
from moto.budgets.models import Budget, BudgetsBackend, Notification
from moto.core.exceptions import JsonRESTError

Item = dict[str, Any]


class Invalid(JsonRESTError):
    """A request that AWS refuses."""

    code = 400

    def __init__(self, message: str) -> None:
        """Args: message: what is wrong."""
        super().__init__("InvalidParameterException", message)


def budget_of(backend: BudgetsBackend, account_id: str, name: str) -> Budget:
    """A budget by its name.

    Raises:
        NotFoundException: there is none.
    """
    found = backend.budgets[account_id].get(name)
    if found is None:
        raise NotFoundException(f"Unable to get budget: {name} - the budget doesn't exist.")
    return found


def notification_of(budget: Budget, asked: Mapping[str, Any]) -> Notification | None:
    """The alert of a budget that has these values, in whichever state it is."""
    return next(
        (each for each in budget.notifications if _identity(each.details) == _identity(asked)), None
    )


def _identity(details: Mapping[str, Any]) -> tuple[Any, ...]:
    return (
        details["NotificationType"],
        details["ComparisonOperator"],
        details["Threshold"],
        details.get("ThresholdType", "PERCENTAGE"),
    )
