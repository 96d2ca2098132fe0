"""An HTTP server on this machine in place of AWS's pricing host, and rows to look up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from pipeline.cost.catalogue import Row
from pipeline.cost.price_list import OfferFiles

RECORDED = Path(__file__).parent / "recorded"
TODAY = date(2026, 11, 21)

METADATA = (
    '"FormatVersion","v1.0"\n"Disclaimer","For information only."\n'
    '"Publication Date","2026-10-01T19:05:09Z"\n"Version","20261001190509"\n'
    '"OfferCode","{service}"\n'
)
COLUMNS = (
    '"SKU","TermType","StartingRange","EndingRange","Unit","PricePerUnit","Currency","usageType",'
    '"operation"\n'
)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What goes back.

    Attributes:
        status: of HTTP.
        body: in the pieces in which it is sent.
        promised: the length that is told; the true one by default.
    """

    status: int = 200
    body: Iterable[bytes] = ()
    promised: int | None = None


@contextmanager
def serving(answer: Callable[[str], Answer]) -> Iterator[str]:
    """Serve until the block ends.

    Args:
        answer: path to what goes back; threads call it.

    Yields:
        The URL.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(answer))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(answer: Callable[[str], Answer]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reply = answer(self.path)
            self.send_response(reply.status)
            if reply.promised is not None:
                self.send_header("Content-Length", str(reply.promised))
            self.end_headers()
            for piece in reply.body:
                self.wfile.write(piece)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name
            """Say nothing."""

    return Handler


def text(body: str) -> Answer:
    """A whole body with its length."""
    raw = body.encode()
    return Answer(body=(raw,), promised=len(raw))


def recorded(path: str) -> Answer:
    """The recorded offer file of a path."""
    _, offers, version, aws, service, current, region, name = path.split("/")
    assert (offers, version, aws, current, name) == (
        "offers",
        "v1.0",
        "aws",
        "current",
        "index.csv",
    )
    file = RECORDED / service / f"{region}.csv"
    return text(file.read_text()) if file.exists() else Answer(status=404)


def files(url: str, **changes: Any) -> OfferFiles:
    """A source that does not wait."""
    return OfferFiles(base_url=url, **{"read_seconds": 5, "pause_seconds": 0, **changes})


def row(service: str, usagetype: str, **changes: Any) -> Row:
    """A row of the catalogue, with a price that AWS does not list; numbers may be texts."""
    values: dict[str, Any] = {
        "key": f"test.{usagetype}",
        "region": "ap-southeast-1",
        "service": service,
        "usagetype": usagetype,
        "operation": "",
        "description": "for a test",
        "unit": "Hrs",
        "per": "1",
        "begin": "0",
        "end": "",
        "usd": "99",
        "source": "an older list",
        "from_aws": "no",
        "as_of": "2025-06",
        "note": "a note",
        **changes,
    }
    numbers = {name: Decimal(values[name]) for name in ("per", "begin", "usd")}
    end = Decimal(values["end"]) if values["end"] else None
    return Row(**{**values, **numbers, "end": end})
