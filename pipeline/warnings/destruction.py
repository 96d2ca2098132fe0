"""What is destroyed, replaced or let go."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.plan.model import Action, Change, Plan
from pipeline.plan.values import as_map
from pipeline.report.model import PlanWarning, Topic
from pipeline.warnings.data import is_undecided, lost_with

_LEFT = "leaves Terraform's state and stays in AWS, unmanaged and billed"


def destroyed(plan: Plan) -> Iterator[PlanWarning]:
    """A warning for each resource that goes, and for each that Terraform forgets."""
    for change in plan.changed:
        if change.action is Action.FORGET:
            yield PlanWarning(topic=Topic.DESTROYED, address=change.address, text=_LEFT)
        elif change.action in (Action.DELETE, Action.REPLACE):
            yield _warning(change)


def _warning(change: Change) -> PlanWarning:
    verb = "is replaced" if change.action is Action.REPLACE else "is destroyed"
    if change.deposed:
        verb += " (left over from an interrupted replacement)"
    if change.replace_paths:
        forced = ", ".join(sorted({str(path[0]) for path in change.replace_paths if path}))
        verb += f", because of {forced}"
    topic = Topic.DESTROYED
    if change.leaves_old:
        text = f"{verb}: the old one {_LEFT}"
    elif lost := lost_with(change.type):
        topic = Topic.DATA_LOSS
        text = f"{verb}: {lost} will be lost{_final_snapshot(change)}"
    elif is_undecided(change.type):
        text = f"{verb}; nobody decided whether it holds data"
    else:
        text = verb
    return PlanWarning(topic=topic, address=change.address, text=text)


def _final_snapshot(change: Change) -> str:
    """What AWS keeps of a database, as its own attributes say."""
    skipped = as_map(change.before).get("skip_final_snapshot")
    if not isinstance(skipped, bool):
        return ""
    return ", and no final snapshot is taken" if skipped else "; a final snapshot is taken"
