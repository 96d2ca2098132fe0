"""What an environment may spend, and who hears of it."""

from __future__ import annotations

from pydantic import Field

from stacks.settings import Settings


class BudgetSettings(Settings):
    """What may be spent before somebody is told."""

    monthly_usd: int | None = Field(
        default=None,
        ge=1,
        le=1_000_000,
        description="USD a month; None for what pipeline/budgets.yml refuses (monthly.fail)",
    )


class GovernanceSettings(Settings):
    """The guard rails of one environment."""

    budgets: BudgetSettings | None = Field(
        default=BudgetSettings(), description="what may be spent; None for no budget"
    )
