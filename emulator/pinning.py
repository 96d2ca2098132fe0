"""What would pin a client of RDS Proxy to one connection of the database.

Sources: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-pinning.html and, for
statements without a name in the extended protocol, which don't pin:
https://aws.amazon.com/blogs/database/amazon-rds-proxy-multiplexing-support-for-postgresql-extended-query-protocol/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_STATEMENT_BYTES = 16 * 1024
_SHOWN = 80  # characters
_HEAD = 5  # bytes: a message's type and length

# What stands inside comments, strings, quoted names and function bodies is no statement.
_OPAQUE = re.compile(
    r"""--[^\n]* | /\*.*?\*/ | (?P<tag>\$\w*\$).*?(?P=tag)
      | \b[eE]'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*' | "(?:[^"]|"")*" """,
    re.VERBOSE | re.DOTALL,
)

_REASONS = tuple(
    (reason, re.compile(pattern, re.IGNORECASE))
    for reason, pattern in (
        ("SET", r"^(RE)?SET\b"),
        ("SET", r"\bset_config\s*\("),
        ("prepared statement", r"^(PREPARE|EXECUTE|DEALLOCATE)\b(?!\s+TRANSACTION\b)"),
        ("DISCARD", r"^DISCARD\b"),
        ("LISTEN", r"^LISTEN\b"),
        ("cursor", r"^DECLARE\b"),
        ("temporary object", r"^CREATE\s+(OR\s+REPLACE\s+)?((GLOBAL|LOCAL)\s+)?TEMP(ORARY)?\b"),
        ("temporary object", r"\bINTO\s+((GLOBAL|LOCAL)\s+)?TEMP(ORARY)?\b"),
        ("library", r"^LOAD\b"),
        ("sequence", r"\b(nextval|setval)\s*\("),
        ("lock of the session", r"\bpg_(try_)?advisory_(un)?lock(_all|_shared)?\s*\("),
    )
)


@dataclass(frozen=True, kw_only=True)
class Pin:
    """A statement that pins.

    Attributes:
        reason: what about it does.
        statement: its first 80 characters, without the values in it.
    """

    reason: str
    statement: str


def pins(text: str, *, name: str = "") -> Iterator[Pin]:
    """Finds what pins in a text that a client sends to be run.

    Args:
        text: SQL, one or more statements.
        name: of the prepared statement; empty for none.
    """
    clear = _OPAQUE.sub(lambda found: " " if found[0][0] in "-/" else "''", text)
    statements = [part.strip() for part in clear.split(";")]
    shown = " ".join(" ".join(statements).split())[:_SHOWN]
    if len(text.encode()) > MAX_STATEMENT_BYTES:
        yield Pin(reason="over 16 KB", statement=shown)
    if name:
        yield Pin(reason="prepared statement", statement=shown)
    for statement in statements:
        for reason, pattern in _REASONS:
            if pattern.search(statement):
                yield Pin(reason=reason, statement=" ".join(statement.split())[:_SHOWN])


class PinDetector:
    """Finds what pins in everything that one client sends, in pieces of any size.

    Attributes:
        queries: how many it has asked to be run.
        pinned: whether it has sent anything that pins.
    """

    def __init__(self) -> None:
        self.queries = 0
        self.pinned = False
        self._buffer = bytearray()
        self._skip = 0

    def feed(self, data: bytes) -> Iterator[Pin]:
        """Takes the next piece; gives what pins in the statements that it completes."""
        dropped = min(self._skip, len(data))
        self._skip -= dropped
        self._buffer += data[dropped:]
        while len(self._buffer) >= _HEAD:
            kind, size = bytes(self._buffer[:1]), 1 + int.from_bytes(self._buffer[1:_HEAD])
            if kind in (b"Q", b"P"):
                if len(self._buffer) < size:
                    return
                for pin in _read(kind, bytes(self._buffer[_HEAD:size])):
                    self.pinned = True
                    yield pin
            self.queries += kind in (b"Q", b"E")  # a text, or a statement that was parsed before
            # Other messages, such as rows and parameters, are skipped.
            self._skip = max(0, size - len(self._buffer))
            del self._buffer[:size]


def _read(kind: bytes, body: bytes) -> Iterator[Pin]:
    name, text = (b"", body) if kind == b"Q" else body.split(b"\0", 1)
    statement = text.split(b"\0", 1)[0].decode(errors="replace")
    return pins(statement, name=name.decode(errors="replace"))
