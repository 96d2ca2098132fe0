"""The note that an apply leaves on the merge request that brought the change."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pipeline.plan.model import Action, Plan
from pipeline.plan.secrets import mask_text
from pipeline.report.escape import clip, code, link

_MOST = 500
"""Changes that are listed; the job's log has them all."""
_LONGEST = 200
"""Characters of an address: with all of them listed the note stays below GitLab's limit."""
_LONGEST_FAILURE = 2000

_WHAT_NOW = (
    "What it reached stays. The old plan is spent: a new one is made by the pipeline that follows "
    "this one, and waits there for a person."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What came of an apply.

    Attributes:
        environment: its name.
        changes: action and address of everything that the plan did.
        outputs: whether it changed outputs.
        fingerprint: of the plan.
        failure: why it failed or was refused, in one line; empty where it was applied.
        touched: it failed when Terraform may have changed something already.
    """

    environment: str
    changes: tuple[tuple[Action, str], ...] = ()
    outputs: bool = False
    fingerprint: str = ""
    failure: str = ""
    touched: bool = False

    @classmethod
    def succeeded(cls, plan: Plan, fingerprint: str) -> Outcome:
        """The plan was applied."""
        return cls(
            environment=plan.environment,
            changes=tuple((change.action, mask_text(change.address)) for change in plan.changed),
            outputs=bool(plan.outputs),
            fingerprint=fingerprint,
        )

    @classmethod
    def failed(cls, environment: str, failure: str, *, touched: bool) -> Outcome:
        """It was refused, or Terraform failed on the way."""
        return cls(environment=environment, failure=failure, touched=touched)


def render(outcome: Outcome, *, marker: str, job_url: str, commit: str) -> str:
    """The note as Markdown.

    Args:
        outcome: what came of the apply.
        marker: a hidden comment by which the note is found again; it becomes the first line.
        job_url: the job's page.
        commit: what was applied.
    """
    blocks = _failure(outcome) if outcome.failure else _success(outcome)
    where = f"{link('job', job_url)} · commit {code(commit[:8])}"
    mark = f" · plan {code(outcome.fingerprint)}" if outcome.fingerprint else ""
    return "\n\n".join((marker, *blocks, where + mark)) + "\n"


def _failure(outcome: Outcome) -> list[str]:
    failure = code(clip(outcome.failure, _LONGEST_FAILURE))
    if outcome.touched:
        return [f"### ❌ {outcome.environment}: the apply failed on the way", failure, _WHAT_NOW]
    return [f"### 🛑 {outcome.environment}: not applied", failure, "Nothing was changed."]


def _success(outcome: Outcome) -> list[str]:
    if not outcome.changes:
        what = "outputs only" if outcome.outputs else "no changes"
        return [f"### ✅ {outcome.environment}: applied, {what}"]
    counts = Counter(action for action, _ in outcome.changes)
    summary = ", ".join(f"{number} {action}" for action, number in sorted(counts.items()))
    lines = [
        f"- {action} {code(clip(address, _LONGEST))}" for action, address in outcome.changes[:_MOST]
    ]
    more = len(outcome.changes) - _MOST
    if more > 0:
        lines.append(f"- and {more} more, in the job's log")
    return [
        f"### ✅ {outcome.environment}: applied ({summary})",
        "<details><summary>What was changed</summary>",
        "\n".join(lines),
        "</details>",
    ]
