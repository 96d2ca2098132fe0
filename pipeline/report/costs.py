"""The words and figures of an estimate, shared by Markdown and terminal. Plain texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.cost.catalogue import MAX_AGE_DAYS
from pipeline.cost.model import (
    Amount,
    AmountChange,
    CostLine,
    Estimate,
    Kind,
    Level,
    MissingPrice,
    ResourceCost,
)
from pipeline.report.model import EnvironmentReport, Report
from pipeline.report.numbers import counted, difference, money, price, quantity

NONE = "\u2013"
TIMES = "\u00d7"
DEPENDS = "depends on usage"
UNKNOWN = "not known yet"
ARROW = "→"
ALLOWED = "allowed without a price:"
CAUSES = 4
"""Resources that are named where a budget is exceeded."""
_LONG = {Kind.USAGE: DEPENDS, Kind.FIXED: UNKNOWN}
_SHORT = {Kind.USAGE: "usage", Kind.FIXED: "unknown"}


@dataclass(frozen=True, kw_only=True, slots=True)
class ResourceRow:
    """One resource in the table of cost, every cell as text."""

    address: str
    fixed: str
    usage: str
    before: str
    after: str
    difference: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LineRow:
    """One thing that is billed, every cell as text."""

    address: str
    what: str
    sum: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is billed: the line that tells what, and the line as it is and will be."""

    resource: ResourceCost
    shown: CostLine
    before: CostLine | None
    after: CostLine | None

    def row(self) -> LineRow:
        """The line as texts."""
        line = self.shown
        amount = quantity(line.quantity) if line.quantity is not None else "?"
        return LineRow(
            address=self.resource.address,
            what=f"{line.what} ({line.note})" if line.note else line.what,
            sum=f"{amount} {line.unit} {TIMES} {price(line.price)}",
            before=_monthly(self.before),
            after=_monthly(self.after),
        )


def change(before: Decimal, after: Decimal) -> str:
    """Such as ``120.00 → 161.20 (+41.20)``; one figure where nothing differs."""
    if before == after:
        return money(after)
    return f"{money(before)} {ARROW} {money(after)} ({difference(after - before)})"


def total(estimate: Estimate) -> str:
    """The total before and after."""
    return change(estimate.total.before.total, estimate.total.after.total)


def parts(estimate: Estimate) -> tuple[str, ...]:
    """Fixed and usage apart, and what the total leaves out: never a silent zero."""
    before, after = estimate.total.before, estimate.total.after
    usage = f"usage {change(before.usage, after.usage)}"
    if estimate.unstated:
        not_stated = f"{counted(len(estimate.unstated), 'quantity', 'quantities')} not stated"
        stated = before.usage or after.usage
        usage = f"{usage} + {not_stated}" if stated else f"usage: {DEPENDS}, {not_stated}"
    left_out = []
    if estimate.unknown:
        left_out.append(f"{counted(len(estimate.unknown), 'value')} {UNKNOWN}")
    if estimate.unpriced:
        left_out.append(counted(len(estimate.unpriced), "unpriced type"))
    without = (f"without {', '.join(left_out)}",) if left_out else ()
    return (f"fixed {change(before.fixed, after.fixed)}", usage, *without)


def headline(report: Report) -> str:
    """The difference of all environments together; empty where nothing was estimated."""
    estimates = [each.estimate for each in report.stacks if each.estimate]
    if not estimates:
        return ""
    differs = sum((each.total.difference.total for each in estimates), Decimal(0))
    text = f"{difference(differs)} USD a month" if differs else "cost unchanged"
    partial = any(each.failures for each in report.environments)
    if partial or any(each.unpriced or each.unknown for each in estimates):
        return f"{text}, incomplete" if differs else "cost incomplete"
    return text


def budgets(environment: EnvironmentReport) -> list[tuple[Level, str]]:
    """Budgets that are exceeded, those that fail first, each in words."""
    words = {Level.FAIL: "fails", Level.WARN: "warns"}
    ordered = sorted(environment.budgets, key=lambda each: each.level is not Level.FAIL)
    return [(each.level, f"budget {words[each.level]}: {each.text}") for each in ordered]


def remedy(environment: EnvironmentReport) -> str:
    """What to do about budgets that fail; empty where none does."""
    entries = [each.remedy for each in environment.budgets if each.level is Level.FAIL]
    return f"lower the cost, or if it is meant write {', '.join(entries)}" if entries else ""


def causes(environment: EnvironmentReport) -> tuple[str, tuple[str, ...], int]:
    """Why a budget is exceeded: the totals, the resources that count most, how many more there are.

    Where nothing grew, what costs most is named instead.
    """
    estimate = environment.estimate
    if estimate is None:
        return "", (), 0
    before, after = estimate.total.before, estimate.total.after
    totals = f"{total(estimate)} USD a month, fixed {change(before.fixed, after.fixed)}"
    resources = [
        (f"{each.name} " if len(environment.stacks) > 1 else "", resource)
        for each in environment.stacks
        if each.estimate
        for resource in each.estimate.resources
    ]
    grown = [each for each in resources if each[1].cost.difference.total > 0]
    ranked = sorted(
        grown or resources,
        key=lambda each: (
            -(each[1].cost.difference if grown else each[1].cost.after).total,
            each[1].address,
        ),
    )
    named = tuple(
        f"{stack}{each.address} {change(each.cost.before.total, each.cost.after.total)}"
        for stack, each in ranked[:CAUSES]
    )
    words = "grew most" if grown else "costs most"
    return f"{totals}; what {words}:", named, len(ranked) - len(named)


