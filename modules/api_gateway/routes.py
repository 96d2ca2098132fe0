"""What an API is made of: its routes, throttles, authorizer, CORS and domain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from modules.lambda_function import Function

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY")
_PATH = re.compile(r"(/[A-Za-z0-9._~-]+|/\{[A-Za-z0-9_]+\+?\})+|/")


@dataclass(frozen=True, kw_only=True, slots=True)
class Throttle:
    """A limit of requests.

    Attributes:
        rate: requests a second in the long run.
        burst: requests at once.
    """

    rate: float
    burst: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """Where one route leads.

    Attributes:
        function: answers it, through its alias.
        throttle: its own limit; the API's default without one.
        authorized: whether the API's JWT authorizer, where it has one, guards the route.
        timeout_ms: how long the API waits for the function, 50 to 30,000 ms.
    """

    function: Function
    throttle: Throttle | None = None
    authorized: bool = True
    timeout_ms: int = 30_000


@dataclass(frozen=True, kw_only=True, slots=True)
class JwtAuthorizer:
    """Who issues the tokens that the API accepts.

    Attributes:
        issuer: URL of the OpenID issuer.
        audience: client ids; a token must carry one of them.
    """

    issuer: str
    audience: Sequence[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Cors:
    """Which web pages may call the API from a browser.

    Attributes:
        origins: for example ``https://app.example.com``.
        methods: HTTP methods; those of the API's routes by default.
        headers: request headers.
        max_age_seconds: how long a browser may remember the answer.
    """

    origins: Sequence[str]
    methods: Sequence[str] = ()
    headers: Sequence[str] = ("authorization", "content-type")
    max_age_seconds: int = 3600


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomDomain:
    """A custom domain name.

    Attributes:
        name: for example ``api.example.com``.
        certificate_arn: an issued ACM certificate for it, in the API's region.
    """

    name: str
    certificate_arn: str


def split_route(key: str) -> tuple[str, str]:
    """Method and path of a route key such as ``GET /documents/{id}``.

    Raises:
        ValueError: the key is not a method, one blank and a path.
    """
    method, _, path = key.partition(" ")
    if method not in METHODS or not _PATH.fullmatch(path):
        raise ValueError(
            f"route {key!r} must be a method ({', '.join(METHODS)}), a blank and a path, "
            "for example 'GET /documents/{id}'"
        )
    return method, path


def methods_of(keys: Iterable[str]) -> list[str]:
    """The HTTP methods of some routes, each once; ``*`` for any."""
    used = {split_route(key)[0] for key in keys}
    return ["*"] if "ANY" in used else [method for method in METHODS if method in used]


def route_id(key: str) -> str:
    """A construct id for a route: ``get-documents-id`` of ``GET /documents/{id}``."""
    method, path = split_route(key)
    return "-".join([method.lower(), *re.findall(r"[A-Za-z0-9_.~-]+", path)])


def statement_id(api: str, key: str) -> str:
    """The id of a route's statement in the function's policy, where dots are not allowed.

    Args:
        api: which of the APIs that call the function.
        key: the route's key.
    """
    return f"{api}-" + re.sub(r"[.~]", "_", route_id(key))


def permission_path(key: str) -> str:
    """The end of an ``execute-api`` ARN for a route: ``GET/documents/*``.

    Path parameters stand for anything; AWS writes them as ``*``.
    """
    method, path = split_route(key)
    any_method = "*" if method == "ANY" else method
    return any_method + re.sub(r"\{[^}]+\}", "*", path)
