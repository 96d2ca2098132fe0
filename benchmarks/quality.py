"""How good retrieval is on the sample documents, whose questions people judged.

The embeddings are those of the small local model: what a developer has without AWS. A page is
ranked by its best chunk.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any, get_args

from benchmarks import databases, service_side
from benchmarks.ndcg import ndcg
from benchmarks.table import Measurement, Promise
from emulator.models.extractive import ExtractiveAnswerer
from emulator.models.minilm import MiniLmEmbedder, available
from local.documents import SAMPLES, read_folder
from services.rag.connections import Connections
from services.rag.deadline import Deadline
from services.rag.ingestion import Ingestion
from services.rag.query_engine import QueryEngine
from services.rag.retrieval import Mode
from services.rag.schemas import Query, Search
from stacks.rag.settings import ModelSettings

_JUDGED = Path(__file__).with_name("data") / "judged-questions.json"
_PLACES = 10
_CHUNKS = 50
"""Searched for, so that ten pages are among them."""

_TENANT = "benchmark"
_SECONDS = 300.0

_TOLERANCE = 0.01
"""What a ranking made of two may lose against the better one."""

_FLOOR = 0.81
"""Of the hybrid search: a bit below what was measured when this was written, 0.83."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Answers:
    """What became of questions, as shares of them.

    Attributes:
        grounded: retrieval found something to rest an answer on.
        answered: there was an answer.
    """

    grounded: float
    answered: float

    def __str__(self) -> str:
        return f"{self.grounded:.0%} had ground to answer, {self.answered:.0%} were answered"


def measure() -> Measurement:
    """Store the samples, ask everything.

    Raises:
        SystemExit: the local model is not installed.
    """
    if not available():
        raise SystemExit("the benchmark 'quality' needs the local model: run 'make setup'")
    judged: dict[str, Any] = json.loads(_JUDGED.read_text())
    embedder = MiniLmEmbedder()
    with databases.running() as server:
        connections = Connections(lambda _: service_side.Service(server, "quality").connection)
        documents = [file.document for file in read_folder(SAMPLES)]
        Ingestion(connections, embedder, tenant=_TENANT).store(documents, deadline=_deadline())
        models = ModelSettings.model_fields
        library = QueryEngine(
            connections,
            embedder,
            ExtractiveAnswerer(embedder),
            tenant=_TENANT,
            minimum_similarity=models["minimum_similarity"].default,
            max_tokens=models["answer_max_tokens"].default,
        )
        scores = {mode: _scores(library, judged["questions"], mode) for mode in get_args(Mode)}
        answers = {
            "answerable": _ask(library, [each["question"] for each in judged["questions"]]),
            "unanswerable": _ask(library, judged["unanswerable"]),
        }
    return _report(scores, answers, len(judged["questions"]))


def _scores(
    library: QueryEngine, questions: Sequence[dict[str, Any]], mode: Mode
) -> dict[str, float]:
    """Return nDCG@10 by kind of question, and of all."""
    by_kind: dict[str, list[float]] = {}
    for question in questions:
        wanted = Search(query=question["question"], mode=mode, top_k=_CHUNKS)
        results = library.search(wanted, deadline=_deadline()).results
        pages = list(dict.fromkeys(result.document_id for result in results))
        score = ndcg(pages, question["relevant"], at=_PLACES)
        by_kind.setdefault(question["kind"], []).append(score)
    every = [score for scores in by_kind.values() for score in scores]
    return {"all": mean(every), **{kind: mean(scores) for kind, scores in by_kind.items()}}


def _ask(library: QueryEngine, questions: Sequence[str]) -> _Answers:
    answers = [
        library.query(Query(question=question), deadline=_deadline()) for question in questions
    ]
    return _Answers(
        # The model is only named where it was asked.
        grounded=mean(answer.model is not None for answer in answers),
        answered=mean(answer.answered for answer in answers),
    )


def _deadline() -> Deadline:
    return Deadline.after(_SECONDS)


def _report(
    scores: dict[str, dict[str, float]], answers: dict[str, _Answers], questions: int
) -> Measurement:
    hybrid = scores["hybrid"]["all"]
    better = max(scores["vector"]["all"], scores["text"]["all"])
    return Measurement(
        name=f"nDCG@{_PLACES} on {questions} judged questions",
        rows=[
            (
                mode,
                ", ".join(f"{kind} {score:.3f}" for kind, score in of_mode.items()),
                of_mode["all"] / hybrid,
            )
            for mode, of_mode in scores.items()
        ],
        notes=[f"{kind} questions: {answers[kind]}" for kind in answers],
        promises=[
            Promise("hybrid - the better of the two", hybrid - better, at_least=-_TOLERANCE),
            Promise(f"nDCG@{_PLACES} of hybrid", hybrid, at_least=_FLOOR),
        ],
    )
