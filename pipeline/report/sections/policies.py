"""Findings of the policy checks that are new on this branch."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.report.content import Severity, policies
from pipeline.report.escape import clip, code, prose
from pipeline.report.model import PolicyFinding, Report
from pipeline.report.numbers import count
from pipeline.report.sections.blocks import FRAME, folded, row, table_head
from pipeline.report.sections.head import TEXT
from pipeline.report.space import Space, more

NO_BASELINE = (
    "There was nothing of the default branch to compare with: old findings are among these."
)
_TITLES = ("Stack", "Resource", "Check", "")


def render(report: Report, space: Space) -> str:
    """What fails, then what is skipped with its reason; empty where there is nothing."""
    failed, skipped = policies(report)
    if (not failed and not skipped) or not space.take(" " * FRAME, NO_BASELINE):
        return ""
    new = "new " if report.policies_baseline else ""
    blocks = [f"### {new.capitalize()}{'policy' if new else 'Policy'} findings"]
    if not report.policies_baseline:
        blocks.append(NO_BASELINE)
    if failed:
        blocks.append(f"{Severity.BAD.value} **Failed** ({count(len(failed))})")
        blocks += _table(failed, "What is wrong", space)
    if skipped:
        words = f"{'Newly skipped' if new else 'Skipped'} with a reason"
        table = _table(skipped, "Reason", space)
        # Without a baseline they are all the skips there are: nothing to read first.
        if new:
            blocks += [f"{Severity.NOTE.value} **{words}** ({count(len(skipped))})", *table]
        else:
            blocks.append(folded(f"{words} ({count(len(skipped))})", *table))
    return "\n\n".join(blocks)


def _table(findings: Sequence[PolicyFinding], last: str, space: Space) -> list[str]:
    head = table_head([*_TITLES[:-1], last])
    if not space.take(*head, " " * FRAME):
        return [more(0, len(findings))]
    rows = space.lines((_row(finding) for finding in findings), total=len(findings))
    table = ["\n".join((*head, *rows))] if rows else []
    left = more(len(rows), len(findings))
    return [*table, *([left] if left else [])]


def _row(finding: PolicyFinding) -> str:
    names = (finding.stack, finding.resource, finding.check)
    return row((*(code(clip(name, TEXT)) for name in names), prose(clip(finding.text, TEXT))))
