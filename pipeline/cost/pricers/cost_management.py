"""Actions of AWS Budgets; the rest of what watches costs is free."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import Entry
from pipeline.cost.pricing import HOURS, Pricing, Subject

_ACTION = "aws_budgets_budget_action"


def action(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An action: its budget is billed by the day, and once, however many actions it has."""
    budget = pricing.related(subject, "budget_name", "aws_budgets_budget")
    siblings = pricing.referring(budget, _ACTION, "budget_name") if budget else []
    if siblings and min(each.address for each in siblings) != subject.address:
        return
    yield pricing.fixed(
        "days of a budget with actions",
        "budgets.action_day",
        HOURS / 24,
        note="62 days a month, of all budgets of an account, are free and not subtracted",
    )


_WHAT = "what an action does and to whom is not billed"

ENTRIES: dict[str, Entry] = {
    _ACTION: Entry(
        action,
        frozenset(),
        free={
            **dict.fromkeys(
                (
                    "action_threshold",
                    "action_type",
                    "approval_model",
                    "definition",
                    "notification_type",
                ),
                _WHAT,
            ),
            "account_id": "an account's budgets cost the same as another's",
            "execution_role_arn": "permissions cost nothing",
            "subscriber": "the topic is billed",
        },
    ),
}
