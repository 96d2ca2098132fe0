"""Compares what would be applied with what was reviewed in the merge request."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.errors import PipelineError, Status
from pipeline.plan.model import Action, Plan

ACCEPT_VARIABLE = "ACCEPT_PLAN"
"""The variable in which an operator names the fingerprints that a second look accepted."""


class Verdict(StrEnum):
    """How one stack's plan relates to the reviewed one."""

    SAME = "same"
    """It is what was reviewed."""
    EMPTY = "empty"
    """It changes nothing, so there is nothing to review."""
    ACCEPTED = "accepted"
    """It is not what was reviewed, and an operator named exactly this plan."""
    DIFFERENT = "different"
    """It is not what was reviewed."""
    UNREVIEWED = "unreviewed"
    """There is no reviewed plan of this stack."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """The verdict on each stack.

    Attributes:
        verdicts: stack to verdict.
        planned: stack to the fingerprint of what would be applied.
        reviewed: stack to the fingerprint of what was reviewed, where there is one.
        accepted: the fingerprints that the operator named.
    """

    verdicts: Mapping[str, Verdict]
    planned: Mapping[str, str]
    reviewed: Mapping[str, str]
    accepted: Sequence[str]

    def raise_for(self, *stacks: str) -> None:
        """Raise where the plan of one of these stacks needs a second look.

        Args:
            stacks: those of one environment, which are applied together.

        Raises:
            PipelineError: one differs from what was reviewed (DIFFERENT_PLAN), or was not
                reviewed (UNREVIEWED).
        """
        open_verdicts = (Verdict.DIFFERENT, Verdict.UNREVIEWED)
        open_stacks = [name for name in stacks if self.verdicts[name] in open_verdicts]
        if not open_stacks:
            return
        # They are accepted together, beside those that are accepted already.
        to_look_at = (*open_verdicts, Verdict.ACCEPTED)
        accept = [self.planned[name] for name in stacks if self.verdicts[name] in to_look_at]
        named = ",".join(self.accepted)
        refused = f" ({ACCEPT_VARIABLE}={named} is another plan)" if named else ""
        different = any(self.verdicts[name] is Verdict.DIFFERENT for name in open_stacks)
        raise PipelineError(
            f"{'; '.join(map(self._difference, open_stacks))}{refused}; look at this pipeline's "
            f"plan, and to accept it press play with {ACCEPT_VARIABLE}={','.join(accept)}",
            Status.DIFFERENT_PLAN if different else Status.UNREVIEWED,
        )

    def _difference(self, stack: str) -> str:
        planned = self.planned[stack]
        if self.verdicts[stack] is Verdict.DIFFERENT:
            return f"{stack}: reviewed was {self.reviewed[stack]}, to be applied is {planned}"
        return f"{stack}: no reviewed plan was found, to be applied is {planned}"


def compare(
    planned: Mapping[str, str],
    reviewed: Mapping[str, str] | None,
    *,
    accepted: str = "",
    empty: Collection[str] = (),
) -> Comparison:
    """Compare fingerprints, stack by stack.

    Args:
        planned: stack to the fingerprint of what would be applied.
        reviewed: stack to the fingerprint in the merge request's comment; ``None`` where there
            is no such comment.
        accepted: the value of ``ACCEPT_PLAN``: whole fingerprints separated by commas, or empty.
            Nothing is accepted where one of them is no plan of these.
        empty: stacks whose plan changes nothing.
    """
    known = {name: mark for name, mark in (reviewed or {}).items() if mark}
    named = tuple(mark.strip() for mark in accepted.split(",") if mark.strip())
    acceptable = frozenset(named) if set(named) <= set(planned.values()) else frozenset()

    def verdict(stack: str, fingerprint: str) -> Verdict:
        if stack in empty:
            return Verdict.EMPTY
        if known.get(stack) == fingerprint:
            return Verdict.SAME
        if fingerprint in acceptable:
            return Verdict.ACCEPTED
        return Verdict.DIFFERENT if stack in known else Verdict.UNREVIEWED

    return Comparison(
        verdicts={name: verdict(name, mark) for name, mark in planned.items()},
        planned=planned,
        reviewed=known,
        accepted=named,
    )


def changes_nothing(plan: Plan) -> bool:
    """Whether applying the plan would change neither a resource nor an output."""
    return not plan.changed and all(act is Action.NO_OP for act in plan.outputs.values())
