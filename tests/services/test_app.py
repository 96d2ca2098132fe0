"""Everything of the HTTP API that needs no database."""

from __future__ import annotations

import io
import json
from types import SimpleNamespace

import pytest

from services.rag import app


def request(route: str) -> dict[str, object]:
    return {"routeKey": route, "requestContext": {"requestId": "request-2", "stage": "$default"}}


@pytest.mark.parametrize("route", ["", "$default", "GET /", "POST /health", "GET /healthy"])
def test_other_routes_are_not_found(route: str) -> None:
    response = app.handler(request(route), None)
    assert response["statusCode"] == 404
    assert response["headers"] == {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
    }
    assert json.loads(response["body"]) == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "there is no such route; GET /openapi.json lists them",
        "request_id": "request-2",
    }


def test_an_event_of_another_kind_is_not_found() -> None:
    response = app.handler({}, SimpleNamespace(aws_request_id="from Lambda"))
    assert response["statusCode"] == 404
    assert json.loads(response["body"])["request_id"] == "from Lambda"


@pytest.mark.parametrize("event", [{"requestContext": []}, {"requestContext": {"authorizer": 1}}])
def test_an_event_without_sense_raises_nothing(event: dict[str, object]) -> None:
    response = app.handler(event, SimpleNamespace(aws_request_id="from Lambda"))
    assert response["statusCode"] in {404, 500}
    assert json.loads(response["body"])["request_id"] == "from Lambda"


def test_a_missing_variable_is_logged_and_the_answer_says_nothing_of_it(
    environment: pytest.MonkeyPatch, log: io.StringIO
) -> None:
    environment.delenv("DATABASE_HOST")
    response = app.handler(request("GET /health"), None)
    assert response["statusCode"] == 500
    assert response["headers"]["content-type"] == "application/problem+json"
    assert "DATABASE" not in response["body"]
    entry = json.loads(log.getvalue().splitlines()[0])
    assert entry["level"] == "ERROR"
    assert entry["request_id"] == "request-2"
    # What Lambda needs to filter by level.
    assert entry["timestamp"][10] == "T"
    assert entry["error"] == "SettingsError: DATABASE_HOST is not set"


def test_an_unexpected_error_is_logged_by_its_place_and_without_its_values(
    environment: pytest.MonkeyPatch, log: io.StringIO
) -> None:
    def broken() -> None:
        raise ValueError("the text of a document")

    environment.setattr(app, "service", broken)
    response = app.handler(request("GET /health"), None)
    assert response["statusCode"] == 500
    entry = json.loads(log.getvalue().splitlines()[0])
    assert entry["error"] == "ValueError"
    assert entry["where"].endswith(" broken")
    assert "the text of a document" not in log.getvalue() + response["body"]
