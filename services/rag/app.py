"""The HTTP API: Lambda's handler, and the response to each kind of error."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import Any

import psycopg
from aws_lambda_powertools.metrics import MetricUnit

from .connection_errors import classify
from .contract import UNKNOWN_ROUTE, Metric, SettingsError
from .database import SigningError
from .deadline import DeadlineExceeded
from .documents import MissingVectors
from .models import ModelError, ModelThrottled, ModelTimeout
from .operations import OPERATIONS
from .problems import Problem
from .request import Request, parse
from .responses import Response, problem
from .service import service
from .telemetry import LOGGER, TRACER, add_metric, metrics_of

_RETRY_SECONDS = 5
_NOT_FOUND = "there is no such route; GET /openapi.json lists them"


@TRACER.capture_lambda_handler(capture_response=False, capture_error=False)
def handler(event: dict[str, Any], context: object) -> Response:
    """Answer one request of an HTTP API.

    Args:
        event: the request, payload format 2.0.
        context: Lambda's; its request id stands in where the event has none.

    Returns:
        The answer. Nothing is raised: an error becomes a 500 with nothing but the request id.
    """
    started = time.perf_counter()
    route = event.get("routeKey")
    route = route if route in OPERATIONS else UNKNOWN_ROUTE
    with metrics_of(route):
        response, request_id = _respond(event, context)
        status = response["statusCode"]
        add_metric(Metric.LATENCY, (time.perf_counter() - started) * 1000, MetricUnit.Milliseconds)
        add_metric(Metric.THROTTLED, int(status == HTTPStatus.TOO_MANY_REQUESTS))
    LOGGER.info("answered", request_id=request_id, route=route, status=status)
    return response


def _respond(event: dict[str, Any], context: object) -> tuple[Response, str]:
    request_id = getattr(context, "aws_request_id", "unknown")
    try:
        request = parse(event, context)
        request_id = request.id
        return _run_operation(request), request_id
    except Problem as error:
        return problem(error, request_id), request_id
    except Exception as error:  # noqa: BLE001 - logged, and the client learns nothing of it
        _log(error, request_id)
        return problem(_problem_of(error), request_id), request_id


def _run_operation(request: Request) -> Response:
    operation = OPERATIONS.get(request.route)
    if operation is None:
        raise Problem(HTTPStatus.NOT_FOUND, _NOT_FOUND)
    return operation.function(request, service())


def _problem_of(error: Exception) -> Problem:
    match error:
        case ModelThrottled():
            return Problem(
                HTTPStatus.TOO_MANY_REQUESTS,
                "the model is busy; try again later",
                retry_after_seconds=error.retry_after_seconds,
            )
        case DeadlineExceeded() | ModelTimeout() | psycopg.errors.QueryCanceled():
            return Problem(HTTPStatus.GATEWAY_TIMEOUT, "the answer took too long")
        case ModelError():
            return _unavailable("the model is unavailable")
        case MissingVectors():
            return Problem(
                HTTPStatus.CONFLICT, "another request is replacing the same documents; try again"
            )
        case psycopg.OperationalError() | psycopg.InterfaceError() | SigningError():
            return _unavailable("the database is unavailable")
    return Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR, "something went wrong; the request id finds it in the log"
    )


def _unavailable(detail: str) -> Problem:
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, retry_after_seconds=_RETRY_SECONDS)


def _log(error: Exception, request_id: str) -> None:
    """Log an error. Messages of PostgreSQL and pydantic may hold values and are not logged."""
    kind = type(error).__name__
    match error:
        case ModelError() | DeadlineExceeded() | SettingsError():
            LOGGER.error("the request failed", request_id=request_id, error=f"{kind}: {error}")
        case psycopg.Error():
            LOGGER.error(
                "the database failed",
                request_id=request_id,
                error=kind,
                sqlstate=error.sqlstate,
                cause=classify(error),
            )
        case _:
            LOGGER.error(
                "unexpected error", request_id=request_id, error=kind, where=_traceback(error)
            )


def _traceback(error: Exception) -> str:
    """Return the lines of code that led to an error, innermost last, without values.

    One text: of a list, Logs Insights makes a field for each member.
    """
    lines = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        lines.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return " > ".join(lines)
