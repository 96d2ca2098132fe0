"""The planned changes, folded by action, most dangerous first; attributes as a diff."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.plan.model import Action
from pipeline.report.content import GROUPS, GroupWords, changes_by_group, remark, without_changes
from pipeline.report.escape import clip, fence, fenced_line, html_code, prose
from pipeline.report.model import AttributeView, ChangeView, Report, StackReport
from pipeline.report.numbers import count
from pipeline.report.sections.blocks import FRAME, folded
from pipeline.report.sections.head import TEXT
from pipeline.report.space import Space, more

VALUE = 2_000
"""Characters of one value."""
ATTRIBUTES = 200
"""Attributes of one resource."""
WIDTH = 40
"""Columns of an attribute's name, where names are that long."""


@dataclass
class _Group:
    """A folded part in the making: changes that fit by name, then attributes that fit."""

    words: GroupWords
    total: int
    changes: list[ChangeView]
    heads: tuple[str, ...]
    attributes: dict[int, list[str]] = field(default_factory=dict)

    def text(self) -> str:
        lines = []
        for index, head in enumerate(self.heads):
            attributes = self.attributes.get(index)
            lines += [head, *attributes, ""] if attributes else [head]
        if lines and not lines[-1]:
            lines.pop()
        summary = f"{html_code(self.words.symbol)} {self.words.title}: {count(self.total)}"
        left = more(len(self.heads), self.total)
        return folded(summary, fence(lines, language="diff") if lines else "", left)


def render(report: Report, space: Space) -> str:
    """The plan of every stack that changes; empty where none does.

    Names come first, of all stacks; attributes get what is left of the space.
    """
    parts = [
        (each, _intro(each, space), _groups(each, space), _outputs(each, space))
        for each in report.stacks
        if not without_changes(each) and not each.failure
    ]
    for _, _, groups, _ in parts:
        for group in groups:
            _fill(group, space)
    texts = [
        "\n\n".join(text for text in (intro, *(g.text() for g in groups), outputs) if text)
        for _, intro, groups, outputs in parts
    ]
    shown = [text for text in texts if text]
    return "\n\n".join(["### Plan", *shown]) if shown else ""


def _intro(stack: StackReport, space: Space) -> str:
    notes = "; ".join(prose(clip(note, TEXT)) for note in stack.notes)
    text = f"**{prose(stack.name)}**" + (f": {notes}" if notes else "")
    return text if space.take(text, "") else ""


def _groups(stack: StackReport, space: Space) -> list[_Group]:
    groups = []
    for words, changes in changes_by_group(stack.changes):
        if not space.take(words.title, " " * FRAME):
            break
        heads = space.lines((_head(words, change) for change in changes), total=len(changes))
        groups.append(_Group(words, len(changes), changes, heads))
    return groups


def _head(words: GroupWords, change: ChangeView) -> str:
    text = remark(change)
    return fenced_line(clip(f"{words.symbol} {change.address}", TEXT)) + (
        fenced_line(clip(f"  # {text}", TEXT)) if text else ""
    )


def _fill(group: _Group, space: Space) -> None:
    """Give the group's resources their attributes, as long as there is space."""
    for index, change in enumerate(group.changes[: len(group.heads)]):
        lines = list(_attributes(change))
        if not space.take(*lines, ""):
            return
        group.attributes[index] = lines


def _attributes(change: ChangeView) -> Iterator[str]:
    attributes = change.attributes[:ATTRIBUTES]
    width = min(WIDTH, max((len(each.path) for each in attributes), default=0))
    for each in attributes:
        yield from _attribute(each, width)
    left = more(len(attributes), len(change.attributes))
    if left:
        yield f"#     {left}"


def _attribute(attribute: AttributeView, width: int) -> Iterator[str]:
    path = f"{fenced_line(clip(attribute.path, TEXT)):<{width}}"
    forced = "  # forces replacement" if attribute.forces_replacement else ""
    for sign, value in (("-", attribute.before), ("+", attribute.after)):
        if value is None:
            continue
        first, *rest = clip(value, VALUE).split("\n")
        remark = forced if sign == "+" or attribute.after is None else ""
        yield f"{sign}     {path}  {fenced_line(first)}{remark}"
        for line in rest:
            yield f"{sign}     {'':<{width}}  {fenced_line(line)}"


def _outputs(stack: StackReport, space: Space) -> str:
    if not stack.outputs or not space.take(" " * FRAME):
        return ""
    ordered = sorted(stack.outputs.items())
    lines = space.lines((_output(*item) for item in ordered), total=len(ordered))
    left = more(len(lines), len(ordered))
    block = fence(lines, language="diff") if lines else ""
    return folded(f"Outputs: {count(len(ordered))}", block, left)


def _output(name: str, action: Action) -> str:
    return fenced_line(clip(f"{GROUPS[action].symbol} {name}", TEXT))
