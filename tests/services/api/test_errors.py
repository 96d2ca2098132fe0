"""Every failure has one shape, a status that says whose it is, and no word of what it must not."""

from __future__ import annotations

import base64
import io
import json
import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest

from services.rag.models import ModelRefused, ModelThrottled, ModelTimeout, ModelUnavailable
from tests.support.rag import Answered, Api

SECRET = "the text of a confidential document"
DOCUMENT = {"id": "d", "title": "T", "text": SECRET}


def is_problem(answered: Answered, status: int) -> dict[str, Any]:
    assert answered.status == status, answered.body
    assert answered.headers["content-type"] == "application/problem+json"
    assert answered.headers["cache-control"] == "no-store"
    assert answered.body["status"] == status
    assert answered.body["request_id"] == "request-1"
    assert answered.body["detail"]
    body: dict[str, Any] = answered.body
    return body


@pytest.mark.parametrize(
    "raw",
    ["", "{", "nul", '{"query": "\\ud800"}', '{"query": "a"} x', "[" * 100_000, '{"a": 1' * 5000],
)  # fmt: skip
def test_what_is_no_json_is_a_bad_request(api: Api, raw: str) -> None:
    assert "JSON" in is_problem(api.call("POST /search", raw=raw), 400)["detail"]


def test_bad_utf8_is_a_bad_request(api: Api) -> None:
    body = base64.b64encode(b'{"query": "\xff"}').decode()
    is_problem(api.call("POST /search", raw=body, isBase64Encoded=True), 400)
    is_problem(api.call("POST /search", raw="no base64!", isBase64Encoded=True), 400)
    is_problem(api.call("POST /search", raw='{"query": "\ud800"}'), 400)


def test_base64_is_read(api: Api) -> None:
    body = base64.b64encode('{"query": "phở"}'.encode()).decode()
    assert api.call("POST /search", raw=body, isBase64Encoded=True).status == 200


@pytest.mark.parametrize("kind", ["text/plain", "", "application/x-www-form-urlencoded"])
def test_another_content_type_is_told(api: Api, kind: str) -> None:
    answered = api.call("POST /search", {"query": "x"}, headers={"content-type": kind})
    assert "application/json" in is_problem(answered, 415)["detail"]


def test_a_charset_beside_the_content_type_is_fine(api: Api) -> None:
    headers = {"content-type": "Application/JSON; charset=utf-8"}
    assert api.call("POST /search", {"query": "x"}, headers=headers).status == 200


def test_a_body_that_is_too_large_says_how_large_it_may_be(api: Api) -> None:
    answered = api.call("POST /documents", {"title": "T", "text": "x" * 6_000_000})
    assert "6,000,000" in is_problem(answered, 413)["detail"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/query"),
        ({"query": ""}, "#/query"),
        ({"query": " \n"}, "#/query"),
        ({"query": "a\0b"}, "#/query"),
        ({"query": 5}, "#/query"),
        ({"query": "x" * 2001}, "#/query"),
        ({"query": "x", "top_k": 0}, "#/top_k"),
        ({"query": "x", "top_k": "5"}, "#/top_k"),
        ({"query": "x", "top_k": True}, "#/top_k"),
        ({"query": "x", "mode": "magic"}, "#/mode"),
        ({"query": "x", "tenant": "other"}, "#/tenant"),
        ({"query": "x", "filter": {"metadata": {"a": {"b": 1}}}}, "#/filter/metadata/a"),
        ({"query": "x", "filter": {"metadata": {"a\0": 1}}}, "#/filter/metadata/a"),
        ({"query": "x", "filter": {"document_ids": ["../x"]}}, "#/filter/document_ids/0"),
        ([1], "#/"),
    ],
)
def test_what_is_wrong_with_a_search_is_pointed_at(api: Api, body: Any, pointer: str) -> None:
    problem = is_problem(api.call("POST /search", body), 422)
    assert problem["errors"][0]["pointer"].startswith(pointer)
    assert problem["detail"].startswith(pointer)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": " "}, "not be blank"),
        ({"text": "a\0"}, "NUL"),
        ({"id": "a/b"}, "letters, digits"),
        ({"source_uri": "\0"}, "NUL"),
        ({"metadata": {"a": None}}, "#/documents/0/metadata/a"),
        ({"metadata": {"a": float("inf")}}, "#/documents/0/metadata/a"),
        ({"metadata": {str(n): n for n in range(33)}}, "32"),
        ({"text": None}, "#/documents/0/text"),
        ({"extra": 1}, "#/documents/0/extra"),
    ],
)
def test_what_is_wrong_with_a_document_is_said_in_words(
    api: Api, change: dict[str, Any], words: str
) -> None:
    answered = api.call("POST /documents", {"documents": [{**DOCUMENT, **change}]})
    problem = is_problem(answered, 422)
    assert words in json.dumps(problem)
    assert SECRET not in json.dumps(problem)
    assert "^[" not in json.dumps(problem), "a pattern is no explanation"


