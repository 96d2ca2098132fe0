"""The operations of the API: one function a route.

The first line of an operation's docstring is its summary in the OpenAPI document.
"""

from __future__ import annotations

import os
from functools import lru_cache
from http import HTTPStatus

from . import contract, cursors, filters
from .contract import Metric
from .documents import DocumentRow, DocumentStore
from .health import ProbeResult
from .identity import tenant_of
from .ingestion import document_ids
from .openapi import openapi
from .problems import Fault, Problem
from .request import Request
from .responses import Response, answer, document, nothing
from .routes import Description, Router
from .schemas import (
    Answered,
    Check,
    Checks,
    Document,
    Documents,
    Health,
    ListDocuments,
    NewDocuments,
    Query,
    Results,
    Search,
    StoredDocuments,
)
from .service import Service
from .telemetry import LOGGER, add_metric

_DATABASE = (HTTPStatus.FORBIDDEN, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT)
_BODY = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
_MODEL = (HTTPStatus.TOO_MANY_REQUESTS,)
"""Statuses of errors: of what reads the database, what has a body, what calls a model."""

_router = Router(contract.ROUTES)


@_router.operation(
    "POST /documents",
    Description(
        body=NewDocuments,
        answer=StoredDocuments,
        problems=(*_DATABASE, *_BODY, *_MODEL, HTTPStatus.CONFLICT),
    ),
)
def store_documents(request: Request, service: Service) -> Response:
    """Store documents, all of them or none."""
    tenant = tenant_of(request, service.settings)
    documents = request.read(NewDocuments).documents
    ids = document_ids(documents)
    if len(set(ids)) < len(ids):
        twice = next(index for index, name in enumerate(ids) if name in ids[:index])
        detail = "this document is in the request twice: the same id, source_uri or content"
        pointer = f"#/documents/{twice}"
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"{pointer}: {detail}",
            faults=[Fault(pointer, detail)],
        )
    stored = service.ingestion(tenant).store(documents, deadline=request.deadline)
    add_metric(
        Metric.DOCUMENTS_CHANGED, sum(item.status != "unchanged" for item in stored.documents)
    )
    add_metric(Metric.CHUNKS_EMBEDDED, sum(item.embedded for item in stored.documents))
    add_metric(Metric.EMBEDDING_TOKENS, stored.usage.input_tokens)
    return answer(HTTPStatus.OK, stored)


@_router.operation(
    "GET /documents",
    Description(
        query=ListDocuments,
        answer=Documents,
        problems=(*_DATABASE, HTTPStatus.UNPROCESSABLE_ENTITY),
    ),
)
def list_documents(request: Request, service: Service) -> Response:
    """List documents, newest first."""
    tenant = tenant_of(request, service.settings)
    page_request = request.read_query(ListDocuments)
    after = cursors.decode(page_request.cursor) if page_request.cursor else None
    with service.connections.use(request.deadline) as connection:
        # One more than asked for tells whether there is another page.
        rows = DocumentStore(connection, tenant).page(
            filters.of_list(page_request), after, page_request.limit + 1
        )
    page, more = rows[: page_request.limit], len(rows) > page_request.limit
    return answer(
        HTTPStatus.OK,
        Documents(
            documents=[_document(row) for row in page],
            next=cursors.encode(page[-1].created_at, page[-1].id) if more else None,
        ),
    )


@_router.operation(
    "GET /documents/{id}", Description(answer=Document, problems=(*_DATABASE, HTTPStatus.NOT_FOUND))
)
def get_document(request: Request, service: Service) -> Response:
    """Describe a document."""
    tenant = tenant_of(request, service.settings)
    with service.connections.use(request.deadline) as connection:
        row = DocumentStore(connection, tenant).get(_id(request))
    if row is None:
        raise _no_document()
    return answer(HTTPStatus.OK, _document(row))


