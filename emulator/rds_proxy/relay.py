"""A port with TLS in front of a server that has none."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from contextlib import ExitStack, suppress

from emulator.pinning import Pin, PinDetector
from emulator.postgres import Server
from emulator.rds_proxy import wire
from emulator.rds_proxy.access import Access
from emulator.rds_proxy.login import Session, Stream, connect, negotiate_tls, open_session, serve
from emulator.rds_proxy.usage import Usage
from emulator.rds_proxy.wire import Refused, Unavailable

RDS_PORT = 5432
HOST = "127.0.0.1"
_LOGIN_SECONDS = 60.0
_CLOSE_SECONDS = 1.0
"""How long a client may take to close its side; an idle one does not notice the end."""
_CHUNK = 64 * 1024


class Relay:
    """Logs clients in and forwards what they and the database send, in a thread of its own.

    Attributes:
        port: where it listens, on 127.0.0.1.
        pinned: what its clients sent that would pin RDS Proxy, in order.
        usage: how many clients it has and had.
    """

    def __init__(self, server: Server, *, access: Access, context: ssl.SSLContext) -> None:
        """Starts it.

        Args:
            server: the database.
            access: decides who may log in.
            context: for TLS.
        """
        self.pinned: list[Pin] = []
        self.usage = Usage()
        self._server = server
        self._access = access
        self._context = context
        self._listener = socket.create_server((HOST, 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._end = asyncio.Event()
        self._sessions: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._run, name="rds-relay", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Closes every connection and ends the thread."""
        with suppress(RuntimeError):  # closed already
            self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        # Not asyncio's server: closing it would leave connections open that it has just accepted.
        with self._listener:
            self._listener.setblocking(False)
            self._loop.add_reader(self._listener, self._accept)
            await self._end.wait()
            self._loop.remove_reader(self._listener)
        ending = list(self._sessions)
        for session in ending:
            session.cancel()
        await asyncio.gather(*ending, return_exceptions=True)

    def _accept(self) -> None:
        with suppress(OSError):  # it left already
            connection = self._listener.accept()[0]
            connection.setblocking(False)
            session = self._loop.create_task(self._session(connection))
            self._sessions.add(session)

            def over(_: asyncio.Task[None]) -> None:
                self._sessions.discard(session)
                connection.close()  # still open if it was cancelled before it began

            session.add_done_callback(over)

    async def _session(self, connection: socket.socket) -> None:
        client = await serve(connection)
        self.usage.happened("ClientConnectionsReceived")
        with self.usage.during("ClientConnections"):
            try:
                # Either side may hang up at any time.
                with suppress(OSError, EOFError, TimeoutError):
                    await self._relay(client)
                    client.writer.close()
                    async with asyncio.timeout(_CLOSE_SECONDS):
                        await client.writer.wait_closed()
            finally:
                self.usage.happened("ClientConnectionsClosed")
                await client.hang_up()

    async def _relay(self, client: Stream) -> None:
        session: Session | None = None
        try:
            async with asyncio.timeout(_LOGIN_SECONDS):
                session = await self._open(client)
            if session:
                self.usage.borrowed(session.borrow_seconds)
                self.usage.happened(
                    "ClientConnectionsSetupSucceeded", "DatabaseConnectionsSetupSucceeded"
                )
                with self.usage.during(
                    "DatabaseConnections", "DatabaseConnectionsCurrentlyBorrowed"
                ):
                    await self._exchange(client, session.upstream)
        except Refused as refusal:
            failed = "DatabaseConnectionsSetupFailed"
            refused = "ClientConnectionsSetupFailedAuth"
            self.usage.happened(failed if isinstance(refusal, Unavailable) else refused)
            await client.send(refusal.answer)
        finally:
            if session:
                await session.upstream.hang_up()

    async def _open(self, client: Stream) -> Session | None:
        startup, encrypted = await negotiate_tls(client, self._context)
        if startup.code != wire.CANCEL_REQUEST:
            return await open_session(
                client,
                startup,
                encrypted=encrypted,
                server=self._server,
                access=self._access,
                ports=(RDS_PORT, self.port),
            )
        if self._access.takes_cancel_requests:
            upstream = await connect(self._server)
            await upstream.send(startup.packet)
            await upstream.reader.read()  # done when the server hangs up
            await upstream.hang_up()
        return None

    async def _exchange(self, client: Stream, upstream: Stream) -> None:
        directions = [
            self._loop.create_task(self._forward(client, upstream, PinDetector())),
            self._loop.create_task(self._forward(upstream, client, None)),
        ]
        try:
            await asyncio.wait(directions, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for direction in directions:
                direction.cancel()
            await asyncio.gather(*directions, return_exceptions=True)

    async def _forward(self, source: Stream, target: Stream, detector: PinDetector | None) -> None:
        with ExitStack() as session:
            while data := await source.reader.read(_CHUNK):
                if detector:
                    self._look(data, detector, session)
                await target.send(data)

    def _look(self, data: bytes, detector: PinDetector, session: ExitStack) -> None:
        """Notes what a client sent; what it begins lasts as long as its session."""
        queries, free = detector.queries, not detector.pinned
        self.pinned.extend(detector.feed(data))
        if free and detector.pinned:
            session.enter_context(self.usage.during("DatabaseConnectionsCurrentlySessionPinned"))
        if detector.queries > queries:
            self.usage.happened("QueryRequests", times=detector.queries - queries)
