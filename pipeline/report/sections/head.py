"""The top of the note: the verdict, what failed, the summary table."""

from __future__ import annotations

from pipeline.report import costs
from pipeline.report.content import (
    COLUMNS,
    DANGEROUS,
    Severity,
    columns,
    findings,
    outcome,
    planned,
    rows,
    severity,
    without_changes,
)
from pipeline.report.escape import clip, code, link, prose
from pipeline.report.model import EnvironmentReport, Report, StackReport
from pipeline.report.numbers import count, counted
from pipeline.report.sections.blocks import figure, row, table_head

FAILURES = 20
"""Failed jobs that are listed."""
TEXT = 600
"""Characters of one line that another program wrote."""


_UNCHANGED = "no&nbsp;changes"
_NO_PLAN = "no&nbsp;plan"


def title(report: Report) -> str:
    """Such as ``## 🟠 Plan: dev `+12 ~3` · prod no changes · +41.20 USD a month``."""
    pieces = [f"{prose(each.name)} {_outcome(each)}" for each in report.environments] or ["none"]
    if report.failures:
        pieces.append(f"{counted(len(report.failures), 'job')} failed")
    cost = costs.headline(report)
    return f"## {severity(report).value} Plan: " + " · ".join(
        [*pieces, *([figure(cost)] * bool(cost))]
    )


def findings_line(report: Report) -> str:
    """One line that counts what asks for attention; empty where nothing does."""
    found = findings(report)
    bold = (Severity.BAD, Severity.CARE)
    return " · ".join(f"**{words}**" if level in bold else words for words, level in found)


def failures(report: Report) -> str:
    """Jobs that failed and environments or stacks without a plan; empty where there are none."""
    lines = [
        f"- {Severity.BAD.value} {link(code(each.job), each.url)}" + _why(each.text)
        for each in report.failures
    ] + [
        f"- {Severity.BAD.value} {code(name)} has no plan" + _why(failure)
        for each in report.environments
        for name, failure in each.failures
    ]
    if not lines:
        return ""
    left = len(lines) - FAILURES
    return "\n".join(
        ["### Failed", "", *lines[:FAILURES], *([f"- and {count(left)} more"] if left > 0 else [])]
    )


def summary(report: Report) -> str:
    """The table: counts and cost of each environment, and of its stacks where it has several."""
    if not report.environments:
        return ""
    names = columns(report)
    priced = any(each.estimate for each in report.environments)
    titles = ["Environment", *(COLUMNS[name] for name in names)]
    if priced:
        titles.append("USD a month: before → after (difference)")
    return "\n".join(
        (
            *table_head(titles, right=len(titles) - 1),
            *(_row(part, label, names, priced=priced) for part, label in rows(report)),
        )
    )


def _outcome(environment: EnvironmentReport) -> str:
    text = outcome(environment)
    # In a code span: GitLab would make a label of "~3".
    return f"`{text}`" if text[0] in "+~-" else text


def _why(text: str) -> str:
    return f": {prose(clip(text, TEXT))}" if text else ""


def _row(
    part: EnvironmentReport | StackReport, label: str, names: tuple[str, ...], *, priced: bool
) -> str:
    if not planned(part):
        cells = [_NO_PLAN, *[costs.NONE] * (len(names) - 1)]
    elif without_changes(part):
        cells = [_UNCHANGED, *[costs.NONE] * (len(names) - 1)]
    else:
        cells = [_count(name, getattr(part.counts, name)) for name in names]
    return row([code(label), *cells, *([_cost(part)] if priced else [])])


def _count(name: str, number: int) -> str:
    if not number:
        return costs.NONE
    return f"**{count(number)}**" if name in DANGEROUS else count(number)


def _cost(part: EnvironmentReport | StackReport) -> str:
    estimate = part.estimate
    if estimate is None:
        return "not estimated"
    total = figure(costs.total(estimate))
    if without_changes(part):
        return f"{total} (unchanged)"
    return "<br>".join((f"**{total}**", *map(figure, costs.parts(estimate))))
