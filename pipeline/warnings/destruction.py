"""What is destroyed, replaced or let go."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.plan.model import Action, Change, Plan
from pipeline.report.model import PlanWarning, Topic
from pipeline.warnings.data import HOLDS


def destroyed(plan: Plan) -> Iterator[PlanWarning]:
    """A warning for each resource that goes, and for each that Terraform forgets."""
    for change in plan.changed:
        if change.action == Action.FORGET:
            text = "leaves Terraform's state and stays in AWS, unmanaged and billed"
            yield PlanWarning(topic=Topic.DESTROYED, address=change.address, text=text)
        elif change.action in (Action.DELETE, Action.REPLACE):
            yield _warning(change)


def _warning(change: Change) -> PlanWarning:
    verb = "is replaced" if change.action == Action.REPLACE else "is destroyed"
    if change.deposed:
        verb += " (left over from an interrupted replacement)"
    if change.replace_paths:
        forced = ", ".join(sorted({str(path[0]) for path in change.replace_paths if path}))
        verb += f", because of {forced}"
    lost = HOLDS.get(change.type)
    if lost is None:
        return PlanWarning(topic=Topic.DESTROYED, address=change.address, text=verb)
    text = f"{verb}: {lost} will be lost{_final_snapshot(change)}"
    return PlanWarning(topic=Topic.DATA_LOSS, address=change.address, text=text)


def _final_snapshot(change: Change) -> str:
    """What AWS keeps of a database, as its own attributes say."""
    skipped = (change.before or {}).get("skip_final_snapshot")
    if skipped is None:
        return ""
    return ", and no final snapshot is taken" if skipped else "; a final snapshot is taken"
