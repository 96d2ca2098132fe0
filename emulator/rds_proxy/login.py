"""How a client logs in: TLS, its password, and the login to the database on its behalf."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass

from emulator.postgres import SUPERUSER, Server
from emulator.rds_proxy import wire
from emulator.rds_proxy.access import Access
from emulator.rds_proxy.scram import Client
from emulator.rds_proxy.wire import Refused, Startup

Message = tuple[bytes, bytes]
"""Type and body."""

_RETRY_SECONDS = 0.1
_NOT_YET = b"C57P03\0"
"""How a database refuses everybody while it starts or stops."""


@dataclass(frozen=True, kw_only=True)
class Stream:
    """One side of the relay."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        """Sends bytes and waits until there is room for more."""
        self.writer.write(data)
        await self.writer.drain()

    async def hang_up(self) -> None:
        """Closes it at once, and waits until its socket is closed."""
        # In Python 3.11, abort() of a closed TLS transport raises AttributeError.
        with suppress(AttributeError):
            self.writer.transport.abort()
        with suppress(OSError):
            await self.writer.wait_closed()


@dataclass(frozen=True, kw_only=True)
class Session:
    """A client that is logged in.

    Attributes:
        upstream: its connection with the database.
        borrow_seconds: how long that took, without the time in which the client was asked.
    """

    upstream: Stream
    borrow_seconds: float


async def serve(connection: socket.socket) -> Stream:
    """Gives the streams of an accepted connection.

    Args:
        connection: with a client.
    """
    loop = asyncio.get_running_loop()
    made: list[Stream] = []

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        made.append(Stream(reader=reader, writer=writer))

    reader = asyncio.StreamReader(loop=loop)
    protocol = asyncio.StreamReaderProtocol(reader, connected, loop=loop)
    await loop.connect_accepted_socket(lambda: protocol, connection)
    return made[0]


async def negotiate_tls(client: Stream, context: ssl.SSLContext) -> tuple[Startup, bool]:
    """Reads a client's first message, after it was offered TLS.

    Args:
        client: just connected.
        context: for TLS.

    Returns:
        The message, and whether it came over TLS.

    Raises:
        Refused: if the client asks for encryption again and again.
    """
    encrypted = False
    for _ in range(3):
        startup = await wire.read_startup(client.reader)
        if startup.code == wire.SSL_REQUEST and not encrypted:
            await client.send(b"S")
            await client.writer.start_tls(context)
            encrypted = True
        elif startup.code == wire.GSS_REQUEST:
            await client.send(b"N")
        else:
            return startup, encrypted
    raise Refused("08P01", "too many requests for encryption")


async def open_session(
    client: Stream,
    startup: Startup,
    *,
    encrypted: bool,
    server: Server,
    access: Access,
    ports: Collection[int],
) -> Session:
    """Logs in to the database for a client.

    Args:
        client: who it is.
        startup: its first message.
        encrypted: whether it came over TLS.
        server: the database.
        access: the rules.
        ports: those that a token may name.

    Returns:
        A connection on which the client is logged in, and knows it.

    Raises:
        Refused: if the client may not log in.
        OSError: if it is to be hung up on.
    """
    user = startup.parameters.get("user", "")
    access.check_startup(startup.parameters, encrypted=encrypted)
    if user in ("", SUPERUSER):
        raise Refused("28P01", f'password authentication failed for user "{user}"')
    began = time.monotonic()
    upstream, first = await _patiently(server, access, startup.packet)
    try:
        code = int.from_bytes((await _authentication(upstream, client, first))[:4])
        borrow_seconds = time.monotonic() - began
        given = await _ask_password(client)
        trusted = code == wire.AUTHENTICATION_OK
        password = access.check_password(user, given, trusted=trusted, ports=ports)
        began = time.monotonic()
        if password is not None:
            await _log_in(upstream, client, password)
        borrow_seconds += time.monotonic() - began
        await client.send(wire.authentication(wire.AUTHENTICATION_OK))
    except BaseException:
        await upstream.hang_up()
        raise
    return Session(upstream=upstream, borrow_seconds=borrow_seconds)


async def connect(server: Server) -> Stream:
    """Opens a connection to the database.

    Args:
        server: which.

    Raises:
        OSError: if nobody answers there.
    """
    reader, writer = await asyncio.open_unix_connection(server.socket)
    return Stream(reader=reader, writer=writer)


async def _patiently(server: Server, access: Access, packet: bytes) -> tuple[Stream, Message]:
    """Begins a session as soon as the database runs; gives the database's first message too."""
    end = time.monotonic() + access.patience_seconds()
    while True:
        try:
            return await _begin(server, packet)
        except (OSError, EOFError):
            if time.monotonic() >= end:
                raise access.unavailable() from None
            await asyncio.sleep(_RETRY_SECONDS)


async def _begin(server: Server, packet: bytes) -> tuple[Stream, Message]:
    upstream = await connect(server)
    try:
        await upstream.send(packet)
        kind, body = await wire.read_message(upstream.reader)
        if kind == b"E" and _NOT_YET in body:
            raise ConnectionRefusedError("the database starts or stops")
    except BaseException:
        await upstream.hang_up()
        raise
    return upstream, (kind, body)


async def _ask_password(client: Stream) -> str:
    await client.send(wire.authentication(wire.CLEARTEXT_PASSWORD))
    kind, body = await wire.read_message(client.reader)
    if kind != b"p":
        raise Refused("08P01", "expected a password")
    return body.removesuffix(b"\0").decode(errors="replace")


async def _log_in(upstream: Stream, client: Stream, password: str) -> None:
    login = Client(password)
    await upstream.send(wire.message(b"p", login.first()))
    challenge = await _authentication(upstream, client)
    await upstream.send(wire.message(b"p", login.final(challenge[4:])))
    while int.from_bytes((await _authentication(upstream, client))[:4]) != wire.AUTHENTICATION_OK:
        pass


async def _authentication(upstream: Stream, client: Stream, first: Message | None = None) -> bytes:
    """The body of the next message about authentication; passes on what else comes."""
    while True:
        kind, body = first or await wire.read_message(upstream.reader)
        if kind == b"R":
            return body
        await client.send(wire.message(kind, body))
        if kind == b"E":
            raise EOFError
        first = None
