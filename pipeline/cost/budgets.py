"""Budgets: limits on what an environment costs a month, and on how much a plan adds to it."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.cost.model import AmountChange, BudgetVerdict, Level
from pipeline.cost.strict_yaml import load_mapping, shown_path
from pipeline.errors import PipelineError, Status

DEFAULT = "default"
"""The entry for environments that have none of their own."""

_STRICT = ConfigDict(extra="forbid", frozen=True, strict=True)

Figure = Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]


class Threshold(BaseModel):
    """Above which figure a reader is warned, and above which the job fails.

    Attributes:
        warn: the lower figure; ``None`` where only the other counts.
        fail: the higher figure; ``None`` where only the other counts.
    """

    model_config = _STRICT

    warn: Figure | None = None
    fail: Figure | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Threshold:
        if self.warn is None and self.fail is None:
            raise ValueError("has no figure; set warn, fail or both")
        if self.warn is not None and self.fail is not None and self.warn > self.fail:
            raise ValueError(f"warn {self.warn} is above fail {self.fail}; lower it")
        return self


class Budget(BaseModel):
    """The limits of one environment; what is not set has no limit.

    Attributes:
        monthly: on the total after the plan, USD a month.
        increase: on what the plan adds, USD a month.
        increase_percent: on what the plan adds, in percent of the total before it.
    """

    model_config = _STRICT

    monthly: Threshold | None = None
    increase: Threshold | None = None
    increase_percent: Threshold | None = None


class Budgets:
    """The budgets of all environments."""

    def __init__(self, by_environment: dict[str, Budget], *, name: str = "budgets") -> None:
        """Args: by_environment: name to budget; name: how an error calls them, such as a path."""
        self.by_environment = by_environment
        self._name = name

    def takes_default(self, environment: str) -> str:
        """A remark that the environment has no budget of its own; empty where it has one."""
        if environment in self.by_environment:
            return ""
        return f"no budget of its own in {self._name}: the limits of '{DEFAULT}' are taken"

    def exceeded(self, environment: str, total: AmountChange) -> tuple[BudgetVerdict, ...]:
        """Which limits are exceeded; a figure that equals its limit does not exceed it.

        An increase from nothing has no limit: all of a new environment is an increase, and any
        cost is infinitely many percent of 0. The monthly limit holds it.

        Args:
            environment: its name.
            total: the cost of all its stacks before and after the plan.

        Raises:
            PipelineError: there is no budget of that name and no default: a limit that was meant
                must not be lost by a slip of the pen.
        """
        budget = self.of(environment)
        before, after = total.before.total, total.after.total
        added = after - before
        figures = [("monthly", "monthly cost", after, budget.monthly, "USD")]
        if before > 0:
            percent = added / before * 100
            figures += [
                ("increase", "monthly increase", added, budget.increase, "USD"),
                ("increase_percent", "increase", percent, budget.increase_percent, "%"),
            ]
        return tuple(
            BudgetVerdict(
                level=level,
                text=f"{what} {_shown(figure, limit)} {unit} is above the limit of {limit} {unit}",
                remedy=self._remedy(environment, key, level, figure),
            )
            for key, what, figure, threshold, unit in figures
            for level, limit in _passed(figure, threshold)
        )

    def of(self, environment: str) -> Budget:
        """The limits of an environment, its own or the default.

        Raises:
            PipelineError: there is neither.
        """
        budget = self.by_environment.get(environment) or self.by_environment.get(DEFAULT)
        if budget is None:
            names = ", ".join(self.by_environment) or "none"
            raise _bad(
                f"{self._name}: no budget for '{environment}', there are: {names}; add it, or "
                f"'{environment}: {{}}' for no limit, or '{DEFAULT}' for every environment"
            )
        return budget

    def _remedy(self, environment: str, key: str, level: Level, figure: Decimal) -> str:
        enough = figure.to_integral_value(ROUND_CEILING)
        # An entry of its own takes nothing from the default: without the others they would be off.
        own = "" if environment in self.by_environment else f", in a copy of '{DEFAULT}'"
        return f"{environment}.{key}.{level}: {enough:f} in {self._name}{own}"


def load_budgets(path: Path) -> Budgets:
    """Read a budget file: a YAML mapping of environments to budgets.

    Args:
        path: such as ``dev: {monthly: {warn: 150, fail: 300}}``.

    Raises:
        PipelineError: with ``BAD_SETTINGS``; it names the key that is wrong.
    """
    found: dict[str, Budget] = {}
    for environment, content in load_mapping(path).items():
        try:
            found[environment] = Budget.model_validate(content)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join((environment, *map(str, first["loc"])))
            text = first["msg"].removeprefix("Value error, ")
            raise _bad(f"{path}: {where}: {text}") from None
    return Budgets(found, name=shown_path(path))


def _passed(figure: Decimal, threshold: Threshold | None) -> list[tuple[Level, Decimal]]:
    """The limit that a figure passes, the more serious one where it passes both."""
    if threshold is None:
        return []
    limits = ((Level.FAIL, threshold.fail), (Level.WARN, threshold.warn))
    return [(level, limit) for level, limit in limits if limit is not None and figure > limit][:1]


def _shown(figure: Decimal, limit: Decimal) -> str:
    """Two places, unless the figure would then look like the limit."""
    rounded = round(figure, 2)
    return f"{rounded if rounded > limit else figure.normalize():f}"


def _bad(message: str) -> PipelineError:
    return PipelineError(message, Status.BAD_SETTINGS)
