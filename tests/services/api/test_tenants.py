"""No tenant sees, changes or is influenced by another's documents."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.rag import Answered, Api

TENANTS = ("red", "blue")
WORDS = ("phở", "lantern", "island", "soup", "old", "town")
IDS = ("a", "b", "c")


def call(api: Api, tenant: str, route: str, body: Any = None, **options: Any) -> Answered:
    return api.call(route, body, claims={"tenant": tenant}, **options)


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(TENANTS),
        st.sampled_from(("store", "delete", "get", "list", "search", "query")),
        st.sampled_from(IDS),
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=4),
        st.sampled_from(("hybrid", "vector", "text")),
    ),
    min_size=1,
    max_size=12,
)


def marked(tenant: str, words: list[str]) -> str:
    return f"{tenant}-only " + " ".join(words)


def run(api: Api, mine: dict[str, set[str]], operation: tuple[Any, ...]) -> Answered:
    """Run one operation and check it against what the tenant alone should see."""
    tenant, kind, document_id, words, mode = operation
    path = {"id": document_id}
    if kind == "store":
        document = {"id": document_id, "title": "T", "text": marked(tenant, words)}
        answered = call(api, tenant, "POST /documents", document)
        assert answered.body["documents"][0]["status"] != (
            "created" if document_id in mine[tenant] else "updated"
        )
        mine[tenant].add(document_id)
    elif kind in {"delete", "get"}:
        route = f"{'DELETE' if kind == 'delete' else 'GET'} /documents/{{id}}"
        answered = call(api, tenant, route, path=path)
        assert (answered.status == 404) == (document_id not in mine[tenant])
        if kind == "delete":
            mine[tenant].discard(document_id)
    elif kind == "list":
        answered = call(api, tenant, "GET /documents")
        assert {item["id"] for item in answered.body["documents"]} == mine[tenant]
    elif kind == "search":
        answered = call(api, tenant, "POST /search", {"query": " ".join(words), "mode": mode})
        assert {item["document_id"] for item in answered.body["results"]} <= mine[tenant]
        if mode != "text":
            assert len(answered.body["results"]) == len(mine[tenant])
    else:
        answered = call(api, tenant, "POST /query", {"question": " ".join(words)})
    return answered


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(operations=OPERATIONS)
def test_no_operation_crosses_the_border(
    shared_api: Api, operations: list[tuple[Any, ...]]
) -> None:
    with shared_api.server.connect(dbname=shared_api.database) as admin:
        admin.execute("TRUNCATE app.documents CASCADE")
    mine: dict[str, set[str]] = {tenant: set() for tenant in TENANTS}
    for operation in operations:
        answered = run(shared_api, mine, operation)
        (other,) = set(TENANTS) - {operation[0]}
        assert f"{other}-only" not in json.dumps(answered.body)


@pytest.mark.parametrize("mode", ["hybrid", "vector", "text"])
def test_documents_of_others_crowd_nobody_out_and_change_no_rank(
    shared_api: Api, mode: str
) -> None:
    """More of them than the search has candidates, nearer to the query, and one that is the same."""
    same = {"id": "same", "title": "T", "text": "lantern soup island"}
    others = [{"id": f"d{n}", "title": "T", "text": f"lantern soup {n}"} for n in range(150)]
    call(shared_api, "red", "POST /documents", {"documents": [*others, same]})
    call(shared_api, "blue", "POST /documents", {"documents": [same]})
    wanted = {"query": "lantern soup", "mode": mode, "top_k": 50}
    (result,) = call(shared_api, "blue", "POST /search", wanted).body["results"]
    assert result["document_id"] == "same"
    ranks = {way["rank"] for way in result["explanation"].values() if way}
    assert ranks == {1}


def test_a_filter_or_a_body_can_not_name_another_tenant(shared_api: Api) -> None:
    call(shared_api, "red", "POST /documents", {"id": "a", "title": "T", "text": "red-only phở"})
    for body in (
        {"query": "phở", "filter": {"document_ids": ["a"]}},
        {"query": "phở", "filter": {"metadata": {}}},
    ):
        assert call(shared_api, "blue", "POST /search", body).body["results"] == []
    assert call(shared_api, "blue", "POST /search", {"query": "phở", "tenant": "red"}).status == 422


@pytest.mark.parametrize("claims", [{}, {"tenant": ""}, {"tenant": " "}, {"tenant": 5}, {"tenant": "a\0"}, {"tenant": "x" * 201}, {"sub": "red"}, None])  # fmt: skip
@pytest.mark.parametrize("route", ["POST /search", "GET /documents", "DELETE /documents/{id}"])
def test_a_token_without_a_tenant_is_refused(shared_api: Api, route: str, claims: Any) -> None:
    answered = shared_api.call(route, {"query": "x"}, claims=claims, path={"id": "a"})
    assert answered.status == 403
    assert "tenant" in answered.body["detail"]


def test_with_a_fixed_tenant_claims_do_not_count(api: Api) -> None:
    api.store({"id": "a", "title": "T", "text": "x"})
    answered = api.call("GET /documents", claims={"tenant": "red", "sub": "red"})
    assert [item["id"] for item in answered.body["documents"]] == ["a"]


def test_every_statement_on_documents_names_the_tenant(shared_api: Api) -> None:
    start = shared_api.server.log.stat().st_size
    tenant = "tenant-of-this-test"
    document = {"id": "a", "title": "T", "text": "x"}
    for text in ("x", "y"):
        call(shared_api, tenant, "POST /documents", {**document, "text": text})
    call(shared_api, tenant, "GET /documents", query={"title": "T", "limit": "1"})
    call(shared_api, tenant, "GET /documents/{id}", path={"id": "a"})
    call(shared_api, tenant, "POST /search", {"query": "x", "filter": {"document_ids": ["a"]}})
    call(shared_api, tenant, "POST /query", {"question": "x"})
    call(shared_api, tenant, "DELETE /documents/{id}", path={"id": "a"})
    with shared_api.server.log.open("rb") as log:
        log.seek(start)
        text = log.read().decode()
    entries = re.split(r"\n(?=\d{4}-\d\d-\d\d )", text)
    statements = [
        f"{entry}\n{following}"
        for entry, following in zip(entries, [*entries[1:], ""], strict=True)
        if "app." in entry and re.search(r"(execute <unnamed>|statement):", entry)
    ]
    assert len(statements) >= 9
    for statement in statements:
        if "COPY app.chunks" in statement:
            continue  # its rows hold the tenant; the table's foreign key holds them to it
        assert tenant in statement, statement