def unpriced(estimate: Estimate | None) -> list[tuple[str, MissingPrice]]:
    """What has no price, each with the words for it; first what nobody allowed."""
    if estimate is None:
        return []
    refused = estimate.refused
    allowed = [each for each in estimate.unpriced if each not in refused]
    return [("no price for", each) for each in refused] + [(ALLOWED, each) for each in allowed]


def prices(report: Report) -> str:
    """How old the prices are and where they were read; empty where none was taken."""
    age, number, from_aws = _prices(report)
    if not number:
        return ""
    read = {0: "none", number: "all"}.get(from_aws, f"{from_aws:,} of {number:,}")
    return f"prices up to {counted(age, 'day')} old, {read} read from AWS itself"


def old_prices(report: Report) -> str:
    """A warning of prices that are too old; empty where none is."""
    age, _, _ = _prices(report)
    if age <= MAX_AGE_DAYS:
        return ""
    return (
        f"prices are up to {counted(age, 'day')} old, more than {MAX_AGE_DAYS}: "
        "run 'python -m pipeline prices refresh'"
    )


def _prices(report: Report) -> tuple[int, int, int]:
    """The oldest one's age in days, their number, and how many were read from AWS itself."""
    estimates = [each.estimate for each in report.stacks if each.estimate]
    return (
        max((each.price_age_days or 0 for each in estimates), default=0),
        sum(each.prices for each in estimates),
        sum(each.prices_from_aws for each in estimates),
    )


def ordered(resources: Iterable[ResourceCost]) -> list[ResourceCost]:
    """Resources by how much they differ, then by what they cost, then by address."""
    return sorted(
        resources,
        key=lambda each: (
            -abs(each.cost.difference.total),
            not _opens(each),
            -each.cost.after.total,
            each.address,
        ),
    )


def resource_row(resource: ResourceCost) -> ResourceRow:
    """One resource's cost as texts; a resource that goes shows its parts as they were."""
    cost, lines = resource.cost, resource.after or resource.before
    shown = cost.after if resource.after else cost.before
    return ResourceRow(
        address=resource.address,
        fixed=_cell(shown.fixed, [line for line in lines if line.kind is Kind.FIXED]),
        usage=_cell(shown.usage, [line for line in lines if line.kind is Kind.USAGE]),
        before=_amount(cost.before, resource.before),
        after=_amount(cost.after, resource.after),
        difference=_difference(resource),
    )


def lines(resource: ResourceCost) -> list[Line]:
    """What is billed of one resource, as it will be; then what ends with the plan."""
    before = {line.what: line for line in resource.before}
    after = {line.what: line for line in resource.after}
    ending = [
        Line(resource, line, line, None) for line in resource.before if line.what not in after
    ]
    return [
        *(Line(resource, line, before.get(line.what), line) for line in resource.after),
        *ending,
    ]


def modules_open(resources: Iterable[ResourceCost]) -> frozenset[str]:
    """Modules that have usage which nobody stated: their totals leave it out."""
    return frozenset(
        each.module
        for each in resources
        if any(line.monthly is None and line.kind is Kind.USAGE for line in each.after)
    )


def by_name(
    totals: Mapping[str, AmountChange], *, leave_out: frozenset[str] = frozenset()
) -> list[tuple[str, str, str, str]]:
    """Name, fixed, usage and total of each module or tag; the dearest first.

    Args:
        totals: by module or tag.
        leave_out: names whose totals leave out usage that nobody stated.
    """
    ranked = sorted(totals.items(), key=lambda item: (-item[1].after.total, item[0]))
    return [(name, *_total_cells(cost, name in leave_out)) for name, cost in ranked]


def _total_cells(cost: AmountChange, leaves_out: bool) -> tuple[str, str, str]:
    fixed = change(cost.before.fixed, cost.after.fixed)
    usage = change(cost.before.usage, cost.after.usage)
    whole = change(cost.before.total, cost.after.total)
    if not leaves_out:
        return fixed, usage, whole
    stated = cost.before.usage or cost.after.usage
    return fixed, f"{usage} + usage" if stated else DEPENDS, f"{whole} + usage"


def _amount(amount: Amount, lines: Sequence[CostLine]) -> str:
    return _cell(amount.total, lines)


def _cell(amount: Decimal, lines: Sequence[CostLine]) -> str:
    """An amount and what it leaves out; a dash where nothing is billed."""
    if not lines and not amount:
        return NONE
    missing = _missing(lines)
    if missing and all(line.monthly is None for line in lines):
        return missing
    return f"{money(amount)} + {_missing(lines, _SHORT)}" if missing else money(amount)


def _monthly(line: CostLine | None) -> str:
    if line is None:
        return NONE
    return _open(line) if line.monthly is None else money(line.monthly)


def _difference(resource: ResourceCost) -> str:
    amount = resource.cost.difference.total
    if not _opens(resource):
        return difference(amount)
    if not amount:
        return _missing(resource.after) or _missing(resource.before)
    sign = "+" if _open_lines(resource.after) - _open_lines(resource.before) else "-"
    return f"{difference(amount)} {sign} {_missing(resource.after or resource.before, _SHORT)}"


def _opens(resource: ResourceCost) -> bool:
    """Whether the difference itself has no figure: other lines are open than before."""
    return _open_lines(resource.before) != _open_lines(resource.after)


def _open_lines(lines: Sequence[CostLine]) -> set[str]:
    return {line.what for line in lines if line.monthly is None}


def _missing(lines: Sequence[CostLine], words: Mapping[Kind, str] = _LONG) -> str:
    return ", ".join(dict.fromkeys(words[line.kind] for line in lines if line.monthly is None))


def _open(line: CostLine) -> str:
    return _LONG[line.kind]
