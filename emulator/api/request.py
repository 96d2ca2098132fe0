"""A request to an HTTP API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request.

    Attributes:
        method: in capitals.
        raw_path: within the API, percent-encoded, from its first slash.
        query: percent-encoded, without the question mark.
        headers: names in lower case; repeated ones joined with commas.
        body: as sent.
        source_ip: of the client.
        protocol: such as `HTTP/1.1`.
    """

    method: str
    raw_path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    source_ip: str
    protocol: str


def headers_of(environ: Mapping[str, Any]) -> dict[str, str]:
    """Gives a WSGI request's headers by their names in lower case."""
    named = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): str(value)
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            named[name.replace("_", "-").lower()] = str(environ[name])
    return named


def raw_path_of(environ: Mapping[str, Any]) -> str:
    """Gives a request's path as it was sent; WSGI itself only has it decoded."""
    return urlsplit(str(environ["REQUEST_URI"])).path
