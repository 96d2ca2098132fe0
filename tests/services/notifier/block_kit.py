"""What Slack refuses of a message in Block Kit.

Source: https://docs.slack.dev/reference/block-kit/blocks
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

MOST_BLOCKS, MOST_ELEMENTS = 50, 10
LONGEST = {"header": 150, "section": 3_000, "context": 3_000}
LONGEST_TEXT = 40_000
_LINK = re.compile(r"<https://[^<>|\s]+\|[^<>|]+>")


def problems(message: dict[str, Any]) -> list[str]:
    """One line for each rule that a message breaks."""
    blocks = message["blocks"]
    found = [] if 0 < len(blocks) <= MOST_BLOCKS else [f"{len(blocks)} blocks"]
    if not 0 < len(message["text"]) <= LONGEST_TEXT:
        found.append(f"text of {len(message['text'])} characters")
    for block in blocks:
        texts = list(_texts(block))
        if len(texts) > MOST_ELEMENTS:
            found.append(f"{block['type']}: {len(texts)} elements")
        found += [line for text in texts for line in _problems(block["type"], text)]
    return found


def _texts(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    match block["type"]:
        case "header" | "section":
            yield block["text"]
        case "context":
            yield from block["elements"]


def _problems(kind: str, text: dict[str, Any]) -> Iterator[str]:
    content: str = text["text"]
    if text["type"] != ("plain_text" if kind == "header" else "mrkdwn"):
        yield f"{kind}: {text['type']}"
    if not 0 < len(content) <= LONGEST[kind] or not content.strip():
        yield f"{kind}: {len(content)} characters"
    without_links = _LINK.sub("", content)
    if re.search(r"[<>]|&(?!(amp|lt|gt);)", without_links):
        yield f"{kind}: a control character is not escaped"
