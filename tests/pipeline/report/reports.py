"""Reports for tests: a small one, a full one with one text everywhere, and a large one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pipeline.cost.model import (
    Amount,
    AmountChange,
    BudgetVerdict,
    CostLine,
    Estimate,
    Kind,
    Level,
    MissingPrice,
    ResourceCost,
)
from pipeline.plan.model import Action
from pipeline.report import model
from pipeline.report.model import (
    AttributeView,
    ChangeView,
    Counts,
    EnvironmentReport,
    JobFailure,
    PolicyFinding,
    Report,
    StackReport,
    Topic,
)

DATABASE = "aws_db_instance.database_8A3F21C0"
LAMBDA = "aws_lambda_function.rag_6D01A9F2"
COMMIT = "9f31c2ab77d00e41c2ab77d00e419f31c2ab77d0"
PIPELINE = "https://gitlab.example.com/mapvibe/infrastructure/-/pipelines/48211"
ARTIFACT = "https://gitlab.example.com/mapvibe/infrastructure/-/jobs/9/artifacts/browse"


def amounts(
    before: tuple[str, str] = ("0", "0"), after: tuple[str, str] = ("0", "0")
) -> AmountChange:
    return AmountChange(
        before=Amount(fixed=Decimal(before[0]), usage=Decimal(before[1])),
        after=Amount(fixed=Decimal(after[0]), usage=Decimal(after[1])),
    )


def fixed(what: str, quantity: str, unit: str, price: str, monthly: str) -> CostLine:
    return CostLine(
        what=what,
        kind=Kind.FIXED,
        quantity=Decimal(quantity),
        unit=unit,
        price=Decimal(price),
        monthly=Decimal(monthly),
    )


def unstated(what: str, unit: str, price: str, key: str, note: str = "") -> CostLine:
    return CostLine(
        what=what,
        kind=Kind.USAGE,
        quantity=None,
        unit=unit,
        price=Decimal(price),
        monthly=None,
        usage_key=key,
        note=note,
    )


def warning(topic: Topic, address: str, text: str) -> model.PlanWarning:
    return model.PlanWarning(topic=topic, address=address, text=text)


def change(address: str, action: Action, *attributes: AttributeView, **more: object) -> ChangeView:
    return ChangeView(
        address=address,
        type=address.split(".", maxsplit=1)[0],
        module="database",
        action=action,
        attributes=attributes,
        **more,  # type: ignore[arg-type]
    )


def alone(
    name: str, *, budgets: tuple[BudgetVerdict, ...] = (), **fields: Any
) -> EnvironmentReport:
    """An environment whose only stack is called as it is."""
    stack = StackReport(name=name, **fields)
    return EnvironmentReport(name=name, stacks=(stack,), budgets=budgets)


OLD = fixed("instance db.t4g.micro", "730", "Hrs", "0.025", "18.25")
NEW = fixed("instance db.t4g.medium", "730", "Hrs", "0.102", "74.46")
BACKUP = unstated("backup", "GB-Mo", "0.095", "additional_backup_storage_gb")

ESTIMATE = Estimate(
    total=amounts(("18.25", "0"), ("74.46", "0")),
    resources=(
        ResourceCost(
            address=DATABASE,
            type="aws_db_instance",
            module="database",
            cost=amounts(("18.25", "0"), ("74.46", "0")),
            before=(OLD,),
            after=(NEW, BACKUP),
        ),
    ),
    by_module={"database": amounts(("18.25", "0"), ("74.46", "0"))},
    by_tag={"Project=mapvibe": amounts(("18.25", "0"), ("74.46", "0"))},
    free=3,
    unstated=(f"{DATABASE}: additional_backup_storage_gb",),
    source="catalogue of 2025-11-03",
)

DEV = alone(
    "dev",
    budgets=(BudgetVerdict(level=Level.WARN, text="74.46 USD a month is above 70.00 USD"),),
    counts=Counts(update=1, replace=1),
    fingerprint="4be1c09f2a77d3e8",
    warnings=(warning(Topic.DATA_LOSS, DATABASE, "is replaced"),),
    changes=(
        change(
            LAMBDA, Action.UPDATE, AttributeView(path="memory_size", before="512", after="1024")
        ),
        change(
            DATABASE,
            Action.REPLACE,
            AttributeView(path="encrypted", before="false", after="true", forces_replacement=True),
        ),
    ),
    estimate=ESTIMATE,
)
PROD = alone(
    "prod",
    fingerprint="a00b19cd55e2f614",
    estimate=Estimate(total=amounts(("812.40", "66.10"), ("812.40", "66.10"))),
)
SMALL = Report(environments=(DEV, PROD), commit=COMMIT, pipeline_id=48211, pipeline_url=PIPELINE)


def everywhere(text: str) -> Report:
    """A report that has ``text`` in every place that a plan, a tool or a file can fill."""
    environment = alone(
        "dev",
        budgets=(BudgetVerdict(level=Level.FAIL, text=text, remedy=text),),
        counts=Counts(create=1, update=1, move=1),
        fingerprint="4be1c09f2a77d3e8",
        warnings=(warning(Topic.PUBLIC, text, text), warning(Topic.PLAN, "", text)),
        changes=(
            ChangeView(
                address=text,
                type=text,
                module=text,
                action=Action.UPDATE,
                attributes=(
                    AttributeView(path=text, before=text, after=text, forces_replacement=True),
                    AttributeView(path=text, before=None, after=text),
                ),
            ),
            change(f"b.{text}", Action.CREATE),
            change(f"c.{text}", Action.NO_OP, previous_address=text, imported=True),
        ),
        outputs={text: Action.CREATE},
        estimate=_estimate(text),
        notes=(text, text),
    )
    return Report(
        environments=(environment, alone("prod", failure=text)),
        policies=(
            PolicyFinding(
                stack=text, resource=text, check=text, text=text, severity=text, remedy=text
            ),
            PolicyFinding(stack=text, resource=text, check=text, text=text, skipped=True),
        ),
        policies_baseline=True,
        failures=(
            JobFailure(job=text, url=PIPELINE, text=text),
            JobFailure(job=text, url=f"javascript:{text}"),
        ),
        commit=COMMIT,
        pipeline_id=48211,
        pipeline_url=PIPELINE,
        artifact_url=ARTIFACT,
    )


def _estimate(text: str) -> Estimate:
    cost = amounts(("1", "0"), ("2", "0"))
    line = unstated(text, text, "0.1", text, text)
    resource = ResourceCost(
        address=text, type=text, module=text, cost=cost, before=(OLD,), after=(NEW, line)
    )
    return Estimate(
        total=cost,
        resources=(resource,),
        by_module={text: cost},
        by_tag={text: cost},
        unpriced=(MissingPrice(type=text, why=text, addresses=(text, text)),),
        unknown=(text,),
        unstated=(text,),
        source=text,
    )


def large(resources: int, *, warnings: int | None = None) -> Report:
    """A report of many changed resources, each with a cost and warned of."""
    names = [f"aws_db_instance.database_{number}" for number in range(resources)]
    costs = tuple(
        ResourceCost(
            address=name,
            type="aws_db_instance",
            module="database",
            cost=amounts(("18.25", "0"), ("74.46", "0")),
            before=(OLD,),
            after=(NEW, BACKUP),
        )
        for name in names
    )
    attributes = tuple(
        AttributeView(path=f"attribute_{number}", before="a `value`", after="<b> | @c")
        for number in range(8)
    )
    return Report(
        environments=(
            alone(
                "dev",
                counts=Counts(update=resources),
                fingerprint="4be1c09f2a77d3e8",
                warnings=tuple(
                    warning(Topic.IAM, name, f"is widened by {number}")
                    for number, name in enumerate(names[:warnings])
                ),
                changes=tuple(change(name, Action.UPDATE, *attributes) for name in names),
                outputs=dict.fromkeys(names[:20], Action.UPDATE),
                estimate=Estimate(total=amounts(), resources=costs, unstated=tuple(names)),
            ),
        ),
        policies=tuple(
            PolicyFinding(stack="dev", resource=name, check="CKV_AWS_1", text="is wrong")
            for name in names[:30]
        ),
        commit=COMMIT,
        pipeline_id=48211,
        pipeline_url=PIPELINE,
        artifact_url=ARTIFACT,
    )
