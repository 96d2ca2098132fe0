"""Tests of what the HTTP APIs publish."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Iterable
from typing import Any, cast

import pytest

from emulator.api.deployed import Api, Apis, Integration
from emulator.api.gateway import MAX_BODY_BYTES, Gateway
from emulator.api.routes import Route
from emulator.functions.deployed import Function, Functions
from emulator.functions.invoker import Invoker, Outcome
from emulator.functions.pool import Throttled
from tests.emulator.api.described import an_api
from tests.emulator.functions_described import a_function
from tests.emulator.published import Published

ARN = "arn:aws:lambda:us-east-1:123456789012:function:f"
STATEMENT = {
    "Effect": "Allow",
    "Action": "lambda:InvokeFunction",
    "Principal": {"Service": "apigateway.amazonaws.com"},
    "Resource": ARN,
}
API = an_api(
    cors={"allowOrigins": ["*"]},
    routes=(Route(key="POST /ask", target="one"), Route(key="GET /limited", target="one")),
    integrations={
        "one": Integration(
            account_id="123456789012",
            region="us-east-1",
            function="f",
            qualifier=None,
            timeout_seconds=0.2,
        )
    },
    route_settings={"GET /limited": {"throttlingRateLimit": 0, "throttlingBurstLimit": 0}},
)


class Fake:
    """What is deployed, and what runs it: answers as the next request asks."""

    def __init__(self) -> None:
        self.answer: dict[str, Any] | type[Exception] = {"statusCode": 200, "body": "12345"}
        self.seconds = 0.0

    def find(self, *which: object) -> Api | Function | None:
        if len(which) > 1:
            return a_function(arn=ARN, invoked_arn=ARN, statements=json.dumps([STATEMENT]))
        return API if which == (API.api_id,) else None

    def runs(self, _function: Function) -> bool:
        return True

    def invoke(self, _function: Function, _event: bytes) -> Outcome:
        time.sleep(self.seconds)
        if isinstance(self.answer, type):
            raise self.answer
        return Outcome(payload=json.dumps(self.answer).encode(), failed=False)


@pytest.fixture
def fake() -> Fake:
    return Fake()


@pytest.fixture
def published() -> Published:
    return Published()


def ask(
    published: Published,
    fake: Fake,
    request: str = "POST /ask",
    body: bytes = b"",
    headers: dict[str, str] | None = None,
) -> int:
    """Sends a request; gives the status."""
    method, _, path = request.partition(" ")
    statuses: list[str] = []
    gateway = Gateway(
        apis=cast("Apis", fake),
        functions=cast("Functions", fake),
        invoker=cast("Invoker", fake),
        publisher=published,
    )
    uri = path if path.startswith("/_api") else f"/_api/id{path}"
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": uri,
        "REQUEST_URI": uri,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        **(headers or {}),
    }

    def start(status: str, _headers: object) -> None:
        statuses.append(status)

    def other(_environ: object, _start: object) -> Iterable[bytes]:
        raise AssertionError("no request for the APIs")

    list(gateway.around(other)(environ, start))
    return int(statuses[0].split()[0])


BY_API, BY_STAGE = {"ApiId": "id"}, {"ApiId": "id", "Stage": "$default"}


@pytest.mark.parametrize("series", [BY_API, BY_STAGE])
def test_a_request_publishes_each_metric(
    published: Published, fake: Fake, series: dict[str, str]
) -> None:
    fake.seconds = 0.02
    assert ask(published, fake, body=b"123") == 200
    assert published.values("Count", series) == [1]
    assert published.values("4xx", series) == published.values("5xx", series) == [0]
    assert published.values("DataProcessed", series) == [8]
    [latency] = published.values("Latency", series)
    [integration] = published.values("IntegrationLatency", series)
    assert 20 <= integration <= latency < 10_000
    assert set(published.places) == {("123456789012", "us-east-1")}


@pytest.mark.parametrize(
    ("request_line", "answer", "status", "called"),
    [
        ("POST /ask", {"statusCode": 404}, 404, True),
        ("POST /ask", {"statusCode": 503}, 503, True),
        ("POST /ask", {"statusCode": "none"}, 500, True),
        ("POST /ask", Throttled, 429, True),
        ("GET /limited", {}, 429, False),
        ("GET /nowhere", {}, 404, False),
    ],
)
def test_errors_are_counted_by_whose_they_are(
    published: Published, fake: Fake, request_line: str, answer: Any, status: int, called: bool
) -> None:
    fake.answer = answer
    assert ask(published, fake, request_line) == status
    assert published.values("Count", BY_API) == [1]
    assert published.values("4xx", BY_API) == [float(status < 500)]
    assert published.values("5xx", BY_API) == [float(status >= 500)]
    assert len(published.values("IntegrationLatency", BY_API)) == called


def test_a_slow_function_is_a_server_error_after_the_time_out(
    published: Published, fake: Fake
) -> None:
    threads = threading.active_count()
    fake.seconds = 0.4
    assert ask(published, fake) == 503
    assert published.values("5xx", BY_STAGE) == [1]
    assert 200 <= published.values("IntegrationLatency", BY_STAGE)[0] < 400
    while threading.active_count() > threads:
        time.sleep(0.02)


def test_a_preflight_is_a_request_without_an_integration(published: Published, fake: Fake) -> None:
    headers = {"HTTP_ORIGIN": "https://a.example", "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "POST"}
    assert ask(published, fake, "OPTIONS /ask", headers=headers) == 204
    assert published.values("Count", BY_API) == [1]
    assert published.values("4xx", BY_API) == [0]
    assert "IntegrationLatency" not in published.names()


def test_a_body_that_is_too_large_is_counted(published: Published, fake: Fake) -> None:
    assert ask(published, fake, body=bytes(MAX_BODY_BYTES + 1)) == 413
    assert published.values("4xx", BY_API) == [1]


def test_an_api_that_does_not_exist_publishes_nothing(published: Published, fake: Fake) -> None:
    assert ask(published, fake, "GET /_api/other/ask") == 404
    assert published.names() == set()
