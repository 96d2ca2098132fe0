"""The routes of the API: which operation answers each, and what the OpenAPI document says of it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

from pydantic import BaseModel

from .request import Request
from .responses import Response
from .service import Service

Operation = Callable[[Request, Service], Response]


@dataclass(frozen=True, kw_only=True, slots=True)
class Description:
    """What a route takes and gives.

    Attributes:
        body: form of the request's body.
        query: form of the query parameters.
        answer: form of the answer; None for an empty one or for free JSON.
        success: status of the answer.
        also: further statuses with the same form of answer.
        problems: statuses of errors, beside those that every route may have.
    """

    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    success: HTTPStatus = HTTPStatus.OK
    also: tuple[HTTPStatus, ...] = ()
    problems: tuple[HTTPStatus, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """One operation of the API.

    Attributes:
        operation: answers the route.
        description: what it takes and gives.
        open: whether it needs no token.
    """

    operation: Operation
    description: Description
    open: bool = False

    @property
    def summary(self) -> str:
        """One line for the OpenAPI document: the first of the operation's docstring."""
        return (inspect.getdoc(self.operation) or "").partition("\n")[0].removesuffix(".")


@dataclass(frozen=True, slots=True)
class Router:
    """Collects the operations, each under its route key.

    Attributes:
        routes: by key, such as ``GET /documents/{id}``.
    """

    routes: dict[str, Route] = field(default_factory=dict)

    def route(
        self,
        key: str,
        description: Description,
        *,
        open: bool = False,  # noqa: A002 - as the attribute of a route
    ) -> Callable[[Operation], Operation]:
        """Make the decorated function the operation of a route.

        Args:
            key: API Gateway's route key.
            description: what it takes and gives.
            open: whether it needs no token.
        """

        def register(operation: Operation) -> Operation:
            self.routes[key] = Route(operation=operation, description=description, open=open)
            return operation

        return register
