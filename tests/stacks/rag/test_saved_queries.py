"""The saved queries find what they are for, in entries of the form that each log has.

What services/rag writes is written by its own code: a made-up entry could hold what no real one does.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import psycopg
import pytest

from emulator.logs.insights.discovery import Event
from emulator.logs.insights.query import Query
from modules.api_gateway.http_api import ACCESS_LOG_FIELDS
from services.rag import app
from services.rag.models.interface import ModelUnavailable
from services.rag.telemetry import LOGGER
from tests.support.stacks import rag_stack

_REQUEST = dict.fromkeys(ACCESS_LOG_FIELDS, "-") | {"routeKey": "POST /query"}
_POSTGRESQL = "2026-11-30 11:00:00 UTC:10.20.1.5(43210):mapvibe_app@mapvibe:[12]:"
_RECORD = "2 123456789012 eni-0ab {} 10.20.130.6 4444 {} 6 10 840 1600000000 1600000060 {} OK"
_CRASH = {
    "type": "platform.report",
    "record": {
        "requestId": "r",
        "status": "timeout",
        "errorType": "Sandbox.Timedout",
        "metrics": {"maxMemoryUsedMB": 90},
    },
}
_CALL = {
    "modelId": "m",
    "operation": "Converse",
    "input": {"inputTokenCount": 7},
    "output": {"outputTokenCount": 3},
    "errorCode": "none",
    "identity": {"arn": "a"},
}


def written_by_the_service(*errors: Exception) -> list[object]:
    """What the service logs of one request each, in which that happens."""
    handler: Any = LOGGER.registered_handler
    stream = io.StringIO()
    before = handler.setStream(stream)
    with pytest.MonkeyPatch.context() as patch:
        for number, error in enumerate(errors, start=1):
            patch.setattr(app, "service", _raising(error))
            context = {"requestId": f"r{number}", "stage": "$default"}
            app.handler({"routeKey": "GET /health", "requestContext": context}, None)
    handler.setStream(before)
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def _raising(error: Exception) -> Any:
    def service() -> None:
        raise error

    return service


_SERVICE = written_by_the_service(
    *[psycopg.errors.TooManyConnections("connection refused")] * 3,
    *[ModelUnavailable("Bedrock is away")] * 2,
    ValueError("the text of a document"),
)

LOGS: Mapping[str, list[object]] = {
    "api": [
        _REQUEST | {"status": status, "responseLatencyMs": latency}
        for status, latency in (("200", "900"), ("503", "5100"), ("401", "12"), ("200", "1000"))
    ],
    "database": [
        _POSTGRESQL + "LOG:  connection authorized: user=mapvibe_app",
        _POSTGRESQL + "LOG:  duration: 1999.120 ms  execute a: SELECT 2",
        _POSTGRESQL + "LOG:  duration: 15320.120 ms  statement: SELECT 1",
        _POSTGRESQL + 'ERROR:  relation "x" does not exist',
    ],
    "network": [
        _RECORD.format("10.20.64.5", 5432, "REJECT"),
        _RECORD.format("10.20.64.5", 5432, "ACCEPT"),
        _RECORD.format("10.20.64.5", 443, "REJECT"),
        _RECORD.format("10.20.1.5", 5432, "REJECT"),
    ],
    "service": _SERVICE,
    "rag": [*_SERVICE, _CRASH],
    "migrations": [_CRASH],
    "notifier": [_CRASH],
    "model": [_CALL],
}
"""First part of a query's name to entries of the log that it reads."""

FOUND: Mapping[str, list[dict[str, str]]] = {
    "api-requests": [{"requests": "4", "average_ms": "1753", "p95_ms": "5100"}],
    "api-slowest": [{"responseLatencyMs": latency} for latency in ("5100", "1000", "900", "12")],
    "api-failures": [{"status": "503", "failures": "1", "integrationError": "-"}],
    "api-refused": [{"status": "401", "requests": "1", "authorizerError": "-"}],
    "database-slow-sql": [{"duration_ms": "15320.120"}, {"duration_ms": "1999.120"}],
    "database-errors": [
        {"severity": "ERROR", "error": 'relation "x" does not exist', "errors": "1"}
    ],
    "network-rejected": [{"flows": "1", "packets": "10"}] * 3,
    "network-to-database": [{"interfaceId": "eni-0ab", "srcAddr": "10.20.64.5", "flows": "1"}],
    "service-errors": [
        {"error": "TooManyConnections", "cause": "refused", "errors": "3"},
        {"error": "ModelUnavailable: Bedrock is away", "errors": "2"},
        {"error": "ValueError", "errors": "1"},
    ],
    "service-newest-errors": [
        {"request_id": "r6", "error": "ValueError"},
        *[{"message": "the request failed"}] * 2,
        *[{"sqlstate": "53300", "cause": "refused"}] * 3,
    ],
    "rag-crashes": [{"record.status": "timeout", "record.metrics.maxMemoryUsedMB": "90"}],
    "migrations-crashes": [{"record.status": "timeout", "record.errorType": "Sandbox.Timedout"}],
    "notifier-crashes": [{"record.status": "timeout", "record.requestId": "r"}],
    "model-calls": [{"modelId": "m", "input.inputTokenCount": "7", "identity.arn": "a"}],
}
"""Query to what its rows hold among other fields, in their order."""


def queries() -> dict[str, str]:
    return {
        body["name"].rpartition("/")[2]: body["query_string"]
        for body in rag_stack("dev").resources("aws_cloudwatch_query_definition").values()
    }


def asked(query: str, entries: list[object]) -> list[dict[str, str]]:
    events = [
        Event(
            timestamp=1_700_000_100_000 + number,
            ingestion_time=1_700_000_100_000 + number,
            message=entry if isinstance(entry, str) else json.dumps(entry),
            log="1:g",
            stream="s",
            pointer=str(number),
        )
        for number, entry in enumerate(entries)
    ]
    return [dict(row) for row in Query(query).run(events).rows]


def test_where_an_error_came_from_is_shown() -> None:
    """A list would be a field for each of its members, and the column empty."""
    newest, *_ = asked(queries()["service-newest-errors"], LOGS["service"])
    assert newest["where"].endswith(" service")


def test_every_query_has_a_case() -> None:
    assert set(queries()) == set(FOUND)


@pytest.mark.parametrize("name", FOUND)
def test_a_query_finds_what_it_is_for(name: str) -> None:
    rows = asked(queries()[name], LOGS[name.partition("-")[0]])
    assert len(rows) == len(FOUND[name])
    for row, expected in zip(rows, FOUND[name], strict=True):
        assert expected.items() <= row.items()
