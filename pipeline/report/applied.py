"""The note that an apply leaves on the merge request that brought the change."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pipeline.errors import Status
from pipeline.plan.model import Action, Plan
from pipeline.plan.secrets import mask_text
from pipeline.report.escape import code, link

MARKER = "applied"
"""The kind of note, followed by ``:`` and the environment."""

_MOST = 500
"""Changes that are listed; the job's log has them all."""

_WHAT_NOW = (
    "What it reached stays. The old plan is spent: a new one is made by the pipeline that follows "
    "this one, and waits there for a person."
)

_UNTOUCHED = frozenset(Status) - {Status.APPLY_FAILED}


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What came of an apply.

    Attributes:
        environment: its name.
        changes: action and address of everything that the plan did.
        fingerprint: of the plan.
        failure: why it failed or was refused, in one line; empty where it was applied.
        status: the exit status.
    """

    environment: str
    changes: tuple[tuple[Action, str], ...] = ()
    fingerprint: str = ""
    failure: str = ""
    status: Status = Status.OK

    @classmethod
    def succeeded(cls, plan: Plan, fingerprint: str) -> Outcome:
        """The plan was applied."""
        changes = tuple((change.action, mask_text(change.address)) for change in plan.changed)
        return cls(environment=plan.environment, changes=changes, fingerprint=fingerprint)

    @classmethod
    def failed(cls, environment: str, failure: str, status: Status) -> Outcome:
        """It was refused, or Terraform failed on the way."""
        return cls(environment=environment, failure=failure, status=status)


def render(outcome: Outcome, *, job_url: str, commit: str, pipeline_id: int) -> str:
    """The note as Markdown, its first line the one by which it is found again.

    Args:
        outcome: what came of the apply.
        job_url: the job's page.
        commit: what was applied.
        pipeline_id: by which an older pipeline's note is told from a newer one's.
    """
    first = f"<!-- mapvibe:{MARKER}:{outcome.environment} pipeline={pipeline_id} -->"
    where = f"{link('job', job_url)} · commit {code(commit[:8])}"
    blocks = _failure(outcome) if outcome.failure else _success(outcome)
    return "\n\n".join((first, *blocks, f"{where}{_mark(outcome)}")) + "\n"


def _mark(outcome: Outcome) -> str:
    return f" · plan {code(outcome.fingerprint)}" if outcome.fingerprint else ""


def _failure(outcome: Outcome) -> list[str]:
    if outcome.status in _UNTOUCHED:
        return [
            f"### 🛑 {outcome.environment}: not applied",
            code(outcome.failure),
            "Nothing was changed.",
        ]
    return [
        f"### ❌ {outcome.environment}: the apply failed on the way",
        code(outcome.failure),
        _WHAT_NOW,
    ]


def _success(outcome: Outcome) -> list[str]:
    if not outcome.changes:
        return [f"### ✅ {outcome.environment}: applied, no changes"]
    counts = Counter(action for action, _ in outcome.changes)
    summary = ", ".join(f"{number} {action}" for action, number in sorted(counts.items()))
    lines = [f"- {action} {code(address)}" for action, address in outcome.changes[:_MOST]]
    more = len(outcome.changes) - _MOST
    if more > 0:
        lines.append(f"- and {more} more, in the job's log")
    return [
        f"### ✅ {outcome.environment}: applied ({summary})",
        "<details><summary>What was changed</summary>",
        "\n".join(lines),
        "</details>",
    ]
