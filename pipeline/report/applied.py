"""The note that an apply leaves on the merge request that brought the change."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pipeline.plan.model import Action, Plan
from pipeline.plan.secrets import mask_text
from pipeline.report.escape import clip, code, link
from pipeline.report.numbers import counted

_MOST = 500
"""Changes that are listed, of all stacks; the job's log has them all."""
_LONGEST = 200
"""Characters of an address: with all of them listed the note stays below GitLab's limit."""
_LONGEST_FAILURE = 2000

_WHAT_NOW = (
    "What it reached stays. The old plan is spent: a new one is made by the pipeline that follows "
    "this one, and waits there for a person."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class StackOutcome:
    """A stack that was applied.

    Attributes:
        name: how reports call it.
        changes: action and address of everything that the plan did.
        outputs: whether it changed outputs.
        fingerprint: of the plan.
    """

    name: str
    changes: tuple[tuple[Action, str], ...] = ()
    outputs: bool = False
    fingerprint: str = ""

    @classmethod
    def of(cls, plan: Plan, fingerprint: str) -> StackOutcome:
        """The plan was applied."""
        return cls(
            name=plan.stack,
            changes=tuple((change.action, mask_text(change.address)) for change in plan.changed),
            outputs=bool(plan.outputs),
            fingerprint=fingerprint,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What came of an apply.

    Attributes:
        environment: its name.
        stacks: those that were applied, in order.
        failure: why it failed or was refused, in one line; empty where all were applied.
        failed: the stack at which it failed; empty where a guard refused all of them.
        untouched: the stacks after that one.
        touched: it failed when Terraform may have changed something already.
    """

    environment: str
    stacks: tuple[StackOutcome, ...] = ()
    failure: str = ""
    failed: str = ""
    untouched: tuple[str, ...] = ()
    touched: bool = False


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
    marks = [
        f"{code(each.name)} {code(each.fingerprint)}"
        if len(outcome.stacks) > 1
        else code(each.fingerprint)
        for each in outcome.stacks
        if each.fingerprint
    ]
    plans = f" · plan {', '.join(marks)}" if marks else ""
    return "\n\n".join((marker, *blocks, where + plans)) + "\n"


def _failure(outcome: Outcome) -> list[str]:
    failure = code(clip(outcome.failure, _LONGEST_FAILURE))
    if not outcome.touched:
        return [f"### 🛑 {outcome.environment}: not applied", failure, "Nothing was changed."]
    title = f"### ❌ {outcome.environment}: the apply failed on the way"
    several = outcome.stacks or outcome.untouched
    return [title, failure, *([_by_stack(outcome)] if several else []), _WHAT_NOW]


def _by_stack(outcome: Outcome) -> str:
    """Which stacks are applied, which one failed, and which are untouched."""
    lines = [f"- ✅ {code(each.name)} applied ({_what(each)})" for each in outcome.stacks]
    if outcome.failed:
        lines.append(f"- ❌ {code(outcome.failed)} failed")
    lines += [f"- {code(name)} untouched" for name in outcome.untouched]
    return "\n".join(lines)


def _success(outcome: Outcome) -> list[str]:
    title = f"### ✅ {outcome.environment}: applied"
    if len(outcome.stacks) == 1:
        (stack,) = outcome.stacks
        what = f" ({_what(stack)})" if stack.changes else f", {_what(stack)}"
        return [title + what, *_changes(stack, "What was changed", _MOST)]
    blocks = [f"{title}, {counted(len(outcome.stacks), 'stack')}", _by_stack(outcome)]
    for stack in outcome.stacks:
        most = _MOST // len(outcome.stacks)
        blocks += _changes(stack, f"What was changed in {stack.name}", most)
    return blocks


def _what(stack: StackOutcome) -> str:
    """Such as ``2 create, 1 update``, ``outputs only`` or ``no changes``."""
    counts = Counter(action for action, _ in stack.changes)
    summary = ", ".join(f"{number} {action}" for action, number in sorted(counts.items()))
    return summary or ("outputs only" if stack.outputs else "no changes")


def _changes(stack: StackOutcome, title: str, most: int) -> list[str]:
    if not stack.changes:
        return []
    lines = [
        f"- {action} {code(clip(address, _LONGEST))}" for action, address in stack.changes[:most]
    ]
    more = len(stack.changes) - most
    if more > 0:
        lines.append(f"- and {more} more, in the job's log")
    return [f"<details><summary>{title}</summary>", "\n".join(lines), "</details>"]
