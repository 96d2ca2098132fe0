"""What a reviewer must not miss, above every fold."""

from __future__ import annotations

from pipeline.report.content import NAMED, GroupedWarning, TopicWords, warnings_by_topic
from pipeline.report.costs import TIMES
from pipeline.report.escape import clip, code, prose
from pipeline.report.model import Report
from pipeline.report.numbers import count
from pipeline.report.sections.blocks import FRAME, folded
from pipeline.report.sections.head import TEXT
from pipeline.report.space import Space, more

SHOWN = 20
"""Warnings of one topic that stand above the fold."""
LISTED = 500
"""Warnings of one topic that are listed at all."""


def render(report: Report, space: Space) -> str:
    """The warnings by topic, most serious first; empty where there are none."""
    blocks = [
        _topic(words, number, warnings, space)
        for words, number, warnings in warnings_by_topic(report.stacks)
    ]
    shown = "\n".join(block for block in blocks if block)
    return f"### Warnings\n\n{shown}" if shown else ""


def _topic(words: TopicWords, number: int, warnings: list[GroupedWarning], space: Space) -> str:
    title = f"- {words.severity.value} **{words.title}** ({count(number)})"
    if not space.take(title, " " * FRAME):
        return ""
    lines = space.lines(map(_line, warnings[:LISTED]), total=len(warnings))
    rest = lines[SHOWN:]
    left = more(len(lines), len(warnings))
    shown = [title, *lines[:SHOWN]]
    if rest:
        summary = f"{words.title}: {count(len(rest))} more"
        # The empty lines around it end the list before and the HTML block after.
        shown += ["", folded(summary, "\n".join(rest), left), ""]
    elif left:
        shown.append(f"  - {left}")
    return "\n".join(shown)


def _line(warning: GroupedWarning) -> str:
    named = ", ".join(code(clip(address, TEXT)) for address in warning.addresses[:NAMED])
    text = prose(clip(warning.text, TEXT))
    if len(warning.addresses) > 1:
        left = len(warning.addresses) - NAMED
        others = f" and {count(left)} more" if left > 0 else ""
        return f"  - {code(warning.stack)} {count(len(warning.addresses))} {TIMES} {text}: {named}{others}"
    return f"  - {code(warning.stack)}{' ' if named else ''}{named}: {text}"
