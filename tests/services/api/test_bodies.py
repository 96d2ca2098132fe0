"""Any body at all gets an answer that the OpenAPI document declares."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.rag.openapi import openapi
from services.rag.operations import OPERATIONS
from tests.support.rag import Api

DECLARED = {
    f"{method.upper()} {path}": {int(status) for status in operation["responses"]}
    for path, methods in json.loads(openapi(OPERATIONS))["paths"].items()
    for method, operation in methods.items()
}

TEXT = st.text(st.characters(codec="utf-8")) | st.sampled_from(["\0", " ", "\ud7ff", "a" * 3000])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
METADATA = st.dictionaries(TEXT, JSON, max_size=3)
NEARLY_DOCUMENT = st.fixed_dictionaries(
    {},
    optional={
        "id": TEXT | st.just("a") | JSON,
        "title": TEXT | JSON,
        "text": TEXT | JSON,
        "source_uri": TEXT | JSON,
        "metadata": METADATA | JSON,
    },
)
NEARLY_SEARCH = st.fixed_dictionaries(
    {},
    optional={
        "query": TEXT | JSON,
        "question": TEXT | JSON,
        "top_k": st.integers() | JSON,
        "mode": st.sampled_from(["hybrid", "vector", "text"]) | JSON,
        "filter": st.fixed_dictionaries(
            {}, optional={"metadata": METADATA, "document_ids": JSON, "source_uri": JSON}
        )
        | JSON,
    },
)
NEARLY = NEARLY_DOCUMENT | NEARLY_SEARCH | st.builds(lambda d: {"documents": d}, st.lists(NEARLY_DOCUMENT, max_size=3))  # fmt: skip
BODY = (
    st.binary(max_size=200)
    | (JSON | NEARLY).map(lambda value: json.dumps(value).encode())
    | (JSON | NEARLY).map(lambda value: json.dumps(value, ensure_ascii=False).encode())
    | NEARLY.map(lambda value: json.dumps(value).encode()[:-1])
    | st.integers(1, 100_000).map(lambda depth: b"[" * depth)
    | st.integers(1, 5_000).map(lambda depth: b'{"filter":' * depth + b"1" + b"}" * depth)
)


@pytest.mark.parametrize("route", ["POST /documents", "POST /search", "POST /query"])
def test_any_body_is_answered_as_declared(api: Api, route: str) -> None:
    """Some 3,000 bodies over the three routes, others in each run."""

    @settings(
        max_examples=1_000,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(body=BODY)
    def check(body: bytes) -> None:
        answered = api.call(route, raw=base64.b64encode(body).decode(), isBase64Encoded=True)
        assert answered.status in DECLARED[route], answered.body
        assert answered.status < 500, answered.body
        kind = answered.headers["content-type"]
        assert (kind == "application/json") == (answered.status == 200)

    check()
    assert api.sessions() <= 1
    # Whatever was stored can be read back.
    listed: Any = api.call("GET /documents", query={"limit": "100"})
    assert listed.status == 200


def test_the_largest_request_and_one_byte_more(api: Api) -> None:
    frame = json.dumps({"id": "d", "title": "T", "text": ""})
    room = 6_000_000 - len(frame)
    text = ("word " * (room // 5 + 1))[:room]
    assert api.call("POST /documents", raw=frame[:-2] + text + '"}').status == 200
    assert api.call("POST /documents", raw=frame[:-2] + text + ' "}').status == 413
