"""What somebody changed behind Terraform's back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.plan.model import Action, Change, Plan
from pipeline.report.model import PlanWarning, Topic

_NAMED = 5


def drifted(plan: Plan) -> Iterator[PlanWarning]:
    """A warning for each resource that is not as the state remembers it."""
    for change in plan.drift:
        if change.action == Action.DELETE:
            text = "was deleted outside Terraform; the plan would create it again"
        else:
            text = f"was changed outside Terraform: {_differing(change)}"
        yield PlanWarning(topic=Topic.DRIFT, address=change.address, text=text)


def _differing(change: Change) -> str:
    """Names of the attributes that differ, without their values."""
    before: Mapping[str, object] = change.before or {}
    after: Mapping[str, object] = change.after or {}
    names = [n for n in sorted({*before, *after}) if before.get(n) != after.get(n)]
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
