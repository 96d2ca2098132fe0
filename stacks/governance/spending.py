"""Budgets and anomalies of an environment, and the topics that they tell."""

from __future__ import annotations

from collections.abc import Mapping

from modules.alerting import SEVERITIES, Severity, topic_arn
from modules.cost_management import (
    PERCENTAGES,
    Budget,
    BudgetAction,
    CostAllocationTags,
    CostAnomalies,
    Period,
    SpendingStop,
)
from modules.governance import GOVERNANCE
from stacks.base import Stack
from stacks.governance.budgets import limits
from stacks.governance.settings import (
    BudgetActionSettings,
    BudgetSettings,
    GovernanceSettings,
)

COUNTED_BY = ("Environment", "Project")
"""Tags that all of an environment's resources have, and no other's."""


def watch_spending(stack: Stack, settings: GovernanceSettings) -> None:
    """Make what tells of spending.

    Args:
        stack: that gets it.
        settings: the environment's guard rails, validated.
    """
    topics = {severity: topic_arn(stack.naming, severity) for severity in SEVERITIES}
    if settings.budgets:
        _budgets(stack, settings.budgets, topics)
    if settings.anomalies:
        CostAnomalies(
            stack,
            "cost-anomalies",
            naming=stack.naming,
            topic_arn=topics["warning"],
            impact_usd=settings.anomalies.impact_usd,
            monitor_arn=settings.anomalies.monitor_arn,
        )
    if settings.cost_allocation_tags:
        CostAllocationTags(stack, "cost-allocation-tags", keys=list(stack.environment.tags))


def _budgets(stack: Stack, settings: BudgetSettings, topics: Mapping[Severity, str]) -> None:
    tags = {key: stack.environment.tags[key] for key in COUNTED_BY}
    limit = limits(settings, stack.environment.name)
    tagged: dict[Period, Budget] = {
        period: Budget(
            stack,
            period,
            naming=stack.naming,
            period=period,
            limit=usd,
            topics=topics,
            tags=tags,
        )
        for period, usd in limit.items()
    }
    monthly = tagged["monthly"]
    if settings.whole_account:
        # The early percentages are the tagged budgets' to tell: nobody wants to read them twice.
        whole: dict[Period, Budget] = {
            period: Budget(
                stack,
                f"account-{period}",
                naming=stack.naming.within("account"),
                period=period,
                limit=usd,
                topics=topics,
                percentages=PERCENTAGES[-1:],
            )
            for period, usd in limit.items()
        }
        monthly = whole["monthly"]
    if settings.action:
        BudgetAction(
            stack,
            "spending-stop",
            # Its role attaches policies and has no boundary: under this name nobody but an
            # administrator changes whom it trusts.
            naming=stack.naming.within(GOVERNANCE),
            budget=monthly,
            stop=_stop(stack, settings.action),
            topic_arn=topics["critical"],
        )


def _stop(stack: Stack, action: BudgetActionSettings) -> SpendingStop:
    return SpendingStop(
        percent=action.percent,
        approval=action.approval,
        roles=[stack.naming.name(role) for role in action.roles],
        groups=[stack.naming.name(group) for group in action.groups],
    )
