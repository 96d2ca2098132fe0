"""One request of an HTTP API, taken out of API Gateway's payload format 2.0."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from .deadline import Deadline
from .problems import Fault, Problem
from .schemas import PATTERNS

MAX_BODY_BYTES = 6_000_000
"""Lambda takes 6 MB, headers included; beyond that API Gateway answers 413 by itself."""

Model = TypeVar("Model", bound=BaseModel)

_MAX_FAULTS = 20

_RESERVE_SECONDS = 1.0
"""Left for the answer itself, so that it arrives before Lambda and API Gateway give up."""

_DEFAULT_SECONDS = 25.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What a route gets.

    Attributes:
        id: what finds the request in the logs.
        route: API Gateway's route key, such as ``GET /documents/{id}``.
        path: its path parameters by name.
        query: its query parameters by name; repeated ones are joined by commas.
        headers: by lower-case name.
        claims: of the verified token; empty without an authorizer.
        deadline: when the answer must be ready.
        raw_body: as it came, or base64.
        is_base64: whether ``raw_body`` is base64.
    """

    id: str
    route: str
    path: dict[str, str]
    query: dict[str, str]
    headers: dict[str, str]
    claims: dict[str, Any]
    deadline: Deadline
    raw_body: str
    is_base64: bool

    def body(self) -> bytes:
        """Return the body.

        Raises:
            Problem: it is too large, or is not what its headers say.
        """
        kind = self.headers.get("content-type", "").split(";")[0].strip().lower()
        if kind != "application/json":
            raise Problem(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send JSON, with content-type: application/json"
            )
        try:
            body = (
                base64.b64decode(self.raw_body, validate=True)
                if self.is_base64
                else self.raw_body.encode()
            )
        except (binascii.Error, ValueError):
            raise Problem(HTTPStatus.BAD_REQUEST, "the body is not UTF-8") from None
        if len(body) > MAX_BODY_BYTES:
            raise Problem(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"the body has {len(body):,} bytes, a request may have {MAX_BODY_BYTES:,}: "
                "send fewer documents at a time",
            )
        return body

    def read(self, model: type[Model]) -> Model:
        """Read the body as JSON of this form.

        Raises:
            Problem: 400 if it is no JSON, 422 if it has another form.
        """
        body = self.body()
        try:
            return model.model_validate_json(body)
        except ValidationError as error:
            raise _problem(error, "#/", HTTPStatus.UNPROCESSABLE_ENTITY) from None

    def read_query(self, model: type[Model]) -> Model:
        """Read the query parameters as this form.

        Raises:
            Problem: 422 if they have another form.
        """
        try:
            return model.model_validate_strings(self.query)
        except ValidationError as error:
            raise _problem(error, "?", HTTPStatus.UNPROCESSABLE_ENTITY) from None


def _problem(error: ValidationError, root: str, status: HTTPStatus) -> Problem:
    # Without the input itself, which is a document or a question.
    errors = error.errors(include_url=False, include_input=False)
    if errors[0]["type"] == "json_invalid" and not errors[0]["loc"]:
        return Problem(HTTPStatus.BAD_REQUEST, f"the body is no JSON: {errors[0]['msg']}")
    faults = [
        Fault(root + "/".join(str(part) for part in item["loc"]), _message(item))
        for item in errors[:_MAX_FAULTS]
    ]
    more = f", and {len(errors) - 1} more" if len(errors) > 1 else ""
    return Problem(status, f"{faults[0].pointer}: {faults[0].detail}{more}", faults=faults)


def _message(error: ErrorDetails) -> str:
    if error["type"] == "string_pattern_mismatch":
        return PATTERNS[error["ctx"]["pattern"]]
    return error["msg"]


def parse(event: dict[str, Any], context: object) -> Request:
    """Take a request out of an event.

    Args:
        event: payload format 2.0.
        context: Lambda's.

    Returns:
        The request. What an event lacks is empty.
    """
    request = event.get("requestContext") or {}
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    seconds = remaining() / 1000 - _RESERVE_SECONDS if remaining else _DEFAULT_SECONDS
    request_id: str = request.get("requestId", "") or getattr(context, "aws_request_id", "unknown")
    return Request(
        id=request_id,
        route=event.get("routeKey") or "",
        path=event.get("pathParameters") or {},
        query=event.get("queryStringParameters") or {},
        headers=event.get("headers") or {},
        claims=(request.get("authorizer") or {}).get("jwt", {}).get("claims") or {},
        deadline=Deadline.after(seconds),
        raw_body=event.get("body") or "",
        is_base64=event.get("isBase64Encoded") is True,
    )
