"""Figures in words, the same in every form that a person reads; only here is anything rounded."""

from __future__ import annotations

from decimal import Decimal

from usage.prices import Cost
from usage.report import DENOMINATOR, Report

NOTHING = "-"
UNKNOWN = "unknown"
NO_INVOCATION = "no invocation in the period"

_CENT = Decimal("0.01")


def money(usd: Decimal) -> str:
    """USD: cents, and four digits more where there is less than a cent."""
    return f"{usd:,.2f}" if usd >= _CENT or not usd else f"{usd:.6f}"


def cost(value: Cost) -> str:
    """A cost, with the word "unknown" for what has no price."""
    if not value.unknown:
        return money(value.usd)
    return f"{money(value.usd)} + {UNKNOWN}" if value.usd else UNKNOWN


def number(value: int) -> str:
    """A count."""
    return f"{value:,}"


def share(value: float | None) -> str:
    """A part of a whole, in percent."""
    return NOTHING if value is None else f"{value:.1%}"


def milliseconds(value: float | None) -> str:
    """A time."""
    return NOTHING if value is None else f"{value:,.0f}"


def heading(report: Report) -> str:
    """What the report is about."""
    period = report.period
    return (
        f"Bedrock in {report.region}, {period.start:%Y-%m-%d %H:%M} to {period.end:%Y-%m-%d %H:%M} "
        f"UTC ({period.hours:,.4g} h, in steps of {_step(period.step)})"
    )


def projection(report: Report) -> str:
    """The month at this pace."""
    return f"{money(report.month)} USD a month at this pace, {report.basis}"


def remarks(report: Report) -> list[str]:
    """What stands below the figures, one line each."""
    lines = []
    if report.without:
        lines.append(f"Without a price, and so in no total: {'; '.join(report.without)}.")
    lines.append(DENOMINATOR)
    lines.append(
        "Percentiles cannot be added up: the p95 is given as the worst and the median of the "
        f"p95s of each step of {_step(report.period.step)}."
    )
    lines.append(
        "Costs are on-demand list prices of the project's catalogue, in USD; input tokens are those "
        "that were neither read from a cache nor written to one."
    )
    return [*lines, *(f"{note[:1].upper()}{note[1:]}." for note in report.notes)]


def _step(seconds: int) -> str:
    if seconds % 86_400 == 0:
        return "a day"
    if seconds % 3_600 == 0:
        return f"{seconds // 3_600} h"
    return f"{seconds // 60} min"
