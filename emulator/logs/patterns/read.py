"""Reads a filter pattern of any kind."""

from __future__ import annotations

import functools

from emulator.logs.patterns.matching import Pattern, PatternError
from emulator.logs.patterns.structured import DelimitedPattern, JsonPattern
from emulator.logs.patterns.terms import TermsPattern


@functools.lru_cache(maxsize=256)
def read(text: str) -> Pattern:
    """Reads a filter pattern.

    Args:
        text: of the pattern.

    Raises:
        PatternError: if it is none, or has something that the emulator lacks.
    """
    stripped = text.strip()
    for opening, closing, kind in (("{", "}", JsonPattern), ("[", "]", DelimitedPattern)):
        if stripped.startswith(opening):
            if not stripped.endswith(closing):
                raise PatternError(f"'{closing}' is missing")
            pattern: Pattern = kind(stripped[1:-1])
            return pattern
    return TermsPattern(stripped)
