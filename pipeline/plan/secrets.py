"""Finds what looks like a secret wherever it stands, and masks it.

Terraform marks what it knows to be sensitive; this is for the rest. It errs on the side of
masking: a masked value that is none costs a look at the plan in the job.
"""

from __future__ import annotations

import base64
import binascii
import re
from functools import lru_cache
from urllib.parse import unquote

from pipeline.plan.harmless import ARN, is_harmless
from pipeline.plan.masked import MASK
from pipeline.plan.names import is_hash_name, is_secret_name
from pipeline.plan.patterns import known_parts
from pipeline.plan.randomness import random_parts
from pipeline.plan.text import escaped

_WORD = re.compile(r"[^:= ]{0,15}")
"""One word that is shorter than any key."""

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_ENCODED = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/]{24,}={0,2}(?![\w+/-])")
"""What may be base64 within a text."""


def is_secret(name: str, value: object, *, hashed: bool | None = None) -> bool:
    """Whether a value is or holds a secret, by its name and by itself.

    Args:
        name: the attribute or map key that holds it; empty where there is none.
        value: a text, a number, a switch or nothing.
        hashed: whether it is a hash or an id, so that random characters say nothing; by default
            the name tells.
    """
    if value is None or isinstance(value, bool) or value == "":
        return False
    if not isinstance(value, str):
        return is_secret_name(name) and not is_harmless(str(value), name)
    if is_secret_name(name) and not is_harmless(value, name):
        return True
    return holds_secret(value, random_is_fine=is_hash_name(name) if hashed is None else hashed)


@lru_cache(maxsize=65_536)
def holds_secret(text: str, *, random_is_fine: bool = False) -> bool:
    """Whether a text is or holds what looks like a secret, however it is encoded.

    Args:
        text: any text.
        random_is_fine: it is known to be a hash or an id, so that random characters say nothing.
    """
    if _WORD.fullmatch(text):
        return False
    if any(True for _ in known_parts(text)):
        return True
    if "%" in text and (plain := unquote(text)) != text and holds_secret(plain):
        return True
    if (decoded := _decoded(text)) is not None:
        return holds_secret(decoded)
    if any(map(_hides_secret, _ENCODED.findall(text))):
        return True
    # An ARN ends in ids and names that AWS made up.
    return not random_is_fine and not ARN.fullmatch(text) and any(True for _ in random_parts(text))


def _hides_secret(text: str) -> bool:
    plain = _decoded(text)
    return plain is not None and holds_secret(plain)


def mask_text(text: str) -> str:
    """A text for people, such as Terraform's error or an address, without its secrets.

    Control characters but line feeds are escaped, so that a terminal or a page shows what is there.

    Args:
        text: any text.
    """
    if not holds_secret(text):
        return escaped(text, keep="\n")
    hidden = (each.span() for each in _ENCODED.finditer(text) if _hides_secret(each[0]))
    spans = sorted([*known_parts(text), *random_parts(text), *hidden])
    if not spans:
        return MASK  # it is hidden in an encoding: no part can be shown
    parts, end = [], 0
    for start, stop in spans:
        if start >= end:
            parts += [escaped(text[end:start], keep="\n"), MASK]
        end = max(end, stop)
    return "".join([*parts, escaped(text[end:], keep="\n")])


def _decoded(text: str) -> str | None:
    """What a text in base64 says; ``None`` where it is no text in base64."""
    joined = "".join(text.split())
    if not _BASE64.fullmatch(joined):
        return None
    bare = joined.rstrip("=")
    alternative = b"-_" if re.search("[-_]", bare) else None
    try:
        raw = base64.b64decode(bare + "=" * (-len(bare) % 4), alternative)
        plain = raw.decode()
    except (binascii.Error, ValueError):
        return None
    return plain if all(c.isprintable() or c in "\t\r\n" for c in plain) else None
