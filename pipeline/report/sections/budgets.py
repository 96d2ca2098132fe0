"""What is wrong with the cost, above every fold: budgets and types without a price."""

from __future__ import annotations

from pipeline.cost.model import Level
from pipeline.report import costs
from pipeline.report.content import Severity, without_changes
from pipeline.report.escape import clip, code, prose
from pipeline.report.model import EnvironmentReport, Report, StackReport
from pipeline.report.numbers import count
from pipeline.report.sections.blocks import FRAME
from pipeline.report.sections.head import TEXT
from pipeline.report.space import Space

ADDRESSES = 5
"""Addresses that are named of one type without a price."""
_MARKS = {Level.FAIL: Severity.BAD, Level.WARN: Severity.CARE}


def render(report: Report, space: Space) -> str:
    """Budgets that are exceeded and resource types that nobody priced; empty where none."""
    lines = [line for each in report.environments for line in _budgets(each)]
    lines += [line for each in report.stacks for line in _unpriced(each)]
    if not lines or not space.take(" " * FRAME):
        return ""
    shown = space.lines(lines, total=len(lines))
    return "\n".join(("### Budgets and prices", "", *shown)) if shown else ""


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
    lines = []
    for kind, addresses in costs.unpriced(stack.estimate):
        named = ", ".join(code(clip(address, TEXT)) for address in addresses[:ADDRESSES])
        left = len(addresses) - ADDRESSES
        lines.append(
            f"- {Severity.BAD.value} {code(stack.name)} **no price for** "
            f"{code(clip(kind, TEXT))}, not in the total: {named}"
            + (f" and {count(left)} more" if left > 0 else "")
        )
    return lines
