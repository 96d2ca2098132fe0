"""All routes of the API, by API Gateway's route keys. Terraform deploys exactly these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from pydantic import BaseModel

from . import operations, schemas
from .request import Request
from .responses import Response
from .service import Service

Operation = Callable[[Request, Service], Response]


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """One operation and what there is to know of it.

    Attributes:
        operation: answers it.
        summary: one line for the OpenAPI document.
        answer: form of the answer; None for an empty one or for free JSON.
        body: form of the request's body.
        query: form of the query parameters.
        success: status of the answer.
        also: further statuses with the same form of answer.
        problems: statuses of errors, beside those that every route may have.
        open: whether it needs no token.
    """

    operation: Operation
    summary: str
    answer: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    success: HTTPStatus = HTTPStatus.OK
    also: tuple[HTTPStatus, ...] = ()
    problems: tuple[HTTPStatus, ...] = ()
    open: bool = False


_DATABASE = (HTTPStatus.FORBIDDEN, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT)
_BODY = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
_MODEL = (HTTPStatus.TOO_MANY_REQUESTS,)

ROUTES: dict[str, Route] = {
    "POST /documents": Route(
        operation=operations.store_documents,
        summary="Store documents, all of them or none",
        body=schemas.NewDocuments,
        answer=schemas.StoredDocuments,
        problems=(*_DATABASE, *_BODY, *_MODEL, HTTPStatus.CONFLICT),
    ),
    "GET /documents": Route(
        operation=operations.list_documents,
        summary="List documents, newest first",
        query=schemas.ListDocuments,
        answer=schemas.Documents,
        problems=(*_DATABASE, HTTPStatus.UNPROCESSABLE_ENTITY),
    ),
    "GET /documents/{id}": Route(
        operation=operations.get_document,
        summary="Describe a document",
        answer=schemas.Document,
        problems=(*_DATABASE, HTTPStatus.NOT_FOUND),
    ),
    "DELETE /documents/{id}": Route(
        operation=operations.delete_document,
        summary="Delete a document with all its chunks",
        success=HTTPStatus.NO_CONTENT,
        problems=(*_DATABASE, HTTPStatus.NOT_FOUND),
    ),
    "POST /search": Route(
        operation=operations.search,
        summary="Find chunks by meaning, by words, or both",
        body=schemas.Search,
        answer=schemas.Results,
        problems=(*_DATABASE, *_BODY, *_MODEL),
    ),
    "POST /query": Route(
        operation=operations.query,
        summary="Answer a question from the documents, with citations",
        body=schemas.Query,
        answer=schemas.Answered,
        problems=(*_DATABASE, *_BODY, *_MODEL),
    ),
    "GET /health": Route(
        operation=operations.health,
        summary="Tell whether the API and what it depends on work",
        answer=schemas.Health,
        also=(HTTPStatus.SERVICE_UNAVAILABLE,),
        open=True,
    ),
    "GET /openapi.json": Route(
        operation=operations.describe,
        summary="This description",
        open=True,
    ),
}
