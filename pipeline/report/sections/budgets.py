"""What is wrong with the cost, above every fold: budgets and types without a price."""

from __future__ import annotations

from pipeline.cost.model import Level
from pipeline.report import costs
from pipeline.report.content import LISTED, Severity, without_changes
from pipeline.report.escape import clip, code, html_code, prose
from pipeline.report.model import EnvironmentReport, Report, StackReport
from pipeline.report.numbers import count
from pipeline.report.sections.blocks import FRAME, folded
from pipeline.report.sections.head import TEXT
from pipeline.report.space import Space, more

ADDRESSES = 5
"""Addresses that are named of one type without a price."""
_MARKS = {Level.FAIL: Severity.BAD, Level.WARN: Severity.CARE}


def render(report: Report, space: Space) -> str:
    """Budgets that are exceeded, types that nobody priced, and old prices; empty where none."""
    lines = [line for each in report.environments for line in _budgets(each)]
    if old := costs.old_prices(report):
        lines.append(f"- {Severity.NOTE.value} {prose(old)}")
    lines += [line for each in report.stacks for line in _unpriced(each)]
    if not lines or not space.take(" " * FRAME):
        return ""
    shown = space.lines(lines, total=len(lines))
    if not shown:
        return ""
    rest = [part for each in report.stacks if (part := _all_unpriced(each, space))]
    return "\n\n".join(("\n".join(("### Budgets and prices", "", *shown)), *rest))


def _budgets(environment: EnvironmentReport) -> list[str]:
    name = code(environment.name)
    lines = [
        f"- {_MARKS[level].value} {name} {prose(clip(text, TEXT))}"
        for level, text in costs.budgets(environment)
    ]
    if environment.budgets:
        totals, named, left = costs.causes(environment)
        resources = ", ".join(code(clip(each, TEXT)) for each in named)
        lines.append(f"  - {prose(totals)} {resources}" + (f" and {count(left)} more" * bool(left)))
    if remedy := costs.remedy(environment):
        lines.append(f"  - {prose(clip(remedy, TEXT))}")
    if environment.budget_note and not without_changes(environment):
        lines.append(f"- {Severity.NOTE.value} {name} {prose(clip(environment.budget_note, TEXT))}")
    return lines


def _unpriced(stack: StackReport) -> list[str]:
    """The first types without a price, each with its first addresses."""
    lines = []
    found = costs.unpriced(stack.estimate)
    for words, missing in found[:LISTED]:
        mark = Severity.NOTE if words == costs.ALLOWED else Severity.BAD
        named = ", ".join(code(clip(address, TEXT)) for address in missing.addresses[:ADDRESSES])
        left = len(missing.addresses) - ADDRESSES
        lines.append(
            f"- {mark.value} {code(stack.name)} **{words}** {code(clip(str(missing), TEXT))}, "
            f"not in the total: {named}" + (f" and {count(left)} more" if left > 0 else "")
        )
    if (left := len(found) - LISTED) > 0:
        lines.append(f"- {Severity.BAD.value} {code(stack.name)} and {count(left)} more")
    return lines


def _all_unpriced(stack: StackReport, space: Space) -> str:
    """All that has no price, folded; empty where the lines above it say all."""
    found = [missing for _, missing in costs.unpriced(stack.estimate)]
    if len(found) <= LISTED and all(len(each.addresses) <= ADDRESSES for each in found):
        return ""
    summary = f"{html_code(stack.name)}: all that has no price"
    if not space.take(summary, " " * FRAME):
        return ""
    texts = [
        text
        for each in found
        for text in (
            f"- {code(clip(str(each), TEXT))}",
            *(f"  - {code(clip(address, TEXT))}" for address in each.addresses),
        )
    ]
    lines = space.lines(texts, total=len(texts))
    return folded(summary, "\n".join(lines), more(len(lines), len(texts)))