@pytest.mark.parametrize(
    ("error", "status", "retry"),
    [
        (ModelThrottled("quota", retry_after_seconds=3), 429, "3"),
        (ModelTimeout("late"), 504, None),
        (ModelUnavailable("down"), 503, "5"),
        (ModelRefused("no permission"), 503, "5"),
        (RuntimeError(SECRET), 500, None),
    ],
)
@pytest.mark.parametrize("route", ["POST /search", "POST /query", "POST /documents"])
def test_failing_models(
    api: Api,
    log: io.StringIO,
    caplog: pytest.LogCaptureFixture,
    route: str,
    error: Exception,
    status: int,
    retry: str | None,
) -> None:
    body: dict[str, Any] = {
        "POST /search": {"query": SECRET},
        "POST /query": {"question": SECRET},
        "POST /documents": DOCUMENT,
    }[route]
    api.embedder.error = error
    answered = api.call(route, body)
    is_problem(answered, status)
    assert answered.headers.get("retry-after") == retry
    # What other libraries log counts as well.
    assert SECRET not in log.getvalue() + caplog.text + json.dumps(answered.body)
    assert type(error).__name__ in log.getvalue()


def test_a_failing_answer_model(api: Api) -> None:
    api.store(DOCUMENT)
    api.answerer.says = ModelThrottled("quota", retry_after_seconds=2)
    answered = api.call("POST /query", {"question": SECRET})
    is_problem(answered, 429)
    assert answered.headers["retry-after"] == "2"


def test_a_database_that_is_down(api: Api, log: io.StringIO) -> None:
    with api.server.connect() as admin:
        admin.execute(f"ALTER DATABASE {api.database} WITH ALLOW_CONNECTIONS false")
        answered = api.call("POST /search", {"query": SECRET})
        is_problem(answered, 503)
        assert answered.headers["retry-after"] == "5"
        assert SECRET not in log.getvalue()
        assert api.database not in json.dumps(answered.body)
        admin.execute(f"ALTER DATABASE {api.database} WITH ALLOW_CONNECTIONS true")
    assert api.call("POST /search", {"query": SECRET}).status == 200


def test_a_connection_that_broke_between_requests_is_replaced(api: Api) -> None:
    api.search("x")
    with api.server.connect() as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
            [api.database],
        )
    api.search("x")
    assert api.sessions() == 1


def test_warm_requests_share_one_connection_with_the_health_check(api: Api) -> None:
    api.search("x")
    (first,) = api.rows("SELECT pid FROM pg_stat_activity WHERE usename = 'rag_api'")
    api.call("GET /health")
    api.store(DOCUMENT)
    assert api.rows("SELECT pid FROM pg_stat_activity WHERE usename = 'rag_api'") == [first]


def test_a_database_that_does_not_answer_in_time(api: Api) -> None:
    """The request ends before the API gives up, and leaves no connection behind."""
    api.store(DOCUMENT)
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 1000 + 700)
    locked, done = threading.Event(), threading.Event()

    def lock() -> None:
        with api.server.connect(dbname=api.database) as admin, admin.transaction():
            admin.execute("LOCK TABLE app.chunks")
            locked.set()
            done.wait(20)

    holder = threading.Thread(target=lock)
    holder.start()
    locked.wait(10)
    answered = api.call("POST /search", {"query": "x"}, context=context)
    assert holder.is_alive(), "it answered only when the lock was gone"
    done.set()
    holder.join()
    is_problem(answered, 504)
    deadline = time.monotonic() + 10
    while api.sessions() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert api.sessions() == 0
    assert api.call("POST /search", {"query": "x"}).status == 200


def test_no_time_left_is_told_before_any_work(api: Api) -> None:
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 500)
    is_problem(api.call("POST /documents", DOCUMENT, context=context), 504)
    assert api.embedder.embedded == []


def test_nothing_of_a_document_or_question_is_logged(
    api: Api, log: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    api.store({**DOCUMENT, "title": SECRET, "metadata": {"note": SECRET}, "source_uri": SECRET})
    api.search(SECRET)
    api.call("POST /query", {"question": SECRET})
    api.call("GET /documents", query={"title": SECRET})
    api.call("POST /search", {"query": SECRET, "oops": SECRET})
    assert SECRET not in log.getvalue() + capsys.readouterr().out
    assert log.getvalue().count("answered") == 5
