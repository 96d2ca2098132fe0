"""The HTTP API."""

from __future__ import annotations

import os
from functools import lru_cache, partial
from http import HTTPStatus
from typing import Any

from .database import connect
from .health import DatabaseHealth, HealthCheck
from .logs import LOGGER
from .responses import Response, answer, problem
from .settings import load


def handler(event: dict[str, Any], context: object) -> Response:
    """Answer one request of an HTTP API.

    Args:
        event: the request, payload format 2.0.
        context: Lambda's; its request id stands in where the event has none.

    Returns:
        The answer. Nothing is raised: an error becomes a 500 that tells no more than its id.
    """
    request_id = getattr(context, "aws_request_id", "unknown")
    try:
        request = event.get("requestContext", {})
        request_id = request.get("requestId") or request_id
        if _route(request) == ("GET", "/health"):
            return _health(request_id)
        return problem(HTTPStatus.NOT_FOUND, request_id)
    except Exception:  # noqa: BLE001 - logged, and the client learns nothing of it
        LOGGER.exception("unexpected error", extra={"fields": {"request_id": request_id}})
        return problem(HTTPStatus.INTERNAL_SERVER_ERROR, request_id)


def _route(request: dict[str, Any]) -> tuple[str, str]:
    http = request.get("http", {})
    # API Gateway puts the stage's name in front of the path, except for $default.
    return http.get("method", ""), http.get("path", "").removeprefix(f"/{request.get('stage')}")


def _health(request_id: str) -> Response:
    health = health_check().run()
    if health.cause is None:
        return answer(HTTPStatus.OK, _body("ok", health))
    LOGGER.error(
        "the database is failing",
        extra={
            "fields": {
                "request_id": request_id,
                "cause": health.cause,
                "latency_ms": health.latency_ms,
                "error": f"{type(health.error).__name__}: {health.error}",
            }
        },
    )
    return answer(HTTPStatus.SERVICE_UNAVAILABLE, _body("unavailable", health))


def _body(status: str, health: DatabaseHealth) -> dict[str, Any]:
    database: dict[str, Any] = {"status": status, "latency_ms": health.latency_ms}
    if health.cause is not None:
        database["cause"] = health.cause
    # Lambda's number of the published code: tells which deployment answered.
    version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION", "local")
    return {"status": status, "version": version, "checks": {"database": database}}


@lru_cache(maxsize=1)
def health_check() -> HealthCheck:
    """Return the check that warm invocations share.

    Made in the first invocation and not at import: a missing variable is an answer with a log
    entry then, and not a function that can't start.

    Returns:
        The check.
    """
    settings = load(os.environ)
    timeout = settings.health_timeout_seconds
    return HealthCheck(partial(connect, settings, timeout_seconds=timeout), timeout_seconds=timeout)
