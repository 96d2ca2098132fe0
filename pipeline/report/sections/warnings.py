"""What a reviewer must not miss, above every fold."""

from __future__ import annotations

from pipeline.report import model
from pipeline.report.content import TopicWords, warnings_by_topic
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
        _topic(words, found, space) for words, found in warnings_by_topic(report.environments)
    ]
    shown = "\n".join(block for block in blocks if block)
    return f"### Warnings\n\n{shown}" if shown else ""


def _topic(words: TopicWords, found: list[tuple[str, model.PlanWarning]], space: Space) -> str:
    title = f"- {words.severity.value} **{words.title}** ({count(len(found))})"
    if not space.take(title, " " * FRAME):
        return ""
    lines = space.lines(
        (_line(environment, warning) for environment, warning in found[:LISTED]), total=len(found)
    )
    rest = lines[SHOWN:]
    left = more(len(lines), len(found))
    shown = [title, *lines[:SHOWN]]
    if rest:
        summary = f"{words.title}: {count(len(rest))} more"
        # The empty lines around it end the list before and the HTML block after.
        shown += ["", folded(summary, "\n".join(rest), left), ""]
    elif left:
        shown.append(f"  - {left}")
    return "\n".join(shown)


def _line(environment: str, warning: model.PlanWarning) -> str:
    address = f" {code(clip(warning.address, TEXT))}" if warning.address else ""
    return f"  - {code(environment)}{address}: {prose(clip(warning.text, TEXT))}"
