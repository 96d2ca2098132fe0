"""Reads a note as GitLab would: block structure, tables, text outside code."""

from __future__ import annotations

import html
import re
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark").enable("table")
_TAG = re.compile(r"<code>.*?</code>|</?(?:details|summary|code|br)>", re.DOTALL)


def tokens(markdown: str) -> list[Token]:
    return _PARSER.parse(markdown)


def skeleton(markdown: str) -> list[tuple[str, str]]:
    """The blocks, without their text."""
    return [(token.type, token.tag) for token in tokens(markdown)]


def html_tags(markdown: str) -> set[str]:
    """Every HTML tag that a browser would see, comments among them."""
    found: set[str] = set()
    for token in tokens(markdown):
        parts = [token.content] if token.type == "html_block" else []
        parts += [c.content for c in token.children or () if c.type == "html_inline"]
        for part in parts:
            found |= set(re.findall(r"<!--|<[^>\s]*>?", part))
    return found


def links(markdown: str) -> set[str]:
    return {
        str(child.attrs["href"])
        for token in tokens(markdown)
        for child in token.children or ()
        if child.type == "link_open"
    }


def prose(markdown: str) -> str:
    """The text in which GitLab looks for mentions, references and addresses."""
    parts = []
    for token in tokens(markdown):
        if token.type == "html_block":
            parts.append(html.unescape(_TAG.sub(" ", token.content)))
        in_code = False
        for child in token.children or ():
            if child.type == "html_inline":
                in_code = child.content == "<code>"
            elif child.type == "text" and not in_code:
                parts.append(child.content)
            elif child.type in ("softbreak", "code_inline"):
                parts.append(" ")
    return "\n".join(parts)


def tables(markdown: str) -> list[list[list[str]]]:
    """Every table, its lines and its cells as Markdown."""
    found: list[list[list[str]]] = []
    for before, token in pairwise(tokens(markdown)):
        if token.type == "table_open":
            found.append([])
        elif token.type == "tr_open":
            found[-1].append([])
        elif token.type == "inline" and before.type in ("th_open", "td_open"):
            found[-1][-1].append(token.content)
    return found


def balanced(markdown: str) -> bool:
    """Whether every fence is closed, and every folded part."""
    fence, depth = "", 0
    for line in markdown.splitlines():
        ticks = re.match(r" {0,3}(`{3,})(.*)", line)
        if fence:
            if ticks and len(ticks[1]) >= len(fence) and not ticks[2].strip():
                fence = ""
        elif ticks:
            fence = ticks[1]
        else:
            depth += line.count("<details>") - line.count("</details>")
            if depth < 0:
                return False
    return not fence and depth == 0
