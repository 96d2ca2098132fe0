"""Searches for known secrets, in whatever form they may stand in files, logs and messages."""

from __future__ import annotations

import base64
import contextlib
import gzip
import html
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

import ahocorasick

SHORTEST = 8
"""Characters: what is shorter stands somewhere by chance."""

_DEEPEST = 4
"""Archives within archives."""

_GZIP = b"\x1f\x8b\x08"
_ZIP = b"PK\x03\x04"
_LONGEST = 200_000_000


def forms(secret: str) -> frozenset[bytes]:
    """How a secret may be written, within whatever text.

    In base64 three characters stand for four, so that a secret within a longer text looks different
    by where it begins; what depends on its neighbours is left out at both ends.
    """
    raw = secret.encode()
    escaped = json.dumps(secret)[1:-1]
    texts = {
        secret,
        escaped,
        json.dumps(escaped)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        quote(secret, safe=""),
        quote_plus(secret),
        quote(quote(secret, safe=""), safe=""),
        "".join(f"%{byte:02X}" for byte in raw),
        html.escape(secret),
        html.escape(secret).replace("&#x27;", "&#39;"),
        "".join(f"&#{ord(character)};" for character in secret),
        "".join(f"&#x{ord(character):x};" for character in secret),
        "".join(f"\\u{ord(character):04x}" for character in secret),
        raw.hex(),
        raw.hex().upper(),
        ":".join(f"{byte:02x}" for byte in raw),
    }
    found = {text.encode() for text in texts}
    found |= {secret.encode("utf-16-le"), secret.encode("utf-16-be")}
    for encoded in (raw, secret.encode("utf-16-le")):
        found |= set(_base64(encoded))
    # A form of base64 within another one: what is encoded twice.
    found |= {form for each in _base64(raw) for form in _base64(each)}
    return frozenset(form for form in found if len(form) >= SHORTEST)


def _base64(raw: bytes) -> Iterator[bytes]:
    for offset in range(3):
        padded = b"\0" * offset + raw
        whole = padded[: len(padded) - len(padded) % 3]
        start = -(-offset * 4 // 3)
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(whole)[start:]


class Search:
    """Finds secrets in one pass, however many there are.

    Attributes:
        names: of the secrets that are looked for.
    """

    def __init__(self, secrets: Mapping[str, str]) -> None:
        """Args: secrets: name to value; the names are what a finding says."""
        short = [name for name, value in secrets.items() if len(value) < SHORTEST]
        if short:
            raise ValueError(f"{short[0]}: too short to be looked for")
        self.names = frozenset(secrets)
        self._automaton: Any = ahocorasick.Automaton()
        for name, value in secrets.items():
            for form in forms(value):
                self._automaton.add_word(form.decode("latin-1"), name)
        self._automaton.make_automaton()

    def found(self, data: bytes) -> set[str]:
        """Names of the secrets in some bytes, also where they are packed."""
        return set(self._within(data, 0))

    def places(self, files: Iterable[tuple[str, bytes]]) -> dict[str, set[str]]:
        """Place to names of the secrets that are there.

        Args:
            files: what each place is called, and what is there.
        """
        each = ((place, self.found(data)) for place, data in files)
        return {place: names for place, names in each if names}

    def _within(self, data: bytes, depth: int) -> Iterator[str]:
        for _, name in self._automaton.iter(data.decode("latin-1")):
            yield name
        if depth < _DEEPEST:
            for inner in _unpacked(data):
                yield from self._within(inner, depth + 1)


def _unpacked(data: bytes) -> Iterator[bytes]:
    """What archives hold, wherever in the bytes they begin; and base64 that hides one."""
    if _ZIP in data:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                yield from (archive.read(name) for name in archive.namelist())
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
            pass
    start = data.find(_GZIP)
    while start >= 0:
        stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
        with contextlib.suppress(zlib.error):
            yield stream.decompress(data[start:], _LONGEST)
        start = data.find(_GZIP, start + 1)
    for text in _PACKED.findall(data):
        try:
            yield base64.b64decode(text + b"=" * (-len(text) % 4))
        except ValueError:
            continue


_PACKED = re.compile(rb"(?:H4sI|UEsDB)[A-Za-z0-9+/]{20,}={0,2}")
"""How gzip and zip begin in base64."""


def packed(data: bytes) -> bytes:
    """Some bytes in gzip, always the same."""
    return gzip.compress(data, mtime=0)
