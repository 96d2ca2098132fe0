"""What somebody changed behind Terraform's back, and the plan would undo."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.plan.model import Action, Change, Plan
from pipeline.report.model import PlanWarning, Topic

_NAMED = 5


def drifted(plan: Plan) -> Iterator[PlanWarning]:
    """A warning for each resource that somebody deleted or changed outside Terraform.

    Terraform lists everything that it reads otherwise than it remembers, such as the routes that a
    route table got after it was made. What counts is what the plan would change back: an attribute
    that differs from the state and from the configuration.
    """
    planned = {change.address: change for change in plan.changed}
    for change in plan.drift:
        if change.action == Action.DELETE:
            text = "was deleted outside Terraform; the plan would create it again"
        elif names := _reverted(change, planned.get(change.address)):
            more = len(names) - _NAMED
            named = ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
            text = f"was changed outside Terraform: {named}"
        else:
            continue
        yield PlanWarning(topic=Topic.DRIFT, address=change.address, text=text)


def _reverted(drift: Change, planned: Change | None) -> list[str]:
    """Names of the attributes that drifted and that the plan changes."""
    return sorted(_differing(drift) & _differing(planned)) if planned else []


def _differing(change: Change) -> set[str]:
    before, after = change.before or {}, change.after or {}
    # Providers tell null, an empty text and no items alike.
    return {
        name
        for name in {*before, *after}
        if (before.get(name) or None) != (after.get(name) or None)
    }
