"""Conditions that don't hold, and actions that an apply invokes beside its changes."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.plan.model import Plan
from pipeline.report.model import PlanWarning, Topic

_STATUS = {"fail": "doesn't hold", "error": "can't be evaluated"}


def failed_checks(plan: Plan) -> Iterator[PlanWarning]:
    """A warning for each condition that doesn't hold; Terraform itself goes on all the same."""
    for check in plan.failed_checks:
        why = f": {'; '.join(check.problems)}" if check.problems else ""
        text = f"{_STATUS[check.status]}{why}"
        yield PlanWarning(topic=Topic.CHECK, address=check.address, text=text)


def invocations(plan: Plan) -> Iterator[PlanWarning]:
    """A warning for each action that the apply invokes."""
    for address in plan.invoked:
        text = "is invoked by the apply; a plan doesn't show what it does"
        yield PlanWarning(topic=Topic.ACTION, address=address, text=text)
