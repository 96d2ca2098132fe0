"""Tells random characters, as keys are made of, from names that people or programs write."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

SHORTEST = 32
"""Keys of fewer characters can't be told from names."""

_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_CANDIDATE = re.compile(rf"[A-Za-z0-9+/=_-]{{{SHORTEST},}}")
_HEX = re.compile(r"(?:(?<![0-9A-Za-z])|(?<=\b[A-Z]{2}))(?:[0-9a-f]+|[0-9A-F]+)(?![0-9A-Za-z])")
_HASHED = re.compile(
    r"(?i)(?:sha-?\d*|md5|hash|digest|commit|revision|\brev|\bref|checksum|etag|fingerprint|integrity"
    r"|version|thumbprint|tree|blob|\bid|key-id|uuid|build|snapshot|layer|trace|canonicaluser|image|checkout|cherry-pick|reset --hard)"
    r"[\"'\\]*\s*(?:is\b|of\b)?[\s\"'\\:=/@~#(-]{0,6}\Z"
)
"""What stands before a hash or an id in hexadecimal digits and says so."""

_REVISION = re.compile(r"(?:[\w.-]+/[\w./-]*|[\w.-]+\.amazonaws\.com/\S*)[@:](?:[\w.]{1,20}-)?\Z")
"""An image's tag or an action's commit: ``registry/name:…``, ``owner/action@…``."""

_FILE = re.compile(
    r"[\w./-]{0,200}\.(?:zip|tar|t?gz|json|m?js|css|jar|whl|ya?ml|txt|html?|png|svg|py|map|deb|rpm|template)\b"
    r"|\s+[*]?[\w./-]+\.\w+|\s+-\s*$"
)
"""A file named by its content, or what sha256sum prints."""

_PUBLIC = re.compile(
    r"-----BEGIN (?![A-Z0-9 ]*PRIVATE)[A-Z0-9 ]+-----"
    r"[^-]*(?:-----END [A-Z0-9 ]+-----)?"
    r"|\b(?:(?:sk-)?(?:ssh|ecdsa)-[\w@.-]{2,40})\s++AAAA[\w+/=]+"
    r"|\b(?:cluster|db|prx)-[A-Z0-9]{26}\b|\boidc\.eks\.[\w.-]{1,60}/id/[A-Z0-9]{32}|\bh1:[\w+/]{43}=|\bsha(?:256|384|512)-[\w+/]{43,}={0,2}|\bSHA256:[\w+/]{43}"
)
"""Certificates, public keys, and digests in base64."""

_LEAST_ENTROPY = 3.7
_LEAST_ENTROPY_OF_HEX = 2.8
"""In bits a digit: of 32 digits that are drawn one set in a million has less."""

_LEAST_LENGTH_OF_WORDS = 3.4
"""Letters from one capital to the next: in random letters about 2.5, in camel case 4 and more."""

_LEAST_CHANGES = 0.33
_LEAST_CHANGES_OF_ONE_CASE = 0.12
"""Share of neighbours of different kinds (lower, upper, digit): in random text about 0.64, in one
case about 0.4; in words joined in camel case about 0.2."""


def random_parts(text: str) -> Iterator[tuple[int, int]]:
    """Where a text has characters that look random, as start and end.

    Not those of a certificate or a public key, and no hexadecimal digits of which the text before
    or behind them says that they are a hash or an id.
    """
    if len(text) < SHORTEST:
        return
    if any(_looks_random(text, *match.span()) for match in _CANDIDATE.finditer(text)):
        rest = _PUBLIC.sub(lambda match: " " * len(match[0]), text)
        for match in _CANDIDATE.finditer(rest):
            if _looks_random(rest, *match.span()):
                yield match.span()


def _looks_random(text: str, start: int, end: int) -> bool:
    part = text[start:end]
    found = False
    for digits in _HEX.finditer(part):
        if len(digits[0]) >= SHORTEST and _entropy(digits[0]) >= _LEAST_ENTROPY_OF_HEX:
            found = True
            if not _is_hash(text, start + digits.start(), start + digits.end()):
                return True
    if found:
        return False
    kept = "".join(c for c in _HEX.sub("", part) if c.isalnum())
    if len(kept) < SHORTEST * 3 // 4 or _entropy(kept) < _LEAST_ENTROPY:
        return False
    changes = sum(_kind(a) != _kind(b) for a, b in pairwise(kept))
    share = changes / (len(kept) - 1)
    if kept.lower() == kept or kept.upper() == kept:
        # Words of one case with numbers between them have separators; a key has none.
        longest = max(re.split(r"[^A-Za-z0-9]", part), key=len)
        return len(longest) >= SHORTEST and share >= _LEAST_CHANGES_OF_ONE_CASE
    return share >= _LEAST_CHANGES and ("/" in part or "+" in part or not _is_camel_case(kept))


def _is_camel_case(text: str) -> bool:
    """Whether a text is words: almost no digits, and longer from one capital to the next."""
    words = _CAMEL.findall(text)
    letters = sum(map(len, words))
    return len(text) - letters <= len(text) // 16 and letters >= _LEAST_LENGTH_OF_WORDS * len(words)


def _is_hash(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 60) : start]
    return bool(_HASHED.search(before) or _REVISION.search(before) or _FILE.match(text, end))


def _kind(character: str) -> int:
    return 0 if character.isdigit() else 1 if character.islower() else 2


def _entropy(text: str) -> float:
    """Shannon's entropy in bits a character."""
    total = len(text)
    return -sum(n / total * math.log2(n / total) for n in Counter(text).values())
