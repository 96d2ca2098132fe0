"""The report as one page that needs nothing else: no script, no file, no network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from usage.measures import TOKENS
from usage.render import plots, words
from usage.render.markup import safe
from usage.report import Counts, Report

_STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")

_TOKENS = ("tokens in", "out", "cache read", "cache write")


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
        yield f"<h2>Models</h2>\n{_use(report)}{_quality(report)}"
    if report.callers:
        yield f"<h2>Callers</h2>\n{_callers(report)}"
    if not report.empty:
        yield f"<h2>Days</h2>\n{_days(report)}"


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


def _use(report: Report) -> str:
    rows = [
        [
            each.model.id,
            ", ".join(each.model.configured_in) or words.NOTHING,
            words.number(each.counts.invocations),
            *_tokens(each.counts),
            words.cost(each.counts.cost),
            words.share(report.share_of_cost(each)),
            words.share(report.share_of_calls(each)),
        ]
        for each in report.models
    ]
    total = report.total
    last = ["total", "", words.number(total.invocations), *_tokens(total), words.cost(total.cost)]
    heads = ("model", "used by", "calls", *_TOKENS, "USD", "of cost", "of calls")
    return _table("Use and cost", heads, rows, [*last, "", ""])


def _quality(report: Report) -> str:
    rows = [
        [
            each.model.id,
            words.milliseconds(each.latency.average),
            words.milliseconds(each.latency.p95_worst),
            words.milliseconds(each.latency.p95_median),
            *_errors(each.counts),
        ]
        for each in report.models
    ]
    heads = ("model", "average ms", "worst p95", "median p95", "client errors", "server errors",
             "error rate", "throttled")  # fmt: skip
    return _table("Latency and errors", heads, rows, ["total", "", "", "", *_errors(report.total)])


def _callers(report: Report) -> str:
    rows = [
        [
            each.arn,
            words.number(each.calls),
            words.number(each.errors),
            *(words.number(each.tokens[kind]) for kind in TOKENS),
            words.cost(each.cost),
        ]
        for each in report.callers
    ]
    return _table(
        "From the log of invocations", ("caller", "calls", "errors", *_TOKENS, "USD"), rows
    )


def _days(report: Report) -> str:
    rows = [[str(day), words.cost(cost)] for day, cost in report.days.items()]
    return _table("Cost by day, UTC", ("day", "USD"), rows)


def _errors(counts: Counts) -> list[str]:
    return [
        words.number(counts.client_errors),
        words.number(counts.server_errors),
        words.share(counts.error_rate),
        words.number(counts.throttles),
    ]


def _tokens(counts: Counts) -> list[str]:
    return [words.number(counts.tokens[kind]) for kind in TOKENS]


def _table(
    caption: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    last: Sequence[str] | None = None,
) -> str:
    head = "".join(f'<th scope="col">{each}</th>' for each in heads)
    body = "".join(map(_row, rows))
    foot = f"<tfoot>{_row(last)}</tfoot>" if last else ""
    return (
        f'<div class="scroll"><table><caption>{caption}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody>{foot}</table></div>\n"
    )


def _row(cells: Sequence[str]) -> str:
    first, *others = cells
    return f'<tr><th scope="row">{safe(first)}</th>' + "".join(
        f"<td>{safe(cell)}</td>" for cell in others
    ) + "</tr>"  # fmt: skip


def _items(lines: Iterable[str]) -> str:
    return "".join(f"<li>{safe(line)}</li>" for line in lines)
