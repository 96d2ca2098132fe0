"""Faults that the stand-in commits on order, so that clients can be tried."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Literal

import msgspec
from werkzeug.wrappers import Request, Response

_DRIP_SECONDS = 0.05


class Fault(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One fault; the first of the queue that fits a request is committed and leaves the queue.

    Attributes:
        method: of the requests that it fits; any by default.
        path: what their path contains.
        times: how often it is committed.
        delay: seconds before anything else happens.
        status: answer with it instead of handling the request.
        headers: with the status.
        body: with the status.
        connection: `drop` it instead of handling the request; lose the answer, `lost`, after the
            request was handled; or let a `drip` of bytes come for as long as somebody reads.
    """

    method: str = ""
    path: str = ""
    times: int = 1
    delay: float = 0
    status: int | None = None
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    body: str = '{"message":"a fault that was ordered"}'
    connection: Literal["", "drop", "lost", "drip"] = ""


class Queue:
    """Faults to come."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def order(self, *faults: Fault) -> None:
        """Add faults at the end."""
        with self._lock:
            self._faults += [fault for fault in faults for _ in range(fault.times)]

    def clear(self) -> None:
        """Forget what was ordered."""
        with self._lock:
            self._faults.clear()

    def next_for(self, request: Request) -> Fault | None:
        """Take the first one that fits."""
        with self._lock:
            for at, fault in enumerate(self._faults):
                if fault.method in ("", request.method) and fault.path in request.full_path:
                    return self._faults.pop(at)
        return None


def inject(fault: Fault, environ: dict[str, Any], handle: Callable[[], Response]) -> Response:
    """Commit a fault.

    Args:
        fault: to commit.
        environ: of the request; its connection is broken where the fault says so.
        handle: does what the request asks.

    Raises:
        ConnectionAbortedError: the connection is broken; the server has nothing more to do.
    """
    time.sleep(fault.delay)
    if fault.connection == "drip":
        return Response(_drip(), content_type="application/json")
    if fault.connection == "lost":
        handle()
    if fault.connection:
        connection: socket.socket = environ["werkzeug.socket"]
        connection.shutdown(socket.SHUT_RDWR)
        raise ConnectionAbortedError
    if fault.status is None:
        return handle()
    answer = Response(fault.body, fault.status, content_type="application/json")
    answer.headers.update(fault.headers)
    return answer


def _drip() -> Iterator[bytes]:
    while True:
        yield b" "
        time.sleep(_DRIP_SECONDS)
