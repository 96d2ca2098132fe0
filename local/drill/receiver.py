"""Stands in for Slack: takes what the notifier posts to a webhook, on this machine only."""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Message = dict[str, Any]
_PATH = "/services/T00000000/B00000000/alarm-drill"
"""Webhooks of Slack look like this."""


class Receiver:
    """The messages that came, in their order.

    Attributes:
        url: the webhook to post to.
    """

    def __init__(self, url: str, messages: queue.SimpleQueue[Message]) -> None:
        """Take what `receiving` has made."""
        self.url = url
        self._messages = messages

    def wait_for(self, wanted: Callable[[str], bool], seconds: float) -> str | None:
        """Wait for a message whose text is wanted; others are passed over.

        Args:
            wanted: asked for the text of each message.
            seconds: how long at most.

        Returns:
            Its text, or None if none came.
        """
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                text = plain_text(self._messages.get(timeout=left))
            except queue.Empty:
                return None
            if wanted(text):
                return text
        return None


def plain_text(message: Message) -> str:
    """What a reader of a message sees, a line for each text of its blocks."""
    return "\n".join(_texts(message.get("blocks") or message))


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("text"), str):
            yield part["text"]
        for name, inner in part.items():
            if name != "text" or not isinstance(inner, str):
                yield from _texts(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _texts(inner)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Receive on a free port of this machine for the length of the block."""
    messages: queue.SimpleQueue[Message] = queue.SimpleQueue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            try:
                message = json.loads(body)
            except ValueError:
                message = None
            accepted = self.path == _PATH and isinstance(message, dict)
            if accepted:
                messages.put(message)
            answer = b"ok" if accepted else b"invalid_payload"
            self.send_response(200 if accepted else 400)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """The drill prints what came."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield Receiver(f"http://127.0.0.1:{server.server_port}{_PATH}", messages)
        finally:
            server.shutdown()
