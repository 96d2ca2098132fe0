"""The sentences of a text that may be quoted as an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n")
_HEADING = re.compile(r"\s*#{1,6}\s")
_UNDERLINE = re.compile(r"\s*(?:=+|-+)\s*")
_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])\s+")
_END = re.compile(
    r"(?<=[.!?…])\s+|(?<=[.!?…][\"'”’)])\s+|(?<=[。！？])"  # noqa: RUF001 - full-width marks
)
_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:[^\W\d_]|e\.g|i\.e|approx|dr|mr|mrs|ms|no|st)\.$", re.I)
_QUESTION = re.compile(r"[?？][\"'”’)]*$")  # noqa: RUF001 - a full-width mark
_CITATION = re.compile(r"\s*\[[\d\s,]+\]")


def sentences(text: str) -> list[str]:
    """Gives a text's statements, in order: no headings, no questions, no citations of its own.

    Args:
        text: plain text or Markdown.
    """
    found = (_CITATION.sub("", sentence) for block in _blocks(text) for sentence in _split(block))
    return [sentence for sentence in found if sentence and not _QUESTION.search(sentence)]


def _blocks(text: str) -> Iterator[str]:
    """Gives what belongs together: paragraphs and list items, their lines joined."""
    for paragraph in _PARAGRAPHS.split(text):
        lines: list[str] = []
        for line in paragraph.splitlines():
            if _HEADING.match(line) or (lines and _UNDERLINE.fullmatch(line)):
                if not _HEADING.match(line):
                    lines.pop()  # the heading that this line underlines
                yield " ".join(lines)
                lines = []
            elif item := _ITEM.match(line):
                yield " ".join(lines)
                lines = [line[item.end() :].strip()]
            else:
                lines.append(line.strip())
        yield " ".join(lines)


def _split(block: str) -> Iterator[str]:
    sentence = ""
    for piece in _END.split(block):
        sentence = f"{sentence} {piece}".strip()
        if not _ABBREVIATION.search(sentence):
            yield sentence
            sentence = ""
    yield sentence
