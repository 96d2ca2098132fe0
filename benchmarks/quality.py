"""How good retrieval is on the sample documents, by relevance judgements of people.

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

from benchmarks import databases, rag_database
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

_JUDGEMENTS = Path(__file__).with_name("data") / "relevance-judgements.json"
_DEPTH = 10
_CHUNKS = 50
"""So many are searched for that ten pages are among them."""

_TENANT = "benchmark"
_SECONDS = 300.0

_TOLERANCE = 0.01
"""How much worse than the better of the two rankings their fusion may be."""

_FLOOR = 0.81
"""Of the hybrid search; 0.83 was measured when this was written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shares:
    """Shares of the questions.

    Attributes:
        with_relevant_chunks: retrieval found a chunk on which an answer may rest.
        answered: there was an answer.
    """

    with_relevant_chunks: float
    answered: float

    def __str__(self) -> str:
        return f"{self.with_relevant_chunks:.0%} had relevant chunks, {self.answered:.0%} were answered"


def measure() -> Measurement:
    """Store the samples, ask everything.

    Raises:
        SystemExit: the local model is not installed.
    """
    if not available():
        raise SystemExit("the benchmark 'quality' needs the local model: run 'make setup'")
    judgements: dict[str, Any] = json.loads(_JUDGEMENTS.read_text())
    embedder = MiniLmEmbedder()
    with databases.running() as server:
        connections = Connections(lambda _: rag_database.RagDatabase(server, "quality").connection)
        documents = [file.document for file in read_folder(SAMPLES)]
        Ingestion(connections, embedder, tenant=_TENANT).store(documents, deadline=_deadline())
        models = ModelSettings.model_fields
        engine = QueryEngine(
            connections,
            embedder,
            ExtractiveAnswerer(embedder),
            tenant=_TENANT,
            minimum_similarity=models["minimum_similarity"].default,
            max_tokens=models["answer_max_tokens"].default,
        )
        scores = {mode: _scores(engine, judgements["questions"], mode) for mode in get_args(Mode)}
        answers = {
            "answerable": _ask(engine, [each["question"] for each in judgements["questions"]]),
            "unanswerable": _ask(engine, judgements["unanswerable"]),
        }
    return _report(scores, answers, len(judgements["questions"]))


def _scores(
    engine: QueryEngine, questions: Sequence[dict[str, Any]], mode: Mode
) -> dict[str, float]:
    """Return nDCG@10 by kind of question, and of all."""
    by_kind: dict[str, list[float]] = {}
    for question in questions:
        wanted = Search(query=question["question"], mode=mode, top_k=_CHUNKS)
        results = engine.search(wanted, deadline=_deadline()).results
        pages = list(dict.fromkeys(result.document_id for result in results))
        score = ndcg(pages, question["relevant"], at=_DEPTH)
        by_kind.setdefault(question["kind"], []).append(score)
    every = [score for scores in by_kind.values() for score in scores]
    return {"all": mean(every), **{kind: mean(scores) for kind, scores in by_kind.items()}}


def _ask(engine: QueryEngine, questions: Sequence[str]) -> _Shares:
    answers = [
        engine.query(Query(question=question), deadline=_deadline()) for question in questions
    ]
    return _Shares(
        # An answer names the model only if it was called.
        with_relevant_chunks=mean(answer.model is not None for answer in answers),
        answered=mean(answer.answered for answer in answers),
    )


def _deadline() -> Deadline:
    return Deadline.after(_SECONDS)


def _report(
    scores: dict[str, dict[str, float]], answers: dict[str, _Shares], questions: int
) -> Measurement:
    hybrid = scores["hybrid"]["all"]
    better = max(scores["vector"]["all"], scores["text"]["all"])
    return Measurement(
        name=f"nDCG@{_DEPTH} on {questions} questions",
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
            Promise(f"nDCG@{_DEPTH} of hybrid", hybrid, at_least=_FLOOR),
        ],
    )
