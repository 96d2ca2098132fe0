"""Hybrid search: what is found, in which order, and how that is explained."""

from __future__ import annotations

from typing import Any

import pytest

from services.rag import retrieval
from tests.support.rag import Api

PAGES: tuple[dict[str, Any], ...] = (
    {"id": "pho", "title": "Phở", "text": "Phở is a noodle soup of Hà Nội with beef.", "metadata": {"kind": "dish", "region": "north"}},
    {"id": "bun-cha", "title": "Bún chả", "text": "Grilled pork with noodles, eaten in Hà Nội.", "metadata": {"kind": "dish", "region": "north"}},
    {"id": "hoi-an", "title": "Hội An", "text": "An old trading town with lanterns and tailors.", "metadata": {"kind": "place", "region": "central", "old": True}},
    {"id": "ha-long", "title": "Vịnh Hạ Long", "text": "Limestone islands rise from the sea.", "metadata": {"kind": "place", "region": "north"}, "source_uri": "https://example.com/ha-long"},
)  # fmt: skip


@pytest.fixture(autouse=True)
def _pages(api: Api) -> None:
    api.store(*PAGES)


def ids(results: list[dict[str, Any]]) -> list[str]:
    return [result["document_id"] for result in results]


@pytest.mark.parametrize("text", ["phở Hà Nội", "pho ha noi", "PHO HA NOI"])
def test_words_are_found_with_and_without_accents(api: Api, text: str) -> None:
    results = api.search(text, mode="text")
    assert ids(results)[0] == "pho"
    assert results[0]["explanation"]["text"]["all_words"] is True
    assert results[0]["explanation"]["vector"] is None


def test_only_a_chunk_with_every_word_is_marked_so(api: Api) -> None:
    results = api.search("limestone lanterns of the sea", mode="text")
    assert {result["document_id"] for result in results} == {"ha-long", "hoi-an"}
    assert not any(result["explanation"]["text"]["all_words"] for result in results)
    (first, *_) = api.search("limestone islands of the sea", mode="text")
    assert first["explanation"]["text"]["all_words"]


def test_common_words_rank_what_rare_words_find(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """With statistics and a limit as in a large library, where ranking can't read every match."""
    monkeypatch.setattr(retrieval, "_MATCHES", 3)
    pages = [
        {"id": f"p{n}", "title": "Page", "text": f"common words of page {n}"} for n in range(60)
    ]
    api.store(*pages, {"id": "rare", "title": "Page", "text": "common zebra words"})
    with api.server.connect(dbname=api.database) as admin:
        admin.execute("ANALYZE app.chunks")
    assert ids(api.search("common zebra", mode="text")) == ["rare"]
    # A query of common words alone still finds: the rarest of them always counts.
    assert len(api.search("common words", mode="text", top_k=50)) == 50


def test_words_of_the_title_and_endings_count(api: Api) -> None:
    assert ids(api.search("island", mode="text")) == ["ha-long"]
    assert ids(api.search("hoi an lantern", mode="text"))[0] == "hoi-an"


def test_the_score_is_the_sum_of_reciprocal_ranks(api: Api) -> None:
    results = api.search("noodle soup of Hà Nội")
    assert ids(results)[0] == "pho"
    for result in results:
        explanation = result["explanation"]
        ranks = [way["rank"] for way in explanation.values() if way]
        assert ranks, result
        assert result["score"] == pytest.approx(sum(1 / (60 + r) for r in ranks), abs=1e-6)
    scores = [result["score"] for result in results]
    assert scores == sorted(scores, reverse=True)


def test_a_chunk_that_both_ways_find_beats_one_that_only_one_way_finds(api: Api) -> None:
    first = api.search("lanterns")[0]
    assert first["document_id"] == "hoi-an"
    assert first["explanation"]["vector"]
    assert first["explanation"]["text"]


def test_by_meaning_alone_every_chunk_has_a_similarity_in_order(api: Api) -> None:
    results = api.search("beef noodle soup", mode="vector")
    assert len(results) == len(PAGES)
    similarities = [result["explanation"]["vector"]["similarity"] for result in results]
    assert similarities == sorted(similarities, reverse=True)
    assert all(result["explanation"]["text"] is None for result in results)


def test_by_words_alone_no_model_is_called(api: Api) -> None:
    api.search("pho", mode="text")
    assert api.embedder.asked == []


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"metadata": {"kind": "place"}}, {"hoi-an", "ha-long"}),
        ({"metadata": {"kind": "place", "region": "north"}}, {"ha-long"}),
        ({"metadata": {"old": True}}, {"hoi-an"}),
        ({"metadata": {"old": "true"}}, set()),
        ({"source_uri": "https://example.com/ha-long"}, {"ha-long"}),
        ({"document_ids": ["pho", "hoi-an", "nowhere"]}, {"pho", "hoi-an"}),
        ({"document_ids": ["pho"], "metadata": {"kind": "place"}}, set()),
        ({"metadata": {}}, {"pho", "bun-cha", "hoi-an", "ha-long"}),
    ],
)
@pytest.mark.parametrize("mode", ["hybrid", "vector"])
def test_filters(api: Api, wanted: dict[str, Any], expected: set[str], mode: str) -> None:
    assert set(ids(api.search("Hà Nội noodles", filter=wanted, mode=mode))) == expected


def test_the_best_k_are_returned(api: Api) -> None:
    assert ids(api.search("noodles", top_k=2)) == ids(api.search("noodles"))[:2]


def test_a_result_says_where_it_comes_from(api: Api) -> None:
    (result,) = api.search("limestone", mode="text")
    assert result["title"] == "Vịnh Hạ Long"
    assert result["source_uri"] == "https://example.com/ha-long"
    assert result["metadata"] == {"kind": "place", "region": "north"}
    assert result["chunk"]["text"] == "Limestone islands rise from the sea."
    assert result["chunk"]["position"] == 0


def test_vectors_of_another_model_are_not_compared(api: Api) -> None:
    api.embedder.model_id = "another"
    assert api.search("noodles", mode="vector") == []
    assert ids(api.search("limestone"))[0] == "ha-long"


@pytest.mark.parametrize(
    "text",
    ["the of and", "' OR 1=1 --", "a:* & !b", "check-in <-> out", "%s %(tenant)s {}", "\\", "🍜", "x" * 2000],
)  # fmt: skip
def test_any_text_is_only_text(api: Api, text: str) -> None:
    for mode in ("hybrid", "text", "vector"):
        api.search(text, mode=mode)
