"""Which route a request takes.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

DEFAULT_ROUTE = "$default"

_PARAMETER = re.compile(r"\{([^}+]+)(\+?)\}")
_STATIC, _ONE, _GREEDY, _NONE = range(4)


@dataclass(frozen=True, kw_only=True)
class Route:
    """A route of an API.

    Attributes:
        key: such as `GET /documents/{id}`, or `$default`.
        target: id of its integration.
        authorization: `NONE`, `JWT` or another that the emulator refuses.
        authorizer_id: whose tokens it accepts.
        scopes: one of them must be in the token; none are asked for if empty.
    """

    key: str
    target: str = ""
    authorization: str = "NONE"
    authorizer_id: str | None = None
    scopes: tuple[str, ...] = ()

    @property
    def method(self) -> str:
        """Its method; `ANY` for all."""
        return self.key.partition(" ")[0] if self.key != DEFAULT_ROUTE else "ANY"

    @property
    def path(self) -> str:
        """Its path, with parameters in braces; empty for `$default`."""
        return self.key.partition(" ")[2]


@dataclass(frozen=True, kw_only=True)
class Match:
    """A route and the parameters found in the path, decoded."""

    route: Route
    parameters: dict[str, str] = field(default_factory=dict)


def match(routes: Iterable[Route], method: str, raw_path: str) -> Match | None:
    """Finds the most specific route: its path decides first, then its method.

    Args:
        routes: of the API.
        method: of the request.
        raw_path: of the request, still percent-encoded: `%2F` separates nothing.

    Returns:
        The route, or None if no route fits and there is no `$default`.
    """
    fitting: list[tuple[tuple[list[int], bool], Match]] = []
    for route in routes:
        if route.method not in (method, "ANY"):
            continue
        parameters = _parameters(route, raw_path)
        if parameters is not None:
            rank = (_specificity(route), route.method == "ANY")
            fitting.append((rank, Match(route=route, parameters=parameters)))
    return min(fitting, key=lambda each: each[0])[1] if fitting else None


def _parameters(route: Route, raw_path: str) -> dict[str, str] | None:
    if route.key == DEFAULT_ROUTE:
        return {}
    pieces = _PARAMETER.split(route.path)
    pattern = re.escape(pieces[0])
    for greedy, text in zip(pieces[2::3], pieces[3::3], strict=True):
        pattern += ("(.+)" if greedy else "([^/]+)") + re.escape(text)
    found = re.fullmatch(pattern, raw_path)
    return dict(zip(pieces[1::3], map(unquote, found.groups()), strict=True)) if found else None


def _specificity(route: Route) -> list[int]:
    """Smaller for the more specific: text before a parameter before a greedy one, by segment."""
    if route.key == DEFAULT_ROUTE:
        return [_NONE]
    return [_kind(segment) for segment in route.path.split("/")[1:]]


def _kind(segment: str) -> int:
    if not _PARAMETER.search(segment):
        return _STATIC
    return _GREEDY if segment.endswith("+}") else _ONE
