"""Answers with citations, and honest silence."""

from __future__ import annotations

import pytest

from services.rag.models import Answer, StopReason, Usage
from tests.support.rag import Api

PHO = {
    "id": "pho",
    "title": "Phở",
    "text": "Phở is a noodle soup that is eaten for breakfast in Hà Nội.",
    "source_uri": "https://example.com/pho",
}
HOI_AN = {"id": "hoi-an", "title": "Hội An", "text": "Hội An is an old town with lanterns."}


def says(text: str, *cited: int, found: bool = True, stop: StopReason = "end") -> Answer:
    usage = Usage(input_tokens=50, output_tokens=10)
    return Answer(text=text, found=found, cited=cited, stop=stop, usage=usage)


def test_an_answer_cites_the_chunks_it_rests_on(api: Api) -> None:
    api.store(PHO, HOI_AN)
    body = api.call("POST /query", {"question": "What noodle soup is eaten for breakfast?"}).body
    assert body["answered"] is True
    assert "[1]" in body["answer"]
    citation = body["citations"][0]
    assert (citation["number"], citation["document_id"]) == (1, "pho")
    assert citation["source_uri"] == "https://example.com/pho"
    assert citation["chunk"]["text"] == PHO["text"]
    (chunk_id,) = api.rows("SELECT encode(content_hash, 'hex') FROM app.chunks WHERE document_id = 'pho'")[0]  # fmt: skip
    assert chunk_id.startswith(citation["chunk"]["id"])
    assert body["model"] == "extractive"
    assert all(tokens > 0 for tokens in body["usage"].values())


def test_citations_are_those_that_the_answer_mentions(api: Api) -> None:
    api.store(PHO, HOI_AN)
    api.answerer.says = says("Both [2] and again [2].", 2)
    body = api.call("POST /query", {"question": "noodle soup breakfast old town lanterns"}).body
    passages = api.answerer.read[0]
    assert [citation["number"] for citation in body["citations"]] == [2]
    assert body["citations"][0]["chunk"]["text"] == passages[1].text
    assert (body["usage"]["input_tokens"], body["usage"]["output_tokens"]) == (50, 10)


@pytest.mark.parametrize("question", ["Zxqv wfgh?", "the of and"])
def test_nothing_relevant_means_no_answer_and_no_model_call(api: Api, question: str) -> None:
    api.store(PHO, HOI_AN)
    answered = api.call("POST /query", {"question": question})
    assert answered.status == 200
    assert answered.body["answered"] is False
    assert answered.body["answer"] is None
    assert answered.body["reason"] == "not_in_documents"
    assert answered.body["citations"] == []
    assert answered.body["model"] is None
    assert api.answerer.read == []


def test_an_empty_library_has_no_answer(api: Api) -> None:
    assert api.call("POST /query", {"question": "Phở?"}).body["reason"] == "not_in_documents"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (says("", found=False), "not_in_documents"),
        (says("", found=False, stop="guardrail"), "guardrail"),
    ],
)
def test_a_model_may_decline(api: Api, answer: Answer, reason: str) -> None:
    api.store(PHO)
    api.answerer.says = answer
    body = api.call("POST /query", {"question": "noodle soup breakfast Hà Nội"}).body
    assert (body["answered"], body["answer"], body["reason"]) == (False, None, reason)
    assert body["usage"]["input_tokens"] == 50


def test_an_answer_that_was_cut_says_so(api: Api) -> None:
    api.store(PHO)
    api.answerer.says = says("Phở is [1]", 1, stop="max_tokens")
    body = api.call("POST /query", {"question": "noodle soup breakfast Hà Nội"}).body
    assert (body["answered"], body["truncated"]) == (True, True)


def test_a_filter_keeps_passages_from_the_model(api: Api) -> None:
    api.store(PHO, HOI_AN)
    question = {"question": "noodle soup lanterns", "filter": {"document_ids": ["hoi-an"]}}
    api.call("POST /query", question)
    assert [passage.title for passage in api.answerer.read[0]] == ["Hội An"]
