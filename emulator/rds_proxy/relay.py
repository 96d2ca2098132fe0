"""A port with TLS in front of a server that has none."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from contextlib import suppress

from emulator.pinning import Pin, Watch
from emulator.postgres import Server
from emulator.rds_proxy import wire
from emulator.rds_proxy.gates import Gate
from emulator.rds_proxy.login import Stream, connect, greet, open_session, serve
from emulator.rds_proxy.wire import Refused

RDS_PORT = 5432
HOST = "127.0.0.1"
_LOGIN_SECONDS = 60.0
_FAREWELL_SECONDS = 1.0
"""For a client to notice that it is over; an idle one does not."""
_CHUNK = 64 * 1024


class Relay:
    """Lets clients in and passes on what they and the database say, in a thread of its own.

    Attributes:
        port: where it listens, on 127.0.0.1.
        pinned: what its clients sent that would pin RDS Proxy, in order.
    """

    def __init__(self, server: Server, *, gate: Gate, context: ssl.SSLContext) -> None:
        """Starts it.

        Args:
            server: the database.
            gate: who comes in.
            context: for TLS.
        """
        self.pinned: list[Pin] = []
        self._server = server
        self._gate = gate
        self._context = context
        self._listener = socket.create_server((HOST, 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._end = asyncio.Event()
        self._sessions: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._run, name="rds-relay", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Hangs up on everybody and leaves nothing behind."""
        with suppress(RuntimeError):  # closed already
            self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        # Not asyncio's server: it forgets whom it has only just let in.
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
        try:
            # Either side may hang up at any time.
            with suppress(OSError, EOFError, TimeoutError):
                await self._converse(client)
                client.writer.close()
                async with asyncio.timeout(_FAREWELL_SECONDS):
                    await client.writer.wait_closed()
        finally:
            await client.hang_up()

    async def _converse(self, client: Stream) -> None:
        upstream: Stream | None = None
        try:
            async with asyncio.timeout(_LOGIN_SECONDS):
                upstream = await self._enter(client)
            if upstream:
                await self._exchange(client, upstream)
        except Refused as refusal:
            await client.send(refusal.answer)
        finally:
            if upstream:
                await upstream.hang_up()

    async def _enter(self, client: Stream) -> Stream | None:
        startup, encrypted = await greet(client, self._context)
        if startup.code != wire.CANCEL_REQUEST:
            return await open_session(
                client,
                startup,
                encrypted=encrypted,
                server=self._server,
                gate=self._gate,
                ports=(RDS_PORT, self.port),
            )
        if self._gate.takes_cancel_requests:
            upstream = await connect(self._server)
            await upstream.send(startup.packet)
            await upstream.reader.read()  # done when the server hangs up
            await upstream.hang_up()
        return None

    async def _exchange(self, client: Stream, upstream: Stream) -> None:
        ways = [
            self._loop.create_task(self._pass_on(client, upstream, Watch())),
            self._loop.create_task(self._pass_on(upstream, client, None)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _pass_on(self, source: Stream, target: Stream, watch: Watch | None) -> None:
        while data := await source.reader.read(_CHUNK):
            if watch:
                self.pinned.extend(watch.feed(data))
            await target.send(data)
