"""What an environment may spend: its setting, or what a merge request is measured by."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from modules.cost_management import Period
from pipeline.cost.budgets import load_budgets
from pipeline.errors import PipelineError
from stacks.errors import ConfigurationError
from stacks.governance.settings import BudgetSettings

BUDGETS = "pipeline/budgets.yml"
_FILE = Path(__file__).resolve().parents[2] / BUDGETS


def refused_above(environment: str, path: Path = _FILE) -> Decimal | None:
    """The estimate above which the pipeline refuses a change of an environment, USD a month.

    Args:
        environment: its name.
        path: the file of budgets.

    Returns:
        None where the file sets no such limit.

    Raises:
        ConfigurationError: the file is wrong.
    """
    try:
        monthly = load_budgets(path).of(environment).monthly
    except PipelineError as error:
        raise ConfigurationError(str(error)) from error
    return monthly.fail if monthly else None


def monthly_limit(settings: BudgetSettings, environment: str) -> Decimal | None:
    """What may be spent, USD a month; None where neither the settings nor the pipeline say.

    Args:
        settings: the environment's.
        environment: its name.
    """
    return Decimal(settings.monthly_usd) if settings.monthly_usd else refused_above(environment)


def limits(settings: BudgetSettings, environment: str) -> dict[Period, Decimal]:
    """What may be spent in each period, USD; the rules have seen that there is a limit.

    Args:
        settings: the environment's.
        environment: its name.
    """
    monthly = monthly_limit(settings, environment)
    if monthly is None:
        raise ConfigurationError(f"{BUDGETS}: no monthly.fail for {environment}; set it")
    a_day = (monthly / 30).quantize(Decimal("0.01"))
    daily = Decimal(settings.daily_usd) if settings.daily_usd else a_day
    return {"monthly": monthly, "daily": daily}
