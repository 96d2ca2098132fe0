"""PostgreSQL's messages, as far as logging in needs them.

Source: https://www.postgresql.org/docs/18/protocol-message-formats.html
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

SSL_REQUEST = 80877103
GSS_REQUEST = 80877104
CANCEL_REQUEST = 80877102

AUTHENTICATION_OK = 0
CLEARTEXT_PASSWORD = 3
SASL = 10

_MAX_BYTES = 64 * 1024
"""The longest message before the login is complete; tokens are the longest."""


class Refused(Exception):
    """A client may not log in.

    Attributes:
        answer: the message to send.
    """

    def __init__(self, sqlstate: str, text: str) -> None:
        """Remembers the message.

        Args:
            sqlstate: five characters.
            text: for the client; no secrets.
        """
        super().__init__(text)
        fields = f"SFATAL\0VFATAL\0C{sqlstate}\0M{text}\0\0"
        self.answer = message(b"E", fields.encode())


class Unavailable(Refused):
    """A client may log in, but the database does not run."""


@dataclass(frozen=True, kw_only=True)
class Startup:
    """A client's first message.

    Attributes:
        code: a version of the protocol, or one of the requests above.
        packet: as it came.
    """

    code: int
    packet: bytes

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters, such as `user` and `database`."""
        words = self.packet[8:].decode(errors="replace").split("\0")
        return dict(zip(words[::2], words[1::2], strict=False))


async def read_startup(reader: asyncio.StreamReader) -> Startup:
    """Reads the first message, which has no type.

    Args:
        reader: of the client.

    Raises:
        Refused: if it is no first message.
    """
    head = await reader.readexactly(4)
    body = await reader.readexactly(_size(head))
    if len(body) < len(head):
        raise Refused("08P01", "invalid startup packet")
    return Startup(code=int.from_bytes(body[:4]), packet=head + body)


async def read_message(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Reads a message.

    Args:
        reader: of either side.

    Returns:
        Its type and its body.

    Raises:
        Refused: if it is too long to be one that belongs here.
    """
    kind = await reader.readexactly(1)
    return kind, await reader.readexactly(_size(await reader.readexactly(4)))


def message(kind: bytes, body: bytes) -> bytes:
    """Builds a message.

    Args:
        kind: its type, one byte.
        body: without the length.
    """
    return kind + (len(body) + 4).to_bytes(4) + body


def authentication(code: int, body: bytes = b"") -> bytes:
    """Builds a server's demand, or its consent.

    Args:
        code: one of the above.
        body: more of it.
    """
    return message(b"R", code.to_bytes(4) + body)


def _size(head: bytes) -> int:
    size = int.from_bytes(head) - len(head)
    if not 0 <= size <= _MAX_BYTES:
        raise Refused("08P01", "invalid length of a message")
    return size
