"""A budget of AWS Budgets, and who is told when it runs out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import product
from typing import Literal

from cdktf_cdktf_provider_aws.budgets_budget import (
    BudgetsBudget,
    BudgetsBudgetCostFilter,
    BudgetsBudgetNotification,
)
from constructs import Construct

from modules.alerting import Severity
from modules.naming import Naming

Period = Literal["monthly", "daily"]

PERCENTAGES = (70, 80, 100)
"""Of the limit, at which somebody is told."""

_TYPES: Mapping[Period, Sequence[str]] = {
    "monthly": ("ACTUAL", "FORECASTED"),
    # A daily budget knows no forecast.
    "daily": ("ACTUAL",),
}
"""Kinds of alerts. Two kinds at three percentages are six, and AWS takes ten a budget.

Sources: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Notification.html and
https://docs.aws.amazon.com/cost-management/latest/userguide/create-cost-budget.html
"""


class Budget(Construct):
    """What may be spent in a month or a day, in USD.

    AWS looks at bills up to three times a day, so that a budget tells hours late. What must be told
    within minutes is an alarm of CloudWatch's.

    Source: https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html

    Attributes:
        budget: the budget.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        period: Period,
        limit: Decimal,
        topics: Mapping[Severity, str],
        tags: Mapping[str, str] | None = None,
        percentages: Sequence[int] = PERCENTAGES,
    ) -> None:
        """Create the budget ``<project>-<environment>-<period>-budget``.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
            naming: names of the environment.
            period: after which the count begins anew.
            limit: what may be spent in a period, USD.
            topics: ARNs of the topics that are told: critical when all is spent, else warning.
            tags: cost allocation tags of what is counted; None for all that the account pays for.
            percentages: of the limit, at which somebody is told.
        """
        super().__init__(scope, construct_id)
        self.budget = BudgetsBudget(
            self,
            "budget",
            name=naming.name(f"{period}-budget"),
            budget_type="COST",
            time_unit=period.upper(),
            limit_amount=f"{limit:f}",
            limit_unit="USD",
            cost_filter=_filters(tags or {}),
            notification=[
                _notification(kind, percent, topics)
                for kind, percent in product(_TYPES[period], percentages)
            ],
        )


def _filters(tags: Mapping[str, str]) -> list[BudgetsBudgetCostFilter]:
    if not tags:
        return []
    # AWS writes a tag that a person made so, with the dollar sign between key and value.
    values = [f"user:{key}${value}" for key, value in sorted(tags.items())]
    return [BudgetsBudgetCostFilter(name="TagKeyValue", values=values)]


def _notification(
    kind: str, percent: int, topics: Mapping[Severity, str]
) -> BudgetsBudgetNotification:
    severity: Severity = "critical" if kind == "ACTUAL" and percent >= 100 else "warning"
    return BudgetsBudgetNotification(
        comparison_operator="GREATER_THAN",
        notification_type=kind,
        threshold=percent,
        threshold_type="PERCENTAGE",
        subscriber_sns_topic_arns=[topics[severity]],
    )
