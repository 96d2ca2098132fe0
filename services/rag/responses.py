"""Answers in API Gateway's payload format 2.0."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from .problems import Problem

Response = dict[str, Any]


def answer(status: HTTPStatus, body: BaseModel) -> Response:
    """Make an answer.

    Args:
        status: the HTTP status.
        body: what becomes JSON.

    Returns:
        The handler's return value.
    """
    return _response(status, body.model_dump_json(), "application/json")


def document(body: str) -> Response:
    """Make an answer of JSON that is ready.

    Args:
        body: the JSON.

    Returns:
        The handler's return value.
    """
    return _response(HTTPStatus.OK, body, "application/json")


def nothing() -> Response:
    """Make an answer without a body.

    Returns:
        The handler's return value.
    """
    response = _response(HTTPStatus.NO_CONTENT, "", "")
    del response["headers"]["content-type"]
    return response


def problem(error: Problem, request_id: str) -> Response:
    """Make the answer for an error.

    Args:
        error: what is wrong.
        request_id: what finds the request in the logs.

    Returns:
        The handler's return value.
    """
    body = json.dumps(error.body(request_id))
    response = _response(error.status, body, "application/problem+json")
    if error.retry_after_seconds is not None:
        response["headers"]["retry-after"] = str(error.retry_after_seconds)
    return response


def _response(status: HTTPStatus, body: str, kind: str) -> Response:
    return {
        "statusCode": int(status),
        # Answers hold a tenant's documents, which no cache on the way may keep.
        "headers": {"content-type": kind, "cache-control": "no-store"},
        "body": body,
        "isBase64Encoded": False,
    }
