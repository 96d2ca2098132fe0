"""What breaks in the middle leaves nothing half done, and nobody sees what is half done."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import psycopg
import pytest

from services.rag import documents
from services.rag.documents import DocumentStore
from services.rag.vectors import HalfVector
from tests.support.rag import Api

CHUNKS = 6


def versioned(version: int, document_id: str = "d") -> dict[str, Any]:
    """A document whose chunks all say which version they are of."""
    text = "\n\n".join(f"needle version{version} part{n} " + "filler " * 150 for n in range(CHUNKS))
    return {"id": document_id, "title": "T", "text": text}


def stored(api: Api) -> list[tuple[Any, ...]]:
    return api.rows("SELECT document_id, content FROM app.chunks ORDER BY document_id, position")


def kill_sessions(api: Api) -> None:
    with api.server.connect() as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [api.database],
        )


@pytest.fixture(params=["before the chunks", "among the chunks", "before the commit"])
def killed_there(
    request: pytest.FixtureRequest, api: Api, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """The database kills the session at a point inside the transaction, once."""
    original: Callable[..., None] = DocumentStore._replace_chunks
    pending = [True]

    def kill_once() -> None:
        if pending:
            pending.clear()
            kill_sessions(api)

    def replace(self: DocumentStore, *arguments: Any) -> None:
        if request.param == "before the chunks":
            kill_once()
        original(self, *arguments)
        if request.param == "before the commit":
            kill_once()

    class Vector(HalfVector):
        def __init__(self, numbers: Any) -> None:
            if request.param == "among the chunks":
                kill_once()
            super().__init__(numbers)

    monkeypatch.setattr(DocumentStore, "_replace_chunks", replace)
    monkeypatch.setattr(documents, "HalfVector", Vector)
    yield
    assert not pending, "the session was never killed"


@pytest.mark.usefixtures("killed_there")
def test_a_database_that_dies_during_an_ingest_keeps_all_or_nothing(api: Api) -> None:
    answered = api.call("POST /documents", {"documents": [versioned(1), versioned(1, "e")]})
    assert answered.status == 503
    assert answered.headers["retry-after"]
    assert api.rows("SELECT count(*) FROM app.documents") == [(0,)]
    assert stored(api) == []
    assert api.sessions() == 0
    # The caller tries again, as it was told to.
    assert [item["chunks"] for item in api.store(versioned(1), versioned(1, "e"))] == [CHUNKS] * 2


@pytest.mark.usefixtures("killed_there")
def test_a_failed_replacement_keeps_the_old_document(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = api.call("POST /documents", versioned(1))
    if answered.status == 503:
        api.store(versioned(1))
    before = stored(api)
    assert len(before) == CHUNKS
    with monkeypatch.context() as patch:
        patch.setattr(DocumentStore, "_add", _fail)
        assert api.call("POST /documents", versioned(2)).status == 503
    assert stored(api) == before


def _fail(*_: object) -> None:
    raise psycopg.OperationalError


def test_no_query_ever_sees_half_a_document(api: Api) -> None:
    """Readers search while a writer replaces and deletes the same document all the time.

    Half of its chunks are the same in all versions: were the others replaced in several
    transactions, a reader would find the old half alone.
    """
    everything = {"version0", "version1", "version2", "nothing"}
    stop = threading.Event()
    seen: set[str] = set()
    searches: list[int] = []

    def read() -> None:
        while not stop.is_set():
            results = api.search("needle", mode="text", top_k=50)
            words = {result["chunk"]["text"].split()[1] for result in results}
            versions = words - {"shared"}
            assert len(results) in {0, CHUNKS}, [r["chunk"]["text"][:30] for r in results]
            assert len(versions) <= 1, versions
            positions = [result["chunk"]["position"] for result in results]
            assert sorted(positions) == list(range(len(results)))
            seen.update(versions or {"nothing"})
            searches.append(len(results))

    def write() -> None:
        give_up = time.monotonic() + 60
        for number in count():
            document = versioned(number % 3)
            shared = document["text"].replace(f"version{number % 3}", "shared")
            halves = document["text"].split("\n\n")[::2] + shared.split("\n\n")[1::2]
            api.store({**document, "text": "\n\n".join(halves)})
            if number % 4 == 3:
                api.call("DELETE /documents/{id}", path={"id": "d"})
            read_enough = seen == everything and len(searches) > 40
            if (number > 24 and read_enough) or time.monotonic() > give_up:
                return
            if any(reader.done() for reader in readers):
                return  # it has failed

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(read) for _ in range(2)]
        try:
            pool.submit(write).result()
        finally:
            stop.set()
        for reader in readers:
            reader.result()
    assert len(searches) > 40
    assert seen == everything


def test_writers_of_the_same_documents_take_turns(api: Api) -> None:
    """Overlapping requests in opposite orders: no deadlock, and one of them wins as a whole."""
    ids = [f"d{number}" for number in range(4)]

    def write(version: int) -> list[int]:
        order = ids if version % 2 else ids[::-1]
        statuses = []
        for _ in range(5):
            batch = {"documents": [versioned(version, name) for name in order]}
            statuses.append(api.call("POST /documents", batch).status)
        return statuses

    with ThreadPoolExecutor(4) as pool:
        outcomes = [status for result in pool.map(write, range(4)) for status in result]
    # 409 says that others kept replacing the same documents; nothing was stored then.
    assert set(outcomes) <= {200, 409}
    assert outcomes.count(200) >= len(outcomes) // 2
    for name in ids:
        chunks = [content for document_id, content in stored(api) if document_id == name]
        assert len(chunks) == CHUNKS
        assert len({content.split()[1] for content in chunks}) == 1
    assert api.rows("SELECT DISTINCT chunk_count FROM app.documents") == [(CHUNKS,)]


def test_chunks_that_others_took_away_are_embedded_again(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between looking and storing, another request replaces the document."""
    api.store(versioned(1))
    original = api.embedder.embed_documents
    meddled: list[bool] = []

    def embed(texts: Any, **options: Any) -> Any:
        if not meddled:
            meddled.append(True)
            with api.server.connect(dbname=api.database) as admin:
                admin.execute("DELETE FROM app.documents")
        return original(texts, **options)

    monkeypatch.setattr(api.embedder, "embed_documents", embed)
    grown = versioned(1)
    grown["text"] += "\n\nneedle version1 more " + "filler " * 150
    (result,) = api.store(grown)
    assert result["chunks"] == CHUNKS + 1
    assert len(stored(api)) == CHUNKS + 1
