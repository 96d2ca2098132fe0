"""What a report says and in which order, without saying how it looks.

Markdown and terminal show the same: they take their words, their order and their figures here.
All texts are plain; a renderer escapes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import chain

from pipeline.plan.model import Action
from pipeline.report import model
from pipeline.report.model import (
    ChangeView,
    Counts,
    EnvironmentReport,
    PolicyFinding,
    Report,
    StackReport,
    Topic,
)
from pipeline.report.numbers import count


class Severity(Enum):
    """How serious something is; the value is its mark in Markdown."""

    BAD = "🔴"
    CARE = "🟠"
    NOTE = "🟡"
    GOOD = "🟢"


@dataclass(frozen=True, slots=True)
class TopicWords:
    """How a topic of warnings is shown: its severity, its heading and its short name."""

    severity: Severity
    title: str
    short: str


TOPICS: Mapping[Topic, TopicWords] = {
    Topic.REFUSED: TopicWords(Severity.BAD, "AWS would refuse it", "refused by AWS"),
    Topic.DATA_LOSS: TopicWords(Severity.BAD, "Data is lost", "data loss"),
    Topic.CHECK: TopicWords(Severity.BAD, "A condition doesn't hold", "failed check"),
    Topic.DESTROYED: TopicWords(Severity.CARE, "Destroyed or replaced", "destroyed or replaced"),
    Topic.UPGRADE: TopicWords(Severity.CARE, "A database's engine is upgraded", "upgrade"),
    Topic.PUBLIC: TopicWords(Severity.CARE, "Opens to the internet", "public"),
    Topic.IAM: TopicWords(Severity.CARE, "Permissions widen", "IAM"),
    Topic.PROTECTION: TopicWords(Severity.CARE, "A protection goes", "protection"),
    Topic.HARMFUL_DRIFT: TopicWords(
        Severity.CARE, "Opened or lost behind Terraform's back", "harmful drift"
    ),
    Topic.ACTION: TopicWords(Severity.NOTE, "Invoked beside the changes", "action"),
    Topic.DRIFT: TopicWords(Severity.NOTE, "Changed behind Terraform's back", "drift"),
    Topic.PLAN: TopicWords(Severity.NOTE, "The plan is partial", "partial plan"),
}
"""Every topic, most serious first."""


@dataclass(frozen=True, slots=True)
class GroupWords:
    """How changes of one kind are shown: a symbol and a word."""

    symbol: str
    title: str


MOVED = GroupWords(">", "Moved or imported, nothing else")
GROUPS: Mapping[Action, GroupWords] = {
    Action.REPLACE: GroupWords("-/+", "Replaced"),
    Action.DELETE: GroupWords("-", "Destroyed"),
    Action.UPDATE: GroupWords("~", "Changed"),
    Action.CREATE: GroupWords("+", "Created"),
    Action.FORGET: GroupWords(".", "Forgotten (stays in AWS)"),
    Action.READ: MOVED,
    Action.NO_OP: MOVED,
}
"""Every action, most dangerous first."""

COLUMNS: Mapping[str, str] = {
    "create": "Created",
    "update": "Changed",
    "replace": "Replaced",
    "delete": "Destroyed",
    "move": "Moved",
    "imported": "Imported",
    "forget": "Forgotten",
}
ALWAYS = ("create", "update", "replace", "delete")
"""Columns of the summary that are there even when every environment has zero."""
DANGEROUS = ("replace", "delete")

_SYMBOLS = {
    "create": "+",
    "update": "~",
    "replace": "-/+",
    "delete": "-",
    "move": "moved ",
    "imported": "imported ",
    "forget": "forgotten ",
}


def columns(report: Report) -> tuple[str, ...]:
    """The fields of ``Counts`` that the summary shows."""
    return tuple(
        name
        for name in COLUMNS
        if name in ALWAYS or any(getattr(each.counts, name) for each in report.environments)
    )


def without_changes(part: EnvironmentReport | StackReport) -> bool:
    """Whether one line says all of an environment or stack: nothing changes, its cost neither."""
    estimate = part.estimate
    return part.unchanged and (estimate is None or estimate.total.before == estimate.total.after)


def planned(part: EnvironmentReport | StackReport) -> bool:
    """Whether there is a plan, of an environment at least of one of its stacks."""
    return part.planned if isinstance(part, EnvironmentReport) else not part.failure


def outcome(part: EnvironmentReport | StackReport) -> str:
    """An environment or stack in few words: ``+12 ~3``, ``no changes`` or ``no plan``."""
    if not planned(part):
        return "no plan"
    stacks = part.stacks if isinstance(part, EnvironmentReport) else (part,)
    nothing = all(each.unchanged or each.failure for each in stacks)
    text = counts_text(part.counts) or ("no changes" if nothing else "outputs only")
    missing = sum(bool(each.failure) for each in stacks)
    return f"{text}, {missing} of {len(stacks)} stacks without a plan" if missing else text


def rows(report: Report) -> Iterable[tuple[EnvironmentReport | StackReport, str]]:
    """The lines of the summary, each with its label: environments, and stacks where several."""
    for environment in report.environments:
        several = len(environment.stacks) > 1
        number = f" ({len(environment.stacks)} stacks)" if several else ""
        yield environment, f"{environment.name}{number}"
        if several:
            yield from ((stack, stack.name) for stack in environment.stacks)


def counts_text(counts: Counts) -> str:
    """Counts that are not zero, such as ``+12 ~3 -/+1``; empty where all are."""
    return " ".join(
        f"{symbol}{number}"
        for name, symbol in _SYMBOLS.items()
        if (number := getattr(counts, name))
    )


def severity(report: Report) -> Severity:
    """How serious the whole report is."""
    if report.failures or any(each.failures for each in report.environments):
        return Severity.BAD
    found = {level for _, level in findings(report)}
    for level in (Severity.BAD, Severity.CARE, Severity.NOTE):
        if level in found:
            return level
    return Severity.GOOD


def findings(report: Report) -> tuple[tuple[str, Severity], ...]:
    """Everything that asks for attention, each as a few words, such as ``2 public``."""
    warnings = [warning.topic for each in report.stacks for warning in each.warnings]
    estimates = [each.estimate for each in report.stacks if each.estimate]
    over = [verdict.level.value for each in report.environments for verdict in each.budgets]
    refused = {str(missing) for each in estimates for missing in each.refused}
    allowed = {str(missing) for each in estimates for missing in each.unpriced} - refused
    judged = policies(report)
    failed, open_ = len(judged.failed), len(judged.undecided)
    new = "new " if report.policies_baseline else ""
    counted = [
        *((warnings.count(topic), words.short, words.severity) for topic, words in TOPICS.items()),
        (
            over.count("fail"),
            "failed budget" + ("" if over.count("fail") == 1 else "s"),
            Severity.BAD,
        ),
        (
            over.count("warn"),
            "budget warning" + ("" if over.count("warn") == 1 else "s"),
            Severity.CARE,
        ),
        (len(refused), "unpriced " + ("type" if len(refused) == 1 else "types"), Severity.BAD),
        (len(allowed), "allowed without a price", Severity.NOTE),
        (failed, f"{new}policy " + ("failure" if failed == 1 else "failures"), Severity.BAD),
        (open_, "policy " + ("check" if open_ == 1 else "checks") + " left open", Severity.NOTE),
    ]
    return tuple((f"{number} {words}", level) for number, words, level in counted if number)


LISTED = 10
"""Names that one line lists."""


def listing(names: Sequence[str]) -> str:
    """Names in one line, the first ``LISTED`` of them and the number of the others."""
    left = len(names) - LISTED
    return ", ".join(names[:LISTED]) + (f" and {count(left)} more" if left > 0 else "")


@dataclass(frozen=True, slots=True)
class GroupedWarning:
    """One warning for all resources of a stack of which the same is true.

    Attributes:
        stack: its name.
        text: what is true.
        addresses: of which resources; empty where it is the whole plan.
    """

    stack: str
    text: str
    addresses: tuple[str, ...]


NAMED = 3
"""Addresses that a warning of many resources names; the plan below it has them all."""

_EACH = frozenset({Topic.DATA_LOSS, Topic.DESTROYED})
"""Topics in which every resource has a warning of its own."""


def warnings_by_topic(
    stacks: Sequence[StackReport],
) -> Iterable[tuple[TopicWords, int, list[GroupedWarning]]]:
    """Topics that have warnings, most serious first, each with their number and the grouped warnings."""
    for topic, words in TOPICS.items():
        found = [
            (each.name, warning)
            for each in stacks
            for warning in each.warnings
            if warning.topic is topic
        ]
        if found:
            yield words, len(found), _grouped(found, each=topic in _EACH)


def _grouped(found: Sequence[tuple[str, model.PlanWarning]], *, each: bool) -> list[GroupedWarning]:
    grouped: dict[tuple[str, str, str], list[str]] = {}
    for stack, warning in found:
        apart = warning.address if each else ""
        addresses = grouped.setdefault((stack, warning.text, apart), [])
        if warning.address:
            addresses.append(warning.address)
    return [
        GroupedWarning(stack, text, tuple(addresses))
        for (stack, text, _), addresses in grouped.items()
    ]


def changes_by_group(
    changes: Sequence[ChangeView],
) -> Iterable[tuple[GroupWords, list[ChangeView]]]:
    """Groups that have changes, most dangerous first."""
    grouped: dict[GroupWords, list[ChangeView]] = {words: [] for words in GROUPS.values()}
    for change in changes:
        grouped[GROUPS[change.action]].append(change)
    return ((words, found) for words, found in grouped.items() if found)


def remark(change: ChangeView) -> str:
    """What a change's line says beside its address: where it moves from, that it is imported."""
    remarks = []
    if change.previous_address is not None:
        remarks.append(f"moved from {change.previous_address}")
    if change.imported:
        remarks.append("imported")
    return ", ".join(remarks)


