"""What the emulator's WSGI layers share: types, the calling account, reading and responding."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from emulator.identity import ACCESS_KEY_PREFIX, DEFAULT_ACCOUNT, DEFAULT_REGION

StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]
Headers = list[tuple[str, str]]

# Signed requests carry the access key id in a header, presigned URLs in the query string.
_ACCESS_KEY = re.compile(rf"Credential=(?:{ACCESS_KEY_PREFIX}(\d{{12}})|(ASIA\w+))(?:/|%2F)")
_REGION = re.compile(r"Credential=[^/]+/\d+/([a-z0-9-]+)/")


def account_of(environ: dict[str, Any]) -> str | None:
    """Gives the account that the access key id names, `local-<12 digits>`; None for another key.

    The temporary key of an assumed role belongs to the account of that role.
    """
    signed = environ.get("HTTP_AUTHORIZATION", "") or environ.get("QUERY_STRING", "")
    key = _ACCESS_KEY.search(signed)
    if key is None or key.group(1):
        return key and key.group(1)
    from moto.iam.models import get_account_id_from  # late: a second of imports

    return str(get_account_id_from(key.group(2)))


def caller_of(environ: dict[str, Any]) -> tuple[str, str]:
    """Gives the account and the region that a request was signed for, with moto's defaults."""
    region = _REGION.search(unquote(environ.get("HTTP_AUTHORIZATION", "")))
    return account_of(environ) or DEFAULT_ACCOUNT, region.group(1) if region else DEFAULT_REGION


def respond(
    start_response: StartResponse, status: int, headers: Headers, body: bytes
) -> Iterable[bytes]:
    """Starts a response and gives its body."""
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Unknown"
    start_response(f"{status} {phrase}", [*headers, ("Content-Length", str(len(body)))])
    return [body]


def read_body(environ: dict[str, Any], limit: int) -> bytes | None:
    """Reads a request's body.

    Args:
        environ: of the request.
        limit: bytes.

    Returns:
        The body, or None if it is longer. It is read to its end then too: a client that is still
        sending would see a broken connection instead of the answer.
    """
    stream = environ["wsgi.input"]
    if not environ.get("wsgi.input_terminated"):
        length = int(environ.get("CONTENT_LENGTH") or 0)
        return _read(stream, length, limit)
    return _read(stream, None, limit)


def _read(stream: Any, length: int | None, limit: int) -> bytes | None:
    pieces: list[bytes] = []
    size = 0
    while length is None or size < length:
        piece = stream.read(1 << 16 if length is None else min(1 << 16, length - size))
        if not piece:
            break
        size += len(piece)
        if size <= limit:
            pieces.append(piece)
    return b"".join(pieces) if size <= limit else None
