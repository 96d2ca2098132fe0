"""Cutting a text into pieces that a model can embed and a reader can check."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

MAX_CHARACTERS = 1200
"""Of a chunk. With its title it stays below the 2,048 that Cohere's models read."""

_ENOUGH_CHARACTERS = 400
"""From here on a heading begins a new chunk, so that an edit above it leaves what follows."""

_PARAGRAPHS = re.compile(r"\n\s*\n")
_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])\s+")  # noqa: RUF001 - full-width marks end sentences
_SPACE = re.compile(r"\s+")
_HEADING = re.compile(r"#{1,6}\s")


def chunk(text: str) -> list[str]:
    """Cut a text at paragraphs; long paragraphs at sentences, long sentences at spaces.

    The same text gives the same chunks. None is empty or longer than ``MAX_CHARACTERS``, and no
    word is lost. A chunk that repeats an earlier one is left out: it would add nothing to find.

    Args:
        text: plain text or Markdown.

    Returns:
        The chunks, in order.
    """
    chunks: list[str] = []
    current = ""
    for block in _blocks(unicodedata.normalize("NFC", text)):
        starts_section = _HEADING.match(block) and len(current) >= _ENOUGH_CHARACTERS
        if current and (starts_section or len(current) + len(block) + 2 > MAX_CHARACTERS):
            chunks.append(current)
            current = ""
        current = f"{current}\n\n{block}" if current else block
    if current:
        chunks.append(current)
    return list(dict.fromkeys(chunks))


def _blocks(text: str) -> Iterator[str]:
    for paragraph in _PARAGRAPHS.split(text):
        yield from _pack(paragraph.strip(), (_SENTENCE_END, _SPACE))


def _pack(text: str, separators: tuple[re.Pattern[str], ...]) -> Iterator[str]:
    """Yield the text in pieces that fit, cut at the first separator that is good enough."""
    if len(text) <= MAX_CHARACTERS:
        if text:
            yield text
        return
    if not separators:
        for start in range(0, len(text), MAX_CHARACTERS):
            yield text[start : start + MAX_CHARACTERS]
        return
    current = ""
    for part in separators[0].split(text):
        if current and len(current) + 1 + len(part) > MAX_CHARACTERS:
            yield from _pack(current, separators[1:])
            current = ""
        current = f"{current} {part}" if current else part
    yield from _pack(current, separators[1:])