POLICY_SEVERITIES: Mapping[str, Severity] = {
    "critical": Severity.BAD,
    "high": Severity.BAD,
    "medium": Severity.CARE,
    "low": Severity.NOTE,
}
"""Severity of a policy check to its mark, worst first; all of them fail."""


@dataclass(frozen=True, slots=True)
class Policies:
    """What the policy checks found, of the synthesised stacks and of the plans together.

    Attributes:
        failed: what must be mended, worst first.
        undecided: what nobody can say before the apply.
        skipped: what is skipped with a reason.
    """

    failed: tuple[PolicyFinding, ...]
    undecided: tuple[PolicyFinding, ...]
    skipped: tuple[PolicyFinding, ...]

    @property
    def remedies(self) -> Mapping[str, str]:
        """Check to how to mend what it found, worst first."""
        return {each.check: each.remedy for each in self.failed if each.remedy}


def policies(report: Report) -> Policies:
    """The findings of a report. What a stack's JSON and its plan say both, is said once."""
    found = {
        (each.stack, each.resource, each.check): each
        for each in chain(
            chain.from_iterable(stack.policies for stack in report.stacks), report.policies
        )
    }
    order = list(POLICY_SEVERITIES)
    ordered = sorted(
        found.values(),
        key=lambda each: (order.index(each.severity) if each.severity in order else 0, each),
    )
    return Policies(
        failed=tuple(each for each in ordered if each.fails),
        undecided=tuple(each for each in ordered if each.undecided),
        skipped=tuple(each for each in ordered if each.skipped),
    )
