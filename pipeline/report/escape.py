"""Makes text from a plan harmless in GitLab Flavoured Markdown.

A plan's names and values are written by whoever opens a merge request. They must not break a
table, mention a person, refer to an issue, run a quick action, close a fence or imitate the
hidden comments by which the note and its fingerprints are found.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from urllib.parse import quote

JOINER = "\u2060"
"""Word joiner: it has no width, and ends the word that GitLab would make a reference of."""

_PLAIN_CODE = re.compile(r"[^`|\\<>&\s](?:[^`|\\<>&]*[^`|\\<>&\s])?")
_CODE = re.compile("`([^`]+)`")
_TICKS = re.compile("`+")
# A pipe and a backslash are written as entities: renderers disagree on a backslash before a pipe.
# The joiner stands after every sign that begins a reference (docs.gitlab.com, "GitLab-specific
# references"): a backslash alone does not stop all of them in all versions.
_PROSE = str.maketrans(
    {
        "\\": "&#92;",
        "|": "&#124;",
        "<": "&lt;",
        ">": "&gt;",
        "&": "&amp;" + JOINER,
        "`": "&#96;",
        "*": "\\*",
        "_": "\\_",
        "[": "\\[" + JOINER,
        "]": "\\]",
        **{sign: f"\\{sign}{JOINER}" for sign in "@#!~%$^"},
    }
)
_AUTOLINK = re.compile(r"(?i)(:)(?=//)|(\bwww)(?=\.)")
_BLOCK_START = re.compile(r"[-+=/:]|\d+[.)](?:\s|$)")


def visible(text: str) -> str:
    r"""One line, with control and formatting characters written out, such as ``\n``.

    Right-to-left overrides and terminal sequences would show a reader something else.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _written_out(char) for char in text)


def clip(text: str, length: int) -> str:
    """The text, its end cut off and counted where it is longer than ``length`` characters."""
    if len(text) <= length:
        return text
    return f"{text[:length]}… ({len(text) - length:,} more characters)"


def prose(text: str) -> str:
    """Text outside code: every sign that Markdown or GitLab would act on is escaped."""
    safe = _AUTOLINK.sub(lambda found: found[0] + JOINER, visible(text).translate(_PROSE))
    return JOINER + safe if _BLOCK_START.match(safe) else safe


def with_code(text: str) -> str:
    """Text in which names stand between backticks: those are code, all else is ``prose``."""
    pieces = _CODE.split(text)
    return "".join(code(piece) if at % 2 else prose(piece) for at, piece in enumerate(pieces))


def code(text: str) -> str:
    """Inline code that is safe in a paragraph, a list and a table.

    Backticks where they suffice. Otherwise ``<code>`` with entities, because no length of
    backticks keeps a pipe inside a table's cell in every renderer.
    """
    shown = visible(text)
    if _PLAIN_CODE.fullmatch(shown):
        return f"`{shown}`"
    entities = "".join(c if c.isalnum() or c == " " else f"&#{ord(c)};" for c in shown)
    return f"<code>{entities}</code>"


def html_code(text: str) -> str:
    """Inline code inside an HTML block, such as a summary, where Markdown is not read."""
    return f"<code>{html.escape(visible(text))}</code>"


def fenced_line(text: str) -> str:
    """A line for the inside of a fence; a comment's opening is broken."""
    return visible(text).replace("<!--", f"<{JOINER}!--")


def longest_ticks(text: str) -> int:
    """The length of the longest run of backticks."""
    return max(map(len, _TICKS.findall(text)), default=0) if "`" in text else 0


def fence(lines: Sequence[str], *, language: str = "") -> str:
    """A fenced block; its fence is longer than any run of backticks inside."""
    ticks = "`" * max(3, 1 + max(map(longest_ticks, lines), default=0))
    return "\n".join((ticks + language, *lines, ticks))


def link(label: str, url: str) -> str:
    """A link, or the label alone where the address is none of the web.

    Args:
        label: Markdown.
        url: an address from GitLab's variables.
    """
    if not url.startswith(("https://", "http://")):
        return label
    return f"[{label}]({quote(url, safe=':/?#=&%+,;~-._@')})"


def _written_out(char: str) -> str:
    point = ord(char)
    short = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(char)
    if short:
        return short
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"
