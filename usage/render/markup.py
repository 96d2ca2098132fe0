"""Text inside HTML and SVG."""

from __future__ import annotations

from html import escape

from pipeline.plan.text import escaped


def safe(text: str) -> str:
    """Text that stays text there, whatever AWS sent; what would not show is written out."""
    return escape(escaped(text))
