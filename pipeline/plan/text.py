"""Makes any text safe to show: nothing hidden, nothing that moves a cursor, no endless line."""

from __future__ import annotations

import unicodedata

LONGEST = 200
"""Characters of a value that are shown."""

_ELLIPSIS = "…"
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
"""Unicode's categories of control, format (bidirectional ones among them), surrogate and private
characters, and of line and paragraph separators."""

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def escaped(text: str, *, keep: str = "") -> str:
    """The text with characters that don't show, or change how others show, written as escapes.

    Args:
        text: any text.
        keep: characters to leave.
    """
    if text.isprintable():
        return text
    return "".join(
        c if c in keep or unicodedata.category(c) not in _HIDDEN else _escape(c) for c in text
    )


def _escape(character: str) -> str:
    code = ord(character)
    return _SHORT.get(character) or (f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}")


def cut(text: str, start: int = 0) -> str:
    """At most ``LONGEST`` characters from ``start``, with an ellipsis where some are left out."""
    if not start and len(text) <= LONGEST:
        return text
    end = start + LONGEST
    return (_ELLIPSIS if start else "") + text[start:end] + (_ELLIPSIS if end < len(text) else "")
