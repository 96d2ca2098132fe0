"""Joins what the rooms say of one plan to its part of the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.commands.job import raise_together
from pipeline.cost.budgets import load_budgets
from pipeline.cost.catalogue import DEFAULT as CATALOGUE
from pipeline.cost.catalogue import Catalogue
from pipeline.cost.estimate import estimate
from pipeline.cost.infracost import from_infracost
from pipeline.cost.model import Estimate, Level
from pipeline.cost.pricers import USAGE_KEYS
from pipeline.cost.usage import Usage, load_usage
from pipeline.errors import PipelineError, Status
from pipeline.judge import judge
from pipeline.plan.collector import collector_paused
from pipeline.plan.model import Action, Plan
from pipeline.plan.summary import summarise
from pipeline.report.model import Counts, EnvironmentReport

_HERE = Path(__file__).resolve().parent.parent
USAGE = _HERE / "usage"
"""A usage file for each environment."""
BUDGETS = _HERE / "budgets.yml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Costs:
    """How plans are priced.

    Attributes:
        catalogue: the catalogue's file.
        usage: the usage file; the environment's own by default.
        budgets: the budgets' file.
        region: where the plan does not say it.
        tags: tag keys whose values get a total each.
        infracost: Infracost's JSON, which then stands in for the estimate.
    """

    catalogue: Path = CATALOGUE
    usage: Path | None = None
    budgets: Path = BUDGETS
    region: str | None = None
    tags: Sequence[str] = ("CostCenter",)
    infracost: Path | None = None


@collector_paused()
def report_of(plan: Plan, costs: Costs | None) -> EnvironmentReport:
    """What the plan of one environment says; nothing in it is secret.

    Args:
        plan: the plan.
        costs: how it is priced; ``None`` leaves the cost out.

    Raises:
        PipelineError: a catalogue, usage or budget file is wrong.
    """
    summary = summarise(plan)
    masked = summary.masked
    values = "1 value is" if masked == 1 else f"{masked} values are"
    return EnvironmentReport(
        environment=plan.environment,
        counts=_counts(plan),
        fingerprint=summary.fingerprint,
        warnings=judge(plan),
        changes=summary.changes,
        outputs=dict(plan.outputs),
        estimate=_estimate(plan, costs) if costs else None,
        notes=(f"{values} masked: secret, or looking like a secret",) if masked else (),
    )


def _counts(plan: Plan) -> Counts:
    actions = Counter(change.action for change in plan.changed)
    return Counts(
        create=actions[Action.CREATE],
        update=actions[Action.UPDATE],
        replace=actions[Action.REPLACE],
        delete=actions[Action.DELETE],
        forget=actions[Action.FORGET],
        move=sum(change.previous_address is not None for change in plan.changed),
        imported=sum(change.imported for change in plan.changed),
    )


def _estimate(plan: Plan, costs: Costs) -> Estimate:
    budgets = load_budgets(costs.budgets)
    if costs.infracost:
        return from_infracost(
            costs.infracost, environment=plan.environment, budgets=budgets, tags=costs.tags
        )
    return estimate(
        plan,
        catalogue=Catalogue.load(costs.catalogue),
        usage=_usage(costs, plan.environment),
        budgets=budgets,
        tags=costs.tags,
        region=costs.region,
    )


def _usage(costs: Costs, environment: str) -> Usage:
    """The file that is named, else the environment's own if it has one."""
    own = USAGE / f"{environment}.yml"
    if costs.usage is None and not own.is_file():
        return Usage()
    return load_usage(costs.usage or own, known=USAGE_KEYS)


def refuse(reports: Sequence[EnvironmentReport]) -> None:
    """Raise where a report must not pass: once it is written, so that everybody can read why.

    Raises:
        PipelineError: a type that the estimator does not know (UNPRICED), or a budget (BUDGET).
    """
    raise_together([error for each in reports for error in _objections(each)])


def _objections(report: EnvironmentReport) -> Iterator[PipelineError]:
    if report.estimate is None:
        return
    if report.estimate.unpriced:
        types = ", ".join(sorted(report.estimate.unpriced))
        yield PipelineError(
            f"{report.environment}: the estimator does not know {types}; add a pricer to "
            "pipeline/cost/pricers, or the type to its free ones with the reason",
            Status.UNPRICED,
        )
    failed = [verdict.text for verdict in report.estimate.budgets if verdict.level is Level.FAIL]
    if failed:
        yield PipelineError(
            f"{report.environment}: {', '.join(failed)}; lower the cost, or raise the budget",
            Status.BUDGET,
        )
