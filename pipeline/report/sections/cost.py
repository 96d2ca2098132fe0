"""The cost by resource, by line, by module and by tag, folded; one part a stack."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from pipeline.cost.model import Estimate, ResourceCost
from pipeline.report import costs
from pipeline.report.content import without_changes
from pipeline.report.escape import clip, code, html_code, prose
from pipeline.report.model import Report, StackReport
from pipeline.report.numbers import counted
from pipeline.report.sections.blocks import FRAME, figure, folded, row, table_head
from pipeline.report.sections.head import TEXT
from pipeline.report.space import Space, more

_RESOURCES = ("Resource", "Baseline (fixed)", "Usage", "Before", "After", "Difference")
_LINES = ("Resource", "What", f"Quantity {costs.TIMES} price", "Before", "After")
_TOTALS = ("Fixed", "Usage", "Total: before → after (difference)")


def render(report: Report, space: Space) -> str:
    """A folded part for each stack whose plan or cost changes; empty where none."""
    parts = [
        _stack(each, each.estimate, space)
        for each in report.stacks
        if each.estimate and not without_changes(each)
    ]
    shown = [part for part in parts if part]
    return "\n\n".join(["### Cost detail (USD a month)", *shown]) if shown else ""


def _stack(stack: StackReport, estimate: Estimate, space: Space) -> str:
    summary = (
        f"{html_code(stack.name)} {html.escape(costs.total(estimate))}: "
        f"{counted(len(estimate.resources), 'resource')} with a cost, {estimate.free:,} free"
    )
    source = f"Prices: {prose(clip(estimate.source, TEXT))}" if estimate.source else ""
    if not space.take(summary, source, " " * FRAME):
        return ""
    resources = costs.ordered(estimate.resources)
    unstated = costs.modules_open(resources)
    return folded(
        summary,
        source,
        *_notes("Not known before the apply, not in the total", estimate.unknown, space),
        *_notes("Usage that nobody stated, not in the total", estimate.unstated, space),
        *_resources(resources, space),
        *_totals("Module", costs.by_name(estimate.by_module, leave_out=unstated), space),
        *_totals("Tag", costs.by_name(estimate.by_tag), space),
        *_lines(resources, space),
    )


def _resources(resources: Sequence[ResourceCost], space: Space) -> list[str]:
    rows = (_resource(costs.resource_row(each)) for each in resources)
    return _table(table_head(_RESOURCES, right=5), rows, len(resources), space)


def _resource(resource: costs.ResourceRow) -> str:
    figures = (resource.fixed, resource.usage, resource.before, resource.after)
    return row(
        (
            code(clip(resource.address, TEXT)),
            *map(figure, figures),
            f"**{figure(resource.difference)}**",
        )
    )


def _totals(what: str, totals: Sequence[tuple[str, str, str, str]], space: Space) -> list[str]:
    rows = (row((code(clip(name, TEXT)), *map(figure, figures))) for name, *figures in totals)
    return _table(table_head((what, *_TOTALS), right=3), rows, len(totals), space)


def _lines(resources: Sequence[ResourceCost], space: Space) -> list[str]:
    lines = [line for each in resources for line in costs.lines(each)]
    summary = f"{counted(len(lines), 'line')}: quantity {costs.TIMES} price"
    if not lines or not space.take(summary, " " * FRAME):
        return []
    rows = (_line(line.row()) for line in lines)
    return [folded(summary, *_table(table_head(_LINES, right=3), rows, len(lines), space))]


def _line(line: costs.LineRow) -> str:
    return row(
        (
            code(clip(line.address, TEXT)),
            prose(clip(line.what, TEXT)),
            prose(clip(line.sum, TEXT)),
            figure(line.before),
            figure(line.after),
        )
    )


def _notes(title: str, notes: Sequence[str], space: Space) -> list[str]:
    if not notes or not space.take(title, " " * FRAME):
        return []
    lines = space.lines((f"- {prose(clip(note, TEXT))}" for note in notes), total=len(notes))
    left = more(len(lines), len(notes))
    return ["\n".join((f"**{title}:**", "", *lines, *([f"- {left}"] if left else [])))]


def _table(head: tuple[str, str], rows: Iterable[str], total: int, space: Space) -> list[str]:
    """The table as far as it fits, and how many lines do not; nothing where it has no line."""
    if not total or not space.take(*head, " " * FRAME):
        return []
    shown = space.lines(rows, total=total)
    left = more(len(shown), total)
    return ["\n".join((*head, *shown)), *([left] if left else [])]
