"""Budgets: limits on what an environment costs a month, and on how much a plan adds to it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.cost.model import AmountChange, BudgetVerdict, Level
from pipeline.cost.strict_yaml import load_mapping
from pipeline.errors import PipelineError, Status

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

    def judge(self, environment: str, total: AmountChange) -> tuple[BudgetVerdict, ...]:
        """Which limits are exceeded; a figure that equals its limit does not exceed it.

        An increase from nothing is not judged: all of a new environment is an increase, and any
        cost is infinitely many percent of 0. The monthly limit holds it.

        Args:
            environment: its name.
            total: its cost before and after the plan.

        Raises:
            PipelineError: there is no budget of that name: a limit that was meant must not be
                lost by a slip of the pen.
        """
        budget = self.by_environment.get(environment)
        if budget is None:
            names = ", ".join(self.by_environment) or "none"
            raise _bad(
                f"{self._name}: no budget for '{environment}', there are: {names}; add it, or "
                f"'{environment}: {{}}' for no limit"
            )
        before, after = total.before.total, total.after.total
        added = after - before
        figures = [("monthly cost", after, budget.monthly, "USD")]
        if before > 0:
            percent = added / before * 100
            figures += [
                ("monthly increase", added, budget.increase, "USD"),
                ("increase", percent, budget.increase_percent, "%"),
            ]
        verdicts = (_verdict(*figure) for figure in figures)
        return tuple(verdict for verdict in verdicts if verdict is not None)


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
    return Budgets(found, name=str(path))


def _verdict(
    what: str, figure: Decimal, threshold: Threshold | None, unit: str
) -> BudgetVerdict | None:
    if threshold is None:
        return None
    for level, limit in ((Level.FAIL, threshold.fail), (Level.WARN, threshold.warn)):
        if limit is not None and figure > limit:
            text = f"{what} {_shown(figure, limit)} {unit} is above the limit of {limit} {unit}"
            return BudgetVerdict(level=level, text=text)
    return None


def _shown(figure: Decimal, limit: Decimal) -> str:
    """Two places, unless the figure would then look like the limit."""
    rounded = round(figure, 2)
    return f"{rounded if rounded > limit else figure.normalize():f}"


def _bad(message: str) -> PipelineError:
    return PipelineError(message, Status.BAD_SETTINGS)
