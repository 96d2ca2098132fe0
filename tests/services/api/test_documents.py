"""Storing, listing and deleting documents."""

from __future__ import annotations

import json

import pytest

from services.rag.models import ModelThrottled
from tests.support.rag import Api

PHO = {"id": "pho", "title": "Phở", "text": "A noodle soup of Hà Nội.", "metadata": {"n": 1}}
HOI_AN = {"title": "Hội An", "text": "An old town.", "source_uri": "https://example.com/hoi-an"}


def paragraphs(*numbers: int) -> str:
    """Paragraphs that become a chunk each."""
    return "\n\n".join(f"Paragraph {number}. " + f"word{number} " * 130 for number in numbers)


def positions(api: Api) -> list[str]:
    rows = api.rows("SELECT content FROM app.chunks ORDER BY document_id, position")
    return [content.split(".")[0] for (content,) in rows]


def test_documents_are_stored_with_their_chunks(api: Api) -> None:
    stored = api.store(PHO, {**HOI_AN, "text": paragraphs(1, 2, 3)})
    assert [(item["status"], item["chunks"], item["embedded"]) for item in stored] == [
        ("created", 1, 1),
        ("created", 3, 3),
    ]
    assert len(api.embedder.embedded) == 4
    # The title goes with every chunk: its text rarely says what it is about.
    assert all(text.startswith(("Phở\n\n", "Hội An\n\n")) for text in api.embedder.embedded)


def test_one_document_may_come_by_itself(api: Api) -> None:
    answered = api.call("POST /documents", PHO)
    assert answered.status == 200
    assert answered.body["documents"][0]["id"] == "pho"
    assert answered.body["usage"]["input_tokens"] > 0


def test_the_same_content_again_changes_and_embeds_nothing(api: Api) -> None:
    api.store(PHO, HOI_AN)
    before = api.rows("SELECT xmin, * FROM app.documents"), api.rows("SELECT xmin FROM app.chunks")
    api.embedder.embedded.clear()
    again = api.store(PHO, HOI_AN)
    assert [(item["status"], item["embedded"]) for item in again] == [("unchanged", 0)] * 2
    assert api.embedder.embedded == []
    after = api.rows("SELECT xmin, * FROM app.documents"), api.rows("SELECT xmin FROM app.chunks")
    assert [row[1:] for row in before[0]] == [row[1:] for row in after[0]]
    assert before[1] == after[1]


def test_a_changed_document_embeds_only_its_new_chunks(api: Api) -> None:
    api.store({**PHO, "text": paragraphs(1, 2, 3)})
    api.embedder.embedded.clear()
    (stored,) = api.store({**PHO, "text": paragraphs(3, 4, 1)})
    assert (stored["status"], stored["chunks"], stored["embedded"]) == ("updated", 3, 1)
    assert len(api.embedder.embedded) == 1
    assert positions(api) == ["Paragraph 3", "Paragraph 4", "Paragraph 1"]


def test_changed_metadata_alone_embeds_nothing(api: Api) -> None:
    api.store(PHO)
    api.embedder.embedded.clear()
    (stored,) = api.store({**PHO, "metadata": {"n": 2}})
    assert (stored["status"], stored["embedded"]) == ("updated", 0)
    described = api.call("GET /documents/{id}", path={"id": "pho"}).body
    assert described["metadata"] == {"n": 2}
    assert described["updated_at"] > described["created_at"]


def test_a_changed_title_embeds_all_again(api: Api) -> None:
    api.store(PHO)
    (stored,) = api.store({**PHO, "title": "Phở bò"})
    assert (stored["status"], stored["chunks"], stored["embedded"]) == ("updated", 1, 1)
    assert api.rows("SELECT title FROM app.chunks") == [("Phở bò",)]


def test_another_embedding_model_embeds_all_again(api: Api) -> None:
    api.store(PHO)
    api.embedder.model_id = "another"
    (stored,) = api.store(PHO)
    assert (stored["status"], stored["embedded"]) == ("updated", 1)
    assert api.rows("SELECT embedding_model FROM app.chunks") == [("another",)]


def test_a_chunk_that_repeats_is_stored_once(api: Api) -> None:
    (stored,) = api.store({**PHO, "text": paragraphs(1, 1, 2)})
    assert stored["chunks"] == 2


