"""Joins what is said of each stack's plan to the report of an environment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.commands.job import raise_together
from pipeline.cost.budgets import Budgets
from pipeline.cost.catalogue import DEFAULT as CATALOGUE
from pipeline.cost.catalogue import Catalogue
from pipeline.cost.estimate import estimate
from pipeline.cost.infracost import from_infracost
from pipeline.cost.model import Estimate, Level
from pipeline.cost.pricers import USAGE_KEYS
from pipeline.cost.strict_yaml import shown_path
from pipeline.cost.usage import Usage, load_usage
from pipeline.errors import PipelineError, Status
from pipeline.plan.collector import collector_paused
from pipeline.plan.model import Action, Plan
from pipeline.plan.summary import summarise
from pipeline.report import costs as cost_text
from pipeline.report.content import listing
from pipeline.report.model import Counts, EnvironmentReport, StackReport, Topic
from pipeline.warnings import find_warnings

_HERE = Path(__file__).resolve().parent.parent
USAGE = _HERE / "usage"
"""A usage file for each stack, called by its id, and one for those that have none."""
DEFAULT_USAGE = "default"
BUDGETS = _HERE / "budgets.yml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Costs:
    """How a stack's plan is priced.

    Attributes:
        catalogue: the catalogue's file.
        usage: the usage file; the stack's own by default.
        region: where the plan does not say it.
        tags: tag keys whose values get a total each.
        infracost: Infracost's JSON, which then stands in for the estimate.
        allow_unpriced: types that may be without a price.
    """

    catalogue: Path = CATALOGUE
    usage: Path | None = None
    region: str | None = None
    tags: Sequence[str] = ("CostCenter",)
    infracost: Path | None = None
    allow_unpriced: Sequence[str] = ()


@collector_paused()
def stack_report(plan: Plan, costs: Costs | None) -> StackReport:
    """What the plan of one stack says; nothing in it is secret.

    Args:
        plan: the plan.
        costs: how it is priced; ``None`` leaves the cost out.

    Raises:
        PipelineError: a catalogue or usage file is wrong.
    """
    summary = summarise(plan)
    masked = summary.masked
    values = "1 value is" if masked == 1 else f"{masked} values are"
    return StackReport(
        name=plan.stack,
        counts=_counts(plan),
        fingerprint=summary.fingerprint,
        warnings=find_warnings(plan),
        changes=summary.changes,
        outputs=dict(plan.outputs),
        estimate=_estimate(plan, costs) if costs else None,
        notes=(f"{values} masked: secret, or looking like a secret",) if masked else (),
    )


def environment_report(
    name: str, stacks: Sequence[StackReport], budgets: Budgets | None
) -> EnvironmentReport:
    """What the plans of an environment's stacks say together.

    Args:
        name: the environment's name.
        stacks: in the order in which they are applied.
        budgets: limits on their sum; ``None`` leaves them out.

    Raises:
        PipelineError: there is no budget for the environment.
    """
    report = EnvironmentReport(name=name, stacks=tuple(stacks))
    # The sum is not known where a stack has no plan, and the job fails for that already.
    if budgets is None or report.estimate is None or report.failures:
        return report
    return EnvironmentReport(
        name=name,
        stacks=report.stacks,
        budgets=budgets.exceeded(name, report.estimate.total),
        budget_note=budgets.takes_default(name),
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
    if costs.infracost:
        return from_infracost(costs.infracost, stack=plan.stack, tags=costs.tags)
    usage, remark = _usage(costs, plan.stack)
    return estimate(
        plan,
        catalogue=Catalogue.load(costs.catalogue),
        usage=usage,
        tags=costs.tags,
        region=costs.region,
        remark=remark,
        allow_unpriced=costs.allow_unpriced,
    )


def _usage(costs: Costs, stack: str) -> tuple[Usage, str]:
    """The file that is named, else the stack's own, else the default; and a remark on the last."""
    own = USAGE / f"{stack.rpartition('/')[2]}.yml"
    if costs.usage or own.is_file():
        return load_usage(costs.usage or own, known=USAGE_KEYS), ""
    default = USAGE / f"{DEFAULT_USAGE}.yml"
    remark = f"usage as {shown_path(default)} assumes it, as there is no {own.name} beside it"
    return load_usage(default, known=USAGE_KEYS), remark


def refuse(reports: Sequence[EnvironmentReport]) -> None:
    """Raise where a report must not pass: once it is written, so that everybody can read why.

    Raises:
        PipelineError: a type that the estimator does not know (UNPRICED), a budget (BUDGET), a
            policy check (POLICY), or what AWS would refuse (REFUSED).
    """
    raise_together([error for each in reports for error in _errors_of(each)])


def _errors_of(report: EnvironmentReport) -> Iterator[PipelineError]:
    for stack in report.stacks:
        for warning in stack.warnings:
            if warning.topic is Topic.REFUSED:
                yield PipelineError(
                    f"{stack.name}: {warning.address}: {warning.text}", Status.REFUSED
                )
        for finding in stack.policies:
            if finding.fails:
                yield PipelineError(
                    f"{stack.name}: {finding.check} {finding.resource}: {finding.text}; "
                    f"{finding.remedy}",
                    Status.POLICY,
                )
        if stack.estimate and stack.estimate.refused:
            names = listing([str(each) for each in stack.estimate.refused])
            yield PipelineError(
                f"{stack.name}: the estimator does not know the price of {names}; add a pricer to "
                "pipeline/cost/pricers, the type to its free ones with the reason, or allow it: "
                "--allow-unpriced TYPE, or allow_unpriced: [TYPE] in the usage file",
                Status.UNPRICED,
            )
    failed = [verdict.text for verdict in report.budgets if verdict.level is Level.FAIL]
    if failed:
        totals, resources, _ = cost_text.causes(report)
        yield PipelineError(
            f"{report.name}: {', '.join(failed)}: {totals} {', '.join(resources)}; "
            f"{cost_text.remedy(report)}",
            Status.BUDGET,
        )