@_router.operation(
    "DELETE /documents/{id}",
    Description(success=HTTPStatus.NO_CONTENT, problems=(*_DATABASE, HTTPStatus.NOT_FOUND)),
)
def delete_document(request: Request, service: Service) -> Response:
    """Delete a document with all its chunks."""
    tenant = tenant_of(request, service.settings)
    with service.connections.use(request.deadline) as connection:
        was_there = DocumentStore(connection, tenant).delete(_id(request))
    if not was_there:
        raise _no_document()
    return nothing()


@_router.operation(
    "POST /search", Description(body=Search, answer=Results, problems=(*_DATABASE, *_BODY, *_MODEL))
)
def search(request: Request, service: Service) -> Response:
    """Find chunks by meaning, by words, or both."""
    tenant = tenant_of(request, service.settings)
    found = service.query_engine(tenant).search(request.read(Search), deadline=request.deadline)
    add_metric(Metric.CHUNKS_FOUND, len(found.results))
    add_metric(Metric.EMBEDDING_TOKENS, found.usage.input_tokens)
    return answer(HTTPStatus.OK, found)


@_router.operation(
    "POST /query", Description(body=Query, answer=Answered, problems=(*_DATABASE, *_BODY, *_MODEL))
)
def query(request: Request, service: Service) -> Response:
    """Answer a question from the documents, with citations."""
    tenant = tenant_of(request, service.settings)
    answered = service.query_engine(tenant).query(request.read(Query), deadline=request.deadline)
    add_metric(Metric.ANSWERED, int(answered.answered))
    add_metric(Metric.EMBEDDING_TOKENS, answered.usage.embedding_tokens)
    add_metric(Metric.ANSWER_INPUT_TOKENS, answered.usage.input_tokens)
    add_metric(Metric.ANSWER_OUTPUT_TOKENS, answered.usage.output_tokens)
    return answer(HTTPStatus.OK, answered)


@_router.operation(
    "GET /health", Description(answer=Health, also=(HTTPStatus.SERVICE_UNAVAILABLE,))
)
def health(request: Request, service: Service) -> Response:
    """Tell whether the API and what it depends on work."""
    report = service.health.run()
    checks = Checks(database=_check(report.database), models=_check(report.models))
    for name, result in (("database", report.database), ("models", report.models)):
        if result.cause is not None:
            LOGGER.error(
                "a dependency is failing",
                request_id=request.id,
                dependency=name,
                cause=result.cause,
                latency_ms=result.latency_ms,
                error=f"{type(result.error).__name__}: {result.error}",
            )
    healthy = checks.database.status == checks.models.status == "ok"
    return answer(
        HTTPStatus.OK if healthy else HTTPStatus.SERVICE_UNAVAILABLE,
        Health(
            status="ok" if healthy else "unavailable",
            # Tells which deployment answered.
            version=os.environ.get("AWS_LAMBDA_FUNCTION_VERSION", "local"),
            checks=checks,
        ),
    )


@_router.operation("GET /openapi.json", Description())
def describe(request: Request, service: Service) -> Response:  # noqa: ARG001 - as all operations
    """This description."""
    return document(_openapi())


OPERATIONS = _router.operations()


@lru_cache(maxsize=1)
def _openapi() -> str:
    return openapi(OPERATIONS)


def _check(result: ProbeResult) -> Check:
    return Check(
        status="ok" if result.cause is None else "unavailable",
        latency_ms=result.latency_ms,
        cause=result.cause,
    )


def _id(request: Request) -> str:
    document_id = request.path.get("id", "")
    if "\0" in document_id:
        raise _no_document()  # PostgreSQL's text holds no NUL, so no document has such an id
    return document_id


def _no_document() -> Problem:
    return Problem(HTTPStatus.NOT_FOUND, "there is no document with this id")


def _document(row: DocumentRow) -> Document:
    return Document(
        id=row.id,
        title=row.title,
        source_uri=row.source_uri,
        metadata=row.metadata,
        chunks=row.chunk_count,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
