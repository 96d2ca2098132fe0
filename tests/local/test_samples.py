"""The sample documents, and the questions about them with their relevance judgements."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from local.documents import SAMPLES, DocumentFile, read_folder

JUDGED = SAMPLES.parents[1] / "benchmarks" / "data" / "relevance-judgements.json"


@pytest.fixture(scope="module")
def samples() -> dict[str, DocumentFile]:
    return {Path(file.name).stem: file for file in read_folder(SAMPLES)}


@pytest.fixture(scope="module")
def judgements() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(JUDGED.read_text())
    return found


def test_there_are_a_few_dozen_pages_of_all_kinds(samples: dict[str, DocumentFile]) -> None:
    assert len(samples) == 40
    assert len({sample.document.title for sample in samples.values()}) == 40
    kinds = Counter(sample.document.metadata["kind"] for sample in samples.values())
    assert kinds.keys() == {"place", "dish", "drink", "practice"}
    regions = {sample.document.metadata["region"] for sample in samples.values()}
    assert regions == {"north", "central", "south"}


def test_each_page_is_short_and_has_its_own_name(samples: dict[str, DocumentFile]) -> None:
    for stem, sample in samples.items():
        document = sample.document
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", stem)
        assert document.id == stem
        assert document.source_uri == f"https://example.com/mapvibe/samples/{stem}"
        assert document.metadata.keys() <= {"kind", "region", "province"}
        assert 150 <= len(document.text.split()) <= 400, stem
        assert 2 <= len(re.findall(r"^## \S", document.text, re.MULTILINE)) <= 4, stem
        # "Phở" can be spelled in two ways that look the same; full text finds one of them.
        assert unicodedata.is_normalized("NFC", document.title + document.text), stem


def test_no_page_repeats_a_sentence_of_another(samples: dict[str, DocumentFile]) -> None:
    sentences = Counter(
        sentence
        for sample in samples.values()
        for sentence in re.split(r"(?<=\.)\s+", sample.document.text)
        if len(sentence) > 40
    )
    assert [sentence for sentence, number in sentences.items() if number > 1] == []


def test_judgements_are_about_the_pages(
    samples: dict[str, DocumentFile], judgements: dict[str, Any]
) -> None:
    questions = judgements["questions"]
    assert Counter(item["kind"] for item in questions) == {
        "keyword": 15,
        "paraphrase": 20,
        "vietnamese": 10,
        "confusable": 15,
    }
    assert {stem for item in questions for stem in item["relevant"]} == samples.keys()
    for item in questions:
        assert set(item["relevant"].values()) <= {1, 2}
        assert 2 in item["relevant"].values(), item["question"]


def test_questions_are_asked_once(judgements: dict[str, Any]) -> None:
    asked = [item["question"] for item in judgements["questions"]] + judgements["unanswerable"]
    assert len(judgements["unanswerable"]) == 10
    assert len({question.casefold() for question in asked}) == len(asked) == 70
