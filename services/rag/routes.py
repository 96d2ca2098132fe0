"""Which operation answers each route, and what the OpenAPI document says of it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus

from pydantic import BaseModel

from .contract import Route
from .request import Request
from .responses import Response
from .service import Service

Function = Callable[[Request, Service], Response]


class RouteError(Exception):
    """The routes of the contract and the operations differ; the message says how to mend it."""


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
class Operation:
    """One operation of the API.

    Attributes:
        route: which it answers.
        description: what it takes and gives.
        function: does it.
    """

    route: Route
    description: Description
    function: Function

    @property
    def summary(self) -> str:
        """One line for the OpenAPI document: the first of the function's docstring."""
        return (inspect.getdoc(self.function) or "").partition("\n")[0].removesuffix(".")


class Router:
    """Finds an operation for each route of the contract."""

    def __init__(self, routes: Iterable[Route]) -> None:
        """Begin without operations.

        Args:
            routes: all that the API has.
        """
        self._routes = {route.key: route for route in routes}
        self._operations: dict[str, Operation] = {}

    def operation(self, key: str, description: Description) -> Callable[[Function], Function]:
        """Make the decorated function the operation of a route.

        Args:
            key: of the route.
            description: what the operation takes and gives.

        Raises:
            RouteError: the contract has no such route, or the route has an operation already.
        """
        if key not in self._routes:
            raise RouteError(
                f"services/rag/contract/routes.py has no route {key!r}: add it there, from where"
                " Terraform takes the routes"
            )
        if key in self._operations:
            raise RouteError(f"services/rag/operations.py has two operations for {key!r}")

        def register(function: Function) -> Function:
            self._operations[key] = Operation(
                route=self._routes[key], description=description, function=function
            )
            return function

        return register

    def operations(self) -> dict[str, Operation]:
        """Return the operations by route key, in the contract's order.

        Raises:
            RouteError: a route has none.
        """
        for key in self._routes:
            if key not in self._operations:
                raise RouteError(
                    f"services/rag/operations.py has no operation for {key!r}, a route of"
                    " services/rag/contract/routes.py: write it"
                )
        return {key: self._operations[key] for key in self._routes}
