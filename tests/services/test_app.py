"""Everything of the HTTP API that needs no database."""

from __future__ import annotations

import json
import sys
from types import SimpleNamespace

import pytest

from services.rag import app
from services.rag.logs import LOGGER


def request(method: str, path: str, stage: str = "$default") -> dict[str, object]:
    http = {"method": method, "path": path}
    return {"requestContext": {"requestId": "request-2", "stage": stage, "http": http}}


@pytest.mark.parametrize(
    "event",
    [
        request("GET", "/"),
        request("POST", "/health"),
        request("GET", "/health/"),
        request("GET", "/healthy"),
        request("GET", "/dev/health"),
    ],
)
def test_other_routes_are_not_found(event: dict[str, object]) -> None:
    response = app.handler(event, None)
    assert response["statusCode"] == 404
    assert response["headers"] == {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
    }
    assert json.loads(response["body"]) == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "request_id": "request-2",
    }


def test_an_event_of_another_kind_is_not_found() -> None:
    response = app.handler({}, SimpleNamespace(aws_request_id="from Lambda"))
    assert response["statusCode"] == 404
    assert json.loads(response["body"])["request_id"] == "from Lambda"


@pytest.mark.parametrize("event", [{"requestContext": None}, {"requestContext": {"http": None}}])
def test_an_event_without_sense_raises_nothing(event: dict[str, object]) -> None:
    response = app.handler(event, SimpleNamespace(aws_request_id="from Lambda"))
    assert response["statusCode"] == 500
    assert json.loads(response["body"])["request_id"] == "from Lambda"


def test_an_unexpected_error_is_logged_and_says_nothing(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setattr(LOGGER.handlers[0], "stream", sys.stdout)
    environment.delenv("DATABASE_HOST")
    response = app.handler(request("GET", "/dev/health", stage="dev"), None)
    assert response["statusCode"] == 500
    assert response["headers"]["content-type"] == "application/problem+json"
    assert "DATABASE" not in response["body"]
    entry = json.loads(capsys.readouterr().out)
    assert entry["level"] == "ERROR"
    assert entry["request_id"] == "request-2"
    assert entry["timestamp"].endswith("Z")
    assert "DATABASE_HOST is not set" in entry["exception"]
