"""Answers in API Gateway's payload format 2.0."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

Response = dict[str, Any]


def answer(status: HTTPStatus, body: dict[str, Any], *, kind: str = "application/json") -> Response:
    """Make an answer that nobody may cache.

    Args:
        status: the HTTP status.
        body: what becomes JSON.
        kind: the content type.

    Returns:
        The handler's return value.
    """
    return {
        "statusCode": int(status),
        "headers": {"content-type": kind, "cache-control": "no-store"},
        "body": json.dumps(body),
        "isBase64Encoded": False,
    }


def problem(status: HTTPStatus, request_id: str) -> Response:
    """Make an RFC 9457 answer that says no more than its status does.

    Args:
        status: the HTTP status.
        request_id: what finds the request in the logs.

    Returns:
        The handler's return value.
    """
    body = {"type": "about:blank", "title": status.phrase, "status": int(status)}
    return answer(status, {**body, "request_id": request_id}, kind="application/problem+json")
