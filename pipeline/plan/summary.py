"""What a plan would do, as it may be shown, and its fingerprint, from one look at its values."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.plan.attributes import masked, shown
from pipeline.plan.fingerprint import content, digest
from pipeline.plan.masking import with_secrecy
from pipeline.plan.model import Plan
from pipeline.report.model import ChangeView


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """Nothing in it is secret.

    Attributes:
        changes: what the plan would do.
        masked: the number of values that were masked.
        fingerprint: of the plan.
    """

    changes: tuple[ChangeView, ...]
    masked: int
    fingerprint: str


def summarise(plan: Plan) -> Summary:
    """The same as ``views`` and ``fingerprint``: which values differ and are secret is found once."""
    changes, contents = [], []
    for change in plan.changed:
        # Of what is destroyed nothing is shown but its name.
        leaves = [] if change.after is None else with_secrecy(change)
        changes.append(shown(change, leaves))
        contents.append(content(change, leaves))
    return Summary(
        changes=tuple(changes),
        masked=sum(map(masked, changes)),
        fingerprint=digest(plan, contents),
    )
