"""Tells random characters, as keys are made of, from names that people or programs write."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

SHORTEST = 32
"""Keys of fewer characters can't be told from names."""

_CANDIDATE = re.compile(rf"[A-Za-z0-9+/=_-]{{{SHORTEST},}}")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-f]+|[0-9A-F]+)(?![0-9A-Za-z])")
_DIGESTS = frozenset((32, 40, 56, 64, 96, 128))
"""Lengths of MD5, SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512 in hexadecimal digits."""

_LEAST_ENTROPY = 3.7
_LEAST_CHANGES = 0.33
_LEAST_CHANGES_OF_ONE_CASE = 0.12
"""Share of neighbours of different kinds (lower, upper, digit): in random text about 0.64, in one
case about 0.4; in words joined in camel case about 0.2."""


def random_parts(text: str) -> Iterator[tuple[int, int]]:
    """Where a text has characters that look random, as start and end."""
    for match in _CANDIDATE.finditer(text):
        if _looks_random(match[0]):
            yield match.span()


def _looks_random(text: str) -> bool:
    if any(len(part) not in _DIGESTS and len(part) >= SHORTEST for part in _HEX.findall(text)):
        return _entropy(text) >= math.log2(10)
    kept = "".join(c for c in _HEX.sub("", text) if c.isalnum())
    if len(kept) < SHORTEST * 3 // 4 or _entropy(kept) < _LEAST_ENTROPY:
        return False
    changes = sum(_kind(a) != _kind(b) for a, b in pairwise(kept))
    share = changes / (len(kept) - 1)
    if kept.lower() == kept or kept.upper() == kept:
        # Words of one case with numbers between them have separators; a key has none.
        longest = max(re.split(r"[^A-Za-z0-9]", text), key=len)
        return len(longest) >= SHORTEST and share >= _LEAST_CHANGES_OF_ONE_CASE
    return share >= _LEAST_CHANGES


def _kind(character: str) -> int:
    return 0 if character.isdigit() else 1 if character.islower() else 2


def _entropy(text: str) -> float:
    """Shannon's entropy in bits a character."""
    total = len(text)
    return -sum(n / total * math.log2(n / total) for n in Counter(text).values())
