"""Compares what would be applied with what was reviewed in the merge request."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pipeline.errors import PipelineError, Status
from pipeline.plan.model import Action, Plan

ACCEPT_VARIABLE = "ACCEPT_PLAN"
"""The variable in which an operator names the fingerprint that a second look accepted."""


class Verdict(StrEnum):
    """How one environment's plan relates to the reviewed one."""

    SAME = "same"
    """It is what was reviewed."""
    EMPTY = "empty"
    """It changes nothing, so there is nothing to review."""
    ACCEPTED = "accepted"
    """It is not what was reviewed, and an operator named exactly this plan."""
    DIFFERENT = "different"
    """It is not what was reviewed."""
    UNREVIEWED = "unreviewed"
    """There is no reviewed plan of this environment."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """The verdict on each environment.

    Attributes:
        verdicts: environment to verdict.
        planned: environment to the fingerprint of what would be applied.
        reviewed: environment to the fingerprint of what was reviewed, where there is one.
        accepted: the fingerprint that the operator named; empty where none.
    """

    verdicts: Mapping[str, Verdict]
    planned: Mapping[str, str]
    reviewed: Mapping[str, str]
    accepted: str

    def raise_for(self, environment: str) -> None:
        """Raise where an environment's plan needs a second look.

        Raises:
            PipelineError: it differs from what was reviewed (DIFFERENT_PLAN), or nothing was
                reviewed (UNREVIEWED).
        """
        verdict = self.verdicts[environment]
        if verdict not in (Verdict.DIFFERENT, Verdict.UNREVIEWED):
            return
        planned = self.planned[environment]
        if verdict is Verdict.DIFFERENT:
            what = f"reviewed was {self.reviewed[environment]}, to be applied is {planned}"
            status = Status.DIFFERENT_PLAN
        else:
            what = f"no reviewed plan was found, to be applied is {planned}"
            status = Status.UNREVIEWED
        refused = f" ({ACCEPT_VARIABLE}={self.accepted} is another plan)" if self.accepted else ""
        raise PipelineError(
            f"{environment}: {what}{refused}; look at this pipeline's plan, and to accept it "
            f"press play with {ACCEPT_VARIABLE}={planned}",
            status,
        )


def compare(
    planned: Mapping[str, str],
    reviewed: Mapping[str, str] | None,
    *,
    accepted: str = "",
    empty: Collection[str] = (),
) -> Comparison:
    """Compare fingerprints, environment by environment.

    Args:
        planned: environment to the fingerprint of what would be applied.
        reviewed: environment to the fingerprint in the merge request's comment; ``None`` where
            there is no such comment.
        accepted: the value of ``ACCEPT_PLAN``: one whole fingerprint, or empty.
        empty: environments whose plan changes nothing.
    """
    known = {name: mark for name, mark in (reviewed or {}).items() if mark}
    accepted = " ".join(accepted.split())

    def verdict(environment: str, fingerprint: str) -> Verdict:
        if environment in empty:
            return Verdict.EMPTY
        if known.get(environment) == fingerprint:
            return Verdict.SAME
        if accepted and accepted == fingerprint:
            return Verdict.ACCEPTED
        return Verdict.DIFFERENT if environment in known else Verdict.UNREVIEWED

    return Comparison(
        verdicts={name: verdict(name, mark) for name, mark in planned.items()},
        planned=planned,
        reviewed=known,
        accepted=accepted,
    )


def changes_nothing(plan: Plan) -> bool:
    """Whether applying the plan would change neither a resource nor an output."""
    return not plan.changed and all(act is Action.NO_OP for act in plan.outputs.values())
