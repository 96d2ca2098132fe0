"""Findings of the policy checks: those that are new on this branch, and those of the plans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.report.content import POLICY_SEVERITIES, Policies, Severity, policies
from pipeline.report.escape import clip, code, prose, with_code
from pipeline.report.model import PolicyFinding, Report
from pipeline.report.numbers import count
from pipeline.report.sections.blocks import FRAME, folded, row, table_head
from pipeline.report.sections.head import TEXT
from pipeline.report.space import Space, more

NO_BASELINE = (
    "There was nothing of the default branch to compare with: old findings are among these."
)
_TITLES = ("Stack", "Resource", "Check")
_SEVERITY = "Severity"


def render(report: Report, space: Space) -> str:
    """What fails with its remedies, what is left open, what is skipped; empty where there is nothing."""
    found = policies(report)
    if not (found.failed or found.undecided or found.skipped):
        return ""
    if not space.take(" " * FRAME, NO_BASELINE):
        return ""
    new = "new " if report.policies_baseline else ""
    blocks = [f"### {new.capitalize()}{'policy' if new else 'Policy'} findings"]
    if not report.policies_baseline:
        blocks.append(NO_BASELINE)
    if found.failed:
        blocks.append(f"{Severity.BAD.value} **Failed** ({_by_severity(found.failed)})")
        blocks += _table(found.failed, "What is wrong", space, severity=True)
        blocks += _remedies(found, space)
    if found.undecided:
        words = "Nobody can say before the apply"
        blocks.append(f"{Severity.NOTE.value} **{words}** ({count(len(found.undecided))})")
        blocks += _table(found.undecided, "What is not known", space)
    if found.skipped:
        words = f"{'Newly skipped' if new else 'Skipped'} with a reason"
        table = _table(found.skipped, "Reason", space)
        # Without a baseline they are all the skips there are: nothing to read first.
        if new:
            blocks += [f"{Severity.NOTE.value} **{words}** ({count(len(found.skipped))})", *table]
        else:
            blocks.append(folded(f"{words} ({count(len(found.skipped))})", *table))
    return "\n\n".join(blocks)


def _by_severity(findings: Sequence[PolicyFinding]) -> str:
    """Such as ``1 critical, 2 high``."""
    numbers = Counter(finding.severity for finding in findings)
    return ", ".join(
        f"{count(number)} {prose(clip(name, TEXT))}" for name, number in numbers.items()
    )


def _table(
    findings: Sequence[PolicyFinding], last: str, space: Space, *, severity: bool = False
) -> list[str]:
    titles = [*([_SEVERITY] if severity else []), *_TITLES, last]
    head = table_head(titles)
    if not space.take(*head, " " * FRAME):
        return [more(0, len(findings))]
    rows = space.lines(
        (_row(finding, severity=severity) for finding in findings), total=len(findings)
    )
    table = ["\n".join((*head, *rows))] if rows else []
    left = more(len(rows), len(findings))
    return [*table, *([left] if left else [])]


def _row(finding: PolicyFinding, *, severity: bool) -> str:
    names = (finding.stack, finding.resource, finding.check)
    mark = POLICY_SEVERITIES.get(finding.severity, Severity.BAD).value
    level = [f"{mark} {prose(clip(finding.severity, TEXT))}"] if severity else []
    return row(
        (*level, *(code(clip(name, TEXT)) for name in names), with_code(clip(finding.text, TEXT)))
    )


def _remedies(found: Policies, space: Space) -> list[str]:
    """How to mend what fails, once for each check."""
    lines = [
        f"- {code(clip(check, TEXT))}: {with_code(clip(remedy, TEXT))}"
        for check, remedy in found.remedies.items()
    ]
    title = "How to mend it:"
    if not lines or not space.take(title, ""):
        return []
    return ["\n".join((title, "", *space.lines(lines, total=len(lines))))]
