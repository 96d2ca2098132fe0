"""An HTTP server on this machine that breaks connections when told to."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

from services.rag.prompt import Prompt, parse_prompt

_HOST = "127.0.0.1"
_DRIP_SECONDS = 0.05

Fault = Literal["reset", "hang", "half", "drip"]


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request that arrived.

    Attributes:
        path: as it was asked for.
        body: parsed.
        headers: by lower-case name.
        at: when, by ``time.monotonic``.
    """

    path: str
    body: dict[str, Any]
    headers: dict[str, str]
    at: float

    @property
    def model_id(self) -> str:
        """Of Bedrock's ``/model/<id>/<operation>``, decoded."""
        return urllib.parse.unquote(self.path.split("/")[2])

    @property
    def operation(self) -> str:
        """Of the same: ``invoke`` or ``converse``."""
        return self.path.split("/")[3]

    @property
    def prompt(self) -> Prompt:
        """Question and passages of a Converse call."""
        return parse_prompt(self.body["messages"][0]["content"][0]["text"])


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What goes back.

    Attributes:
        status: of HTTP.
        body: as it is sent.
        headers: further ones.
        after_seconds: how long it takes.
        fault: ``reset`` the connection instead, ``hang`` without an answer, send ``half`` of the
            body and hang up, or let it ``drip`` a byte at a time for as long as somebody reads.
    """

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    after_seconds: float = 0
    fault: Fault | None = None


@contextmanager
def serving(answer: Callable[[Call], Reply]) -> Iterator[str]:
    """Serve until the block ends, whatever clients still wait for.

    Args:
        answer: decides what goes back; threads call it.

    Yields:
        The URL.
    """
    closing = threading.Event()
    server = _Server((_HOST, 0), _handler(answer, closing))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://{_HOST}:{server.server_address[1]}"
    finally:
        closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def shutdown_request(self, request: Any) -> None:
        # Without the farewell of the original, so that a reset is one.
        self.close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that give up are what is tested."""


def _handler(
    answer: Callable[[Call], Reply], closing: threading.Event
) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self._send(answer(self._call()))

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name
            """Say nothing."""

        def _call(self) -> Call:
            length = int(self.headers["Content-Length"])
            return Call(
                path=self.path,
                body=json.loads(self.rfile.read(length)),
                headers={name.lower(): value for name, value in self.headers.items()},
                at=time.monotonic(),
            )

        def _send(self, reply: Reply) -> None:
            closing.wait(reply.after_seconds)
            if reply.fault == "hang":
                closing.wait()
            if reply.fault in ("hang", "reset"):
                linger = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                self.close_connection = True
                return
            self.send_response(reply.status)
            headers = {"Content-Type": "application/json", **reply.headers}
            for name, value in headers.items():
                self.send_header(name, value)
            promised = len(reply.body) * (1 if reply.fault is None else 1000)
            self.send_header("Content-Length", str(promised))
            self.end_headers()
            if reply.fault == "drip":
                while not closing.wait(_DRIP_SECONDS):
                    self.wfile.write(b" ")
            self.wfile.write(reply.body)
            self.close_connection = reply.fault is not None

    return Handler
