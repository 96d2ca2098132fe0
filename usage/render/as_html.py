"""The report as one page that needs nothing else: no script, no file, no network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from usage.render import plots, tables, words
from usage.render.markup import safe
from usage.render.tables import Table
from usage.report import Report

_STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")


def as_html(report: Report) -> str:
    """Text of the page.

    Args:
        report: what to show.
    """
    heading = words.heading(report)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8"/>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
        '<meta name="color-scheme" content="light dark"/>\n'
        f"<title>{safe(heading)}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>Bedrock: use and cost</h1>\n<p>{safe(heading)}</p>\n{_summary(report)}\n"
        f"{''.join(_sections(report))}"
        f'<h2>How to read this</h2>\n<ul class="remarks">{_items(words.remarks(report))}</ul>\n'
        f"<footer>Made {report.made:%Y-%m-%d %H:%M} UTC.</footer>\n</main>\n</body>\n</html>\n"
    )


def _sections(report: Report) -> Iterable[str]:
    if report.empty:
        yield f'<p class="empty">{words.NO_INVOCATION[:1].upper()}{words.NO_INVOCATION[1:]}.</p>\n'
    else:
        yield f"<h2>Cost by day</h2>\n<figure>{plots.cost_by_day(report.days)}"
        yield "<figcaption>USD at list prices; pale and dashed where a price is unknown.</figcaption>"
        yield f"</figure>\n<h2>Tokens by model</h2>\n<figure>{plots.tokens_by_model(report.models)}"
        yield f"<figcaption>{plots.legend()}</figcaption></figure>\n"
    if report.models:
        yield f"<h2>Models</h2>\n{_table(tables.use(report))}{_table(tables.quality(report))}"
    if report.callers:
        yield f"<h2>Callers</h2>\n{_table(tables.callers(report))}"
    if not report.empty:
        yield f"<h2>Days</h2>\n{_table(tables.days(report))}"


def _summary(report: Report) -> str:
    total = report.total
    figures = (
        ("cost, USD", words.cost(total.cost)),
        ("a month, USD", words.money(report.month)),
        ("calls", words.number(total.invocations)),
        ("tokens", words.number(sum(total.tokens.values()))),
        ("error rate", words.share(total.error_rate)),
        ("throttled", words.number(total.throttles)),
    )
    terms = "".join(f"<div><dt>{name}</dt><dd>{safe(value)}</dd></div>" for name, value in figures)
    return f"<dl>{terms}</dl>\n<p>{safe(words.projection(report))}.</p>"


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{each}</th>' for each in table.heads)
    body = "".join(map(_row, table.rows))
    foot = f"<tfoot>{_row(table.total)}</tfoot>" if table.total else ""
    return (
        f'<div class="scroll"><table><caption>{table.title}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody>{foot}</table></div>\n"
    )


def _row(cells: Sequence[str]) -> str:
    first, *others = cells
    return f'<tr><th scope="row">{safe(first)}</th>' + "".join(
        f"<td>{safe(cell)}</td>" for cell in others
    ) + "</tr>"  # fmt: skip


def _items(lines: Iterable[str]) -> str:
    return "".join(f"<li>{safe(line)}</li>" for line in lines)