def test_without_an_id_the_source_decides_which_document_it_is(api: Api) -> None:
    (first,) = api.store(HOI_AN)
    (second,) = api.store({**HOI_AN, "text": "Another text."})
    assert (second["id"], second["status"]) == (first["id"], "updated")
    (third,) = api.store({"title": "Hội An", "text": "An old town."})
    (fourth,) = api.store({"title": "Hội An", "text": "An old town!"})
    assert len({first["id"], third["id"], fourth["id"]}) == 3


@pytest.mark.parametrize("twin", [PHO, {**PHO, "title": "Other"}])
def test_a_document_twice_in_a_request_is_refused(api: Api, twin: dict[str, object]) -> None:
    answered = api.call("POST /documents", {"documents": [PHO, HOI_AN, twin]})
    assert answered.status == 422
    assert answered.body["errors"][0]["pointer"] == "#/documents/2"
    assert api.rows("SELECT count(*) FROM app.documents") == [(0,)]


def test_when_embedding_fails_nothing_is_stored(api: Api) -> None:
    api.store(PHO)
    api.embedder.error = ModelThrottled("throttled", retry_after_seconds=7)
    answered = api.call("POST /documents", {"documents": [{**PHO, "text": "New."}, HOI_AN]})
    assert (answered.status, answered.headers["retry-after"]) == (429, "7")
    assert api.rows(
        "SELECT id, content FROM app.documents JOIN app.chunks ON id = document_id"
    ) == [("pho", "A noodle soup of Hà Nội.")]


def test_a_document_is_described_and_deleted(api: Api) -> None:
    api.store(PHO)
    described = api.call("GET /documents/{id}", path={"id": "pho"})
    assert described.status == 200
    assert described.body | {"created_at": 0, "updated_at": 0} == {
        "id": "pho",
        "title": "Phở",
        "source_uri": None,
        "metadata": {"n": 1},
        "chunks": 1,
        "created_at": 0,
        "updated_at": 0,
    }
    deleted = api.call("DELETE /documents/{id}", path={"id": "pho"})
    assert (deleted.status, deleted.body) == (204, None)
    assert "content-type" not in deleted.headers
    assert api.rows("SELECT count(*) FROM app.chunks") == [(0,)]
    for method in ("GET", "DELETE"):
        again = api.call(f"{method} /documents/{{id}}", path={"id": "pho"})
        assert (again.status, again.body["title"]) == (404, "Not Found")


def test_pages_hold_every_document_once_newest_first(api: Api) -> None:
    for number in range(7):
        api.store({"id": f"d{number}", "title": f"Title {number}", "text": f"Text {number}"})
    pages: list[list[str]] = []
    query = {"limit": "3"}
    while True:
        body = api.call("GET /documents", query=query).body
        pages.append([document["id"] for document in body["documents"]])
        if body["next"] is None:
            break
        query["cursor"] = body["next"]
        # What is stored or changed while somebody pages does not shift the pages.
        api.store({"id": f"new{len(pages)}", "title": "New", "text": f"new {len(pages)}"})
        api.store({"id": "d0", "title": "Title 0", "text": f"changed {len(pages)}"})
    assert pages == [["d6", "d5", "d4"], ["d3", "d2", "d1"], ["d0"]]


def test_lists_are_filtered(api: Api) -> None:
    api.store(PHO, HOI_AN, {**HOI_AN, "source_uri": "x", "id": "x", "title": "100%"})

    def listed(**query: str) -> list[str]:
        answered = api.call("GET /documents", query=query)
        assert answered.status == 200, answered.body
        return sorted(document["title"] for document in answered.body["documents"])

    assert listed(metadata=json.dumps({"n": 1})) == ["Phở"]
    assert listed(metadata=json.dumps({"n": "1"})) == []
    assert listed(title="hội") == ["Hội An"]
    assert listed(title="%") == ["100%"]
    assert listed(source_uri="x", title="00") == ["100%"]
    assert listed(source_uri="y") == []


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"limit": "0"}, "?limit"),
        ({"limit": "1e1"}, "?limit"),
        ({"order": "title"}, "?order"),
        ({"metadata": "n=1"}, "?metadata"),
        ({"metadata": "[1]"}, "?metadata"),
        ({"cursor": "abc"}, "?cursor"),
        ({"cursor": "W10"}, "?cursor"),
        ({"cursor": "ünïcode"}, "?cursor"),
        ({"title": " "}, "?title"),
        ({"source_uri": "a\0"}, "?source_uri"),
    ],
)
def test_a_wrong_query_parameter_is_named(api: Api, query: dict[str, str], pointer: str) -> None:
    answered = api.call("GET /documents", query=query)
    assert answered.status == 422
    assert answered.body["errors"][0]["pointer"].startswith(pointer)
