"""The OpenAPI document is right: it is valid, complete, and the API keeps to it."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
    unsupported_method,
)
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from services.rag import app
from services.rag.openapi import openapi
from services.rag.operations import OPERATIONS
from tests.support.long_form import LONG
from tests.support.rag import Api

GATEWAY = Map(
    [
        Rule(key.split()[1].replace("{id}", "<id>"), methods=[key.split()[0]], endpoint=key)
        for key in OPERATIONS
    ]
)


@Request.application
def gateway(request: Request) -> Response:
    """Does what API Gateway does: match the route and hand over the request as an event."""
    try:
        key, path = GATEWAY.bind_to_environ(request.environ).match()
    except HTTPException:
        return Response('{"message":"Not Found"}', 404, content_type="application/json")
    event: dict[str, Any] = {
        "routeKey": key,
        "requestContext": {"requestId": "request-1"},
        "headers": {name.lower(): value for name, value in request.headers.items()},
        "pathParameters": dict(path),
        "queryStringParameters": {name: ",".join(values) for name, values in request.args.lists()},
        "body": base64.b64encode(request.get_data()).decode(),
        "isBase64Encoded": True,
    }
    answered = app.handler(event, None)
    return Response(answered["body"], answered["statusCode"], answered["headers"])


SCHEMA = schemathesis.openapi.from_dict(json.loads(openapi(OPERATIONS)))
SCHEMA.app = gateway


UNDESCRIBABLE = {
    "POST /documents": "no two documents of a request may have the same id, given or derived",
    "GET /documents": "a cursor must be one that a page gave",
}
"""What a schema can't say, so that a request may fit it and be refused all the same."""


@pytest.fixture(autouse=True)
def _one_document(api: Api) -> None:
    api.store({"id": "a", "title": "Phở", "text": "A noodle soup.", "metadata": {"kind": "dish"}})


@SCHEMA.parametrize()
@settings(
    max_examples=60,
    deadline=None,
    derandomize=not LONG,
    suppress_health_check=list(HealthCheck),
    database=None,
)
def test_the_api_keeps_to_its_description(case: Case[Any]) -> None:
    """Declared statuses, content types and forms; no 5xx; bad requests are refused.

    Without the check that another method gets a 405: API Gateway answers 404, as it does here.
    """
    excluded = [unsupported_method]
    if case.operation.label in UNDESCRIBABLE:
        excluded.append(positive_data_acceptance)
    if any(not value or isinstance(value, list | dict) for value in (case.query or {}).values()):
        # On its way a parameter becomes a text: API Gateway joins what is sent twice, and of
        # nothing an empty text is left, as where it is not given. Both may be right.
        excluded.append(negative_data_rejection)
    case.call_and_validate(excluded_checks=excluded)


def test_every_route_is_described(api: Api) -> None:
    described = api.call("GET /openapi.json").body
    operations = {
        f"{method.upper()} {path}"
        for path, methods in described["paths"].items()
        for method in methods
    }
    assert operations == set(OPERATIONS)
    assert described["openapi"] == "3.1.0"


def test_open_routes_are_described_as_open() -> None:
    paths = json.loads(openapi(OPERATIONS))["paths"]
    assert paths["/health"]["get"]["security"] == []
    assert {"token": []} in paths["/query"]["post"]["security"]
