"""Cross-origin requests: API Gateway answers preflights itself and sets the headers.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.wsgi import Headers

_ANY_ORIGINS = {"*", "http://*", "https://*"}


def is_preflight(method: str, headers: Mapping[str, str]) -> bool:
    """Whether a browser asks what it may send."""
    return method == "OPTIONS" and {"origin", "access-control-request-method"} <= headers.keys()


def preflight_headers(cors: Mapping[str, Any], headers: Mapping[str, str]) -> Headers:
    """Gives the headers that answer a preflight; none for an origin that isn't allowed."""
    common = response_headers(cors, headers)
    if not common:
        return []
    allowed = [
        ("access-control-allow-methods", ",".join(cors.get("allowMethods") or ())),
        ("access-control-allow-headers", ",".join(cors.get("allowHeaders") or ())),
        ("access-control-max-age", str(cors.get("maxAge") or "")),
    ]
    return [*common, *((name, value) for name, value in allowed if value)]


def response_headers(cors: Mapping[str, Any], headers: Mapping[str, str]) -> Headers:
    """Gives the headers of every answer to an allowed origin.

    Args:
        cors: the API's configuration.
        headers: of the request, names in lower case.
    """
    origin = headers.get("origin")
    allowed = set(cors.get("allowOrigins") or ())
    if not origin or not _allows(allowed, origin):
        return []
    added = [("access-control-allow-origin", "*" if "*" in allowed else origin)]
    if cors.get("allowCredentials"):
        added.append(("access-control-allow-credentials", "true"))
    if cors.get("exposeHeaders"):
        added.append(("access-control-expose-headers", ",".join(cors["exposeHeaders"])))
    return added


def _allows(allowed: set[str], origin: str) -> bool:
    """Origins are compared as they are; a scheme may allow all of its origins."""
    return origin in allowed or any(
        origin.startswith(any_origin.removesuffix("*")) for any_origin in allowed & _ANY_ORIGINS
    )


def without_cors(headers: Headers) -> Headers:
    """An answer's headers without those that only the API's configuration may set."""
    return [(name, value) for name, value in headers if not name.startswith("access-control-")]
