"""Pieces of Markdown that several sections use: tables, folded parts, lines in cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table_head(titles: Sequence[str], *, right: int = 0) -> tuple[str, str]:
    """A table's two first lines.

    Args:
        titles: the columns.
        right: how many columns at the end are aligned to the right.
    """
    left = len(titles) - right
    return row(titles), "|" + ":--|" * left + "--:|" * right


def row(cells: Iterable[str]) -> str:
    """One line of a table; the cells are escaped already."""
    return "| " + " | ".join(cells) + " |"


def figure(text: str) -> str:
    """A text of figures that the pipeline wrote itself, such as ``<0.01 (+<0.01)``."""
    return text.replace("<", "&lt;")


def folded(summary: str, *parts: str) -> str:
    """A part that opens on a click; empty lines make GitLab read Markdown inside it.

    Args:
        summary: HTML, escaped already.
        parts: Markdown blocks.
    """
    inside = "\n\n".join(part for part in parts if part)
    return f"<details><summary>{summary}</summary>\n\n{inside}\n\n</details>"


FRAME = 120
"""Bytes of what ``folded``, a heading and a line "and 12 more" need around their content."""
