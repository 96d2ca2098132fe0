"""What an environment may spend, and who hears of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from stacks.governance.people_settings import OrganizationSettings, PeopleSettings
from stacks.settings import ONCE_EACH, Settings, of_form

Usd = Annotated[int, Field(ge=1, le=1_000_000)]

RoleName = Annotated[
    str,
    of_form(
        r"[a-z][a-z0-9]{0,15}(-[a-z0-9]{1,15})?",
        "not the last part of a name; leave project and environment out, such as rag",
    ),
]
MonitorArn = Annotated[
    str,
    of_form(
        r"arn:aws:ce::[0-9]{12}:anomalymonitor/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        "not the ARN of a monitor; see aws ce get-anomaly-monitors",
    ),
]


class BudgetActionSettings(Settings):
    """Whose spending stops when the month's budget is spent; 0.10 USD a day beyond two actions."""

    percent: int = Field(default=100, ge=50, le=200, description="of the month's budget")
    approval: Literal["MANUAL", "AUTOMATIC"] = Field(
        default="MANUAL", description="whether a person says yes first"
    )
    roles: Annotated[tuple[RoleName, ...], ONCE_EACH] = Field(
        default=("rag",), description="roles of the environment; rag calls the models"
    )
    groups: Annotated[tuple[RoleName, ...], ONCE_EACH] = Field(
        default=(), description="groups of the environment"
    )


class BudgetSettings(Settings):
    """What may be spent before somebody is told."""

    monthly_usd: Usd | None = Field(
        default=None,
        description="USD a month; None for what pipeline/budgets.yml refuses (monthly.fail)",
    )
    daily_usd: Usd | None = Field(
        default=None, description="USD a day; None for a thirtieth of the month's"
    )
    whole_account: bool = Field(
        default=True,
        description="also what carries no tag, such as calls of models: the same for the account",
    )
    action: BudgetActionSettings | None = Field(
        default=None, description="whose spending stops when all is spent; None for nobody's"
    )


class AnomalySettings(Settings):
    """Cost Anomaly Detection of the account's AWS services."""

    impact_usd: Usd = Field(
        default=10, description="USD above what is usual, before somebody is told"
    )
    monitor_arn: MonitorArn | None = Field(
        default=None,
        description="the account's monitor of AWS services, where it has one; None makes it",
    )


class GovernanceSettings(Settings):
    """The guard rails of one environment."""

    budgets: BudgetSettings | None = Field(
        default=BudgetSettings(), description="what may be spent; None for no budget"
    )
    anomalies: AnomalySettings | None = Field(
        default=AnomalySettings(), description="what costs more than usual; None for no detection"
    )
    cost_allocation_tags: bool = Field(
        default=False,
        description="activate the tags in bills; only in the account that pays, a day after the "
        "first resources",
    )
    people: PeopleSettings | None = Field(
        default=PeopleSettings(), description="groups of people; None for no access of people"
    )
    organization: OrganizationSettings | None = Field(
        default=OrganizationSettings(), description="service control policies; None for none"
    )
