"""The report as one note of a merge request, in GitLab Flavoured Markdown."""

from __future__ import annotations

from pipeline.report.escape import link
from pipeline.report.fingerprints import hidden_line
from pipeline.report.model import Report
from pipeline.report.sections import budgets, cost, footer, head, plan, policies, warnings
from pipeline.report.space import Space, size

LIMIT = 900_000
"""Bytes of a note. GitLab takes 1,000,000 characters; a byte is never more than one."""


def render(report: Report, *, marker: str = "", limit: int | None = None) -> str:
    """One note: what changes, what is dangerous, what it costs, then the detail, folded.

    What does not fit is cut from the least important: attributes of changes, names of changes,
    cost by resource, policy findings. The verdict, the table, the warnings (the first of them,
    with the number of the others) and the fingerprints stay.

    Args:
        report: all environments of a pipeline.
        marker: a hidden comment by which the note is found again; it becomes the first line.
        limit: bytes of the note, ``LIMIT`` by default.

    Raises:
        PipelineError: the fingerprints cannot be written.
    """
    top = "\n".join(line for line in (marker, hidden_line(report)) if line)
    begin = [top, head.title(report), head.failures(report), head.findings_line(report)]
    table, end, cut = head.summary(report), footer.render(report), _cut(report)
    space = Space(
        (LIMIT if limit is None else limit) - size("\n\n".join((*begin, table, end, cut)))
    )
    # In the order in which they get space; the reader meets them in the same order.
    details = [
        section.render(report, space) for section in (warnings, budgets, policies, cost, plan)
    ]
    blocks = (*begin, table, cut if space.cut else "", *details, end)
    return "\n\n".join(block for block in blocks if block) + "\n"


def _cut(report: Report) -> str:
    where = link("the job's artifact", report.artifact_url)
    return f"✂ **Cut:** the whole report is in {where}."
