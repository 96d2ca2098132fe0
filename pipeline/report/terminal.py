"""The report for a terminal: the same content in the same order as the note, nothing folded.

Every text is a ``rich.text.Text``: nothing in it is read as markup, and control characters are
written out, so that a value cannot colour, move or erase what a reader sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pipeline.cost.model import Estimate, ResourceCost
from pipeline.plan.model import Action
from pipeline.report import costs
from pipeline.report.content import (
    COLUMNS,
    DANGEROUS,
    GROUPS,
    NAMED,
    GroupedWarning,
    GroupWords,
    Severity,
    changes_by_group,
    columns,
    findings,
    outcome,
    planned,
    policies,
    remark,
    rows,
    severity,
    warnings_by_topic,
    without_changes,
)
from pipeline.report.costs import TIMES
from pipeline.report.escape import clip, visible
from pipeline.report.model import (
    AttributeView,
    ChangeView,
    EnvironmentReport,
    PolicyFinding,
    Report,
    StackReport,
)
from pipeline.report.numbers import count, counted

VALUE = 400
"""Characters of one value."""
LISTED = 300
"""Changes of one kind that are listed: a terminal is read, not searched."""
_STYLES = {
    Severity.BAD: "bold red",
    Severity.CARE: "bold yellow",
    Severity.NOTE: "yellow",
    Severity.GOOD: "green",
}
_WORDS = {
    Severity.BAD: "DANGER",
    Severity.CARE: "CARE",
    Severity.NOTE: "NOTE",
    Severity.GOOD: "OK",
}
_GROUP_STYLES = {"+": "green", "-": "red", "-/+": "red", "~": "yellow"}


def show(report: Report, console: Console) -> None:
    """Print the report; it is readable at 80 columns and without colours."""
    _title(report, console)
    _failures(report, console)
    if report.environments:
        console.print(_counts(report))
        _costs(report, console)
    _warnings(report, console)
    _budgets(report, console)
    _policies(report, console)
    changing = [each for each in report.stacks if not without_changes(each) and not each.failure]
    for each in changing:
        if each.estimate:
            _cost(each, each.estimate, console)
    for each in changing:
        _plan(each, console)
    _footer(report, console)


def _title(report: Report, console: Console) -> None:
    level = severity(report)
    pieces = [f"{each.name} {outcome(each)}" for each in report.environments] or ["none"]
    if report.failures:
        pieces.append(f"{counted(len(report.failures), 'job')} failed")
    cost = costs.headline(report)
    title = f"Plan: {' · '.join([*pieces, *([cost] if cost else [])])}"
    _print(console, f"{_WORDS[level]}  {title}", style=_STYLES[level])
    found = findings(report)
    if found:
        _print(console, " · ".join(words for words, _ in found))


def _failures(report: Report, console: Console) -> None:
    lines = [
        ": ".join(part for part in (each.job, each.text, each.url) if part)
        for each in report.failures
    ]
    lines += [f"{name} has no plan: {why}" for e in report.environments for name, why in e.failures]
    if lines:
        _heading(console, "Failed")
        _items(console, lines, style="red")


def _counts(report: Report) -> Table:
    names = columns(report)
    table = _table(["", *(COLUMNS[name] for name in names)])
    for part, label in rows(report):
        if not planned(part) or without_changes(part):
            cells = [_line(outcome(part)), *[_line(costs.NONE)] * (len(names) - 1)]
        else:
            cells = [_count(name, getattr(part.counts, name)) for name in names]
        table.add_row(_line(label), *cells)
    return table


def _count(name: str, number: int) -> Text:
    if not number:
        return _line(costs.NONE)
    return _line(count(number), style="bold red" if name in DANGEROUS else "")


def _costs(report: Report, console: Console) -> None:
    if not any(each.estimate for each in report.environments):
        return
    _heading(console, f"USD a month: before {costs.ARROW} after (difference)")
    for part, label in rows(report):
        first, *rest = _amounts(part)
        _write(console, [_line(f"{label}: {first}"), *map(_line, rest)], hang=2)


def _amounts(part: EnvironmentReport | StackReport) -> list[str]:
    estimate = part.estimate
    if estimate is None:
        return ["not estimated"]
    if without_changes(part):
        return [f"{costs.total(estimate)} (unchanged)"]
    return [costs.total(estimate), *costs.parts(estimate)]


def _warnings(report: Report, console: Console) -> None:
    for words, number, warnings in warnings_by_topic(report.stacks):
        title = f"{_WORDS[words.severity]}  {words.title} ({count(number)})"
        _heading(console, title, style=_STYLES[words.severity])
        _items(console, map(_warning, warnings))


def _warning(warning: GroupedWarning) -> str:
    if len(warning.addresses) <= 1:
        return f"{' '.join((warning.stack, *warning.addresses))}: {warning.text}"
    left = len(warning.addresses) - NAMED
    named = ", ".join(warning.addresses[:NAMED]) + (f" and {count(left)} more" if left > 0 else "")
    return f"{warning.stack} {count(len(warning.addresses))} {TIMES} {warning.text}: {named}"


def _budgets(report: Report, console: Console) -> None:
    lines = []
    for each in report.environments:
        lines += [f"{each.name} {text}" for _, text in costs.budgets(each)]
        if each.budgets:
            totals, named, left = costs.causes(each)
            more = f" and {count(left)} more" * bool(left)
            lines.append(f"{each.name} {totals} {', '.join(named)}{more}")
        if remedy := costs.remedy(each):
            lines.append(f"{each.name}: {remedy}")
        if each.budget_note and not without_changes(each):
            lines.append(f"{each.name} {each.budget_note}")
    if old := costs.old_prices(report):
        lines.append(old)
    for stack in report.stacks:
        lines += [
            f"{stack.name} {words} {missing}, not in the total: {', '.join(missing.addresses)}"
            for words, missing in costs.unpriced(stack.estimate)
        ]
    if lines:
        bad = severity(report) is Severity.BAD
        _heading(console, "Budgets and prices", style="bold red" if bad else "bold")
        _items(console, lines)


def _policies(report: Report, console: Console) -> None:
    found = policies(report)
    if not (found.failed or found.undecided or found.skipped):
        return
    new = "New policy" if report.policies_baseline else "Policy"
    _heading(console, f"{new} findings")
    if not report.policies_baseline:
        _print(console, "Not compared with the default branch: old findings are among these.")
    _items(console, (f"FAILED {f.severity} {_finding(f)}" for f in found.failed))
    _items(console, (f"to mend {check}: {remedy}" for check, remedy in found.remedies.items()))
    _items(console, (f"not known before the apply: {_finding(f)}" for f in found.undecided))
    _items(console, (f"skipped {_finding(f)}" for f in found.skipped))


def _finding(finding: PolicyFinding) -> str:
    return f"{finding.check} {finding.stack} {finding.resource}: {finding.text}"


def _cost(stack: StackReport, estimate: Estimate, console: Console) -> None:
    _heading(console, f"Cost of {stack.name}: {costs.total(estimate)} USD a month")
    counts = f"{counted(len(estimate.resources), 'resource')} with a cost, {estimate.free:,} free"
    _print(console, "; ".join(text for text in (counts, estimate.source) if text))
    _named(console, "Not known before the apply, not in the total:", estimate.unknown)
    _named(console, "Usage that nobody stated, not in the total:", estimate.unstated)
    for resource in costs.ordered(estimate.resources):
        _resource(console, resource)
    unstated = costs.modules_open(estimate.resources)
    for what, totals in (
        ("Module", costs.by_name(estimate.by_module, leave_out=unstated)),
        ("Tag", costs.by_name(estimate.by_tag)),
    ):
        if totals:
            table = _table([what, "Fixed", "Usage", "Total"])
            for cells in totals:
                table.add_row(*map(_line, cells))
            console.print(table)


def _resource(console: Console, resource: ResourceCost) -> None:
    """The address alone in its line: at 80 columns a table would break it."""
    row = costs.resource_row(resource)
    texts = [
        _line(row.address, style="bold"),
        _line(
            f"{row.before} {costs.ARROW} {row.after} ({row.difference}); "
            f"fixed: {row.fixed}, usage: {row.usage}"
        ),
    ]
    texts += [
        _line(f"{line.what}: {line.sum}: {line.before} {costs.ARROW} {line.after}")
        for line in map(costs.Line.row, costs.lines(resource))
    ]
    _write(console, texts, hang=4)


def _plan(stack: StackReport, console: Console) -> None:
    notes = f": {'; '.join(stack.notes)}" if stack.notes else ""
    _heading(console, f"Plan of {stack.name}{notes}")
    for words, changes in changes_by_group(stack.changes):
        _print(console, f"{words.title} ({count(len(changes))})", style="bold")
        for change in changes[:LISTED]:
            _change(console, words, change)
        if (left := len(changes) - LISTED) > 0:
            _print(console, f"  and {count(left)} more: --markdown or --json has them all")
    if stack.outputs:
        _print(console, f"Outputs ({count(len(stack.outputs))})", style="bold")
        for name, action in sorted(stack.outputs.items()):
            _print(console, f"  {GROUPS[action].symbol} {name}")


def _change(console: Console, words: GroupWords, change: ChangeView) -> None:
    """A change and its attributes; of a creation all are new, and the name says more than they."""
    text = remark(change)
    head = f"{words.symbol} {change.address}" + (f"  # {text}" if text else "")
    style = _GROUP_STYLES.get(words.symbol, "")
    attributes = () if change.action is Action.CREATE else change.attributes
    _write(console, [_line(head, style=style), *map(_attribute, attributes)], hang=4)


def _attribute(attribute: AttributeView) -> Text:
    before, after = (
        None if value is None else clip(value, VALUE)
        for value in (attribute.before, attribute.after)
    )
    forced = "  # forces replacement" if attribute.forces_replacement else ""
    if before is None:
        return _line(f"{attribute.path} = {after}{forced}")
    shown = "not set" if after is None else after
    return _line(f"{attribute.path}: {before} {costs.ARROW} {shown}{forced}")


def _footer(report: Report, console: Console) -> None:
    marks = [f"{each.name} {each.fingerprint}" for each in report.stacks if each.fingerprint]
    pieces = [f"commit {report.commit[:8]}"] if report.commit else []
    pieces += [report.pipeline_url] if report.pipeline_url else []
    pieces += [f"fingerprints: {', '.join(marks)}"] if marks else []
    if prices := costs.prices(report):
        pieces.append(prices)
    if pieces:
        _print(console, "")
        _print(console, " · ".join(pieces), style="dim")


def _named(console: Console, title: str, lines: Sequence[str]) -> None:
    if lines:
        _print(console, title)
        _items(console, lines)


def _heading(console: Console, text: str, *, style: str = "bold") -> None:
    _print(console, "")
    _print(console, text, style=style)


def _items(console: Console, lines: Iterable[str], *, style: str = "") -> None:
    for line in lines:
        console.print(Padding(_line(f"- {line}", style=style), (0, 0, 0, 2), expand=False))


def _print(console: Console, text: str, *, style: str = "") -> None:
    console.print(_line(text, style=style))


def _write(console: Console, texts: Sequence[Text], *, hang: int) -> None:
    """Print lines, all but the first indented by ``hang``.

    Lines that fit go out together: laying out each alone takes seconds for thousands.
    """
    first, *rest = texts
    blocks = [
        Padding(first, (0, 0, 0, 2), expand=False),
        *(Padding(text, (0, 0, 0, 2 + hang), expand=False) for text in rest),
    ]
    if all(text.cell_len + 2 + hang <= console.width for text in texts):
        lines = [Text("  ") + first, *(Text(" " * (2 + hang)) + text for text in rest)]
        console.print(Text("\n").join(lines), soft_wrap=True)
    else:
        console.print(*blocks, sep="")


def _line(text: str, *, style: str = "") -> Text:
    """One line of text as it is."""
    return Text(visible(text), style=style, overflow="fold")


def _table(titles: Sequence[str]) -> Table:
    """A table whose columns but the first are aligned to the right."""
    table = Table(box=box.SIMPLE, pad_edge=False, show_edge=False, padding=(0, 1))
    for index, title in enumerate(titles):
        table.add_column(title, justify="right" if index else "left", overflow="fold")
    return table
