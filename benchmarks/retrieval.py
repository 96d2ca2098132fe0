"""Searching, against langchain-postgres on the same server with the same texts and vectors.

Langchain's plain query by vector is compared with our hybrid query, which finds by vector and by
words. ``BENCHMARK_CHUNKS`` makes it smaller than the promises are about.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from statistics import mean
from typing import NamedTuple, get_args

import numpy as np

from benchmarks import databases
from benchmarks.langchain_program import Langchain
from benchmarks.rag_database import RagDatabase, corpus_index
from benchmarks.table import Measurement, Promise
from benchmarks.vectors_data import Corpus, CorpusGenerator, Queries
from services.rag.retrieval import Mode

_CHUNKS = int(os.environ.get("BENCHMARK_CHUNKS", "100000")) // 100 * 100
_FEWER = _CHUNKS // 10
_LEAST_CHUNKS = 10_000
"""Among a tenth of fewer chunks, some questions find no word at all."""

_TOP_K = 10
_QUERIES = 500
_EXACT_QUERIES = 50
"""Fewer, because langchain reads every row for each."""

_ROUNDS = 2
_WARM_UP = 10
_CHUNKS_OF_REQUEST = 3_000


class _Times(NamedTuple):
    """Of queries, milliseconds."""

    p50: float
    p95: float

    def __str__(self) -> str:
        return f"p50 {self.p50:.1f}, p95 {self.p95:.1f} ms"


_Found = dict[str, _Times]
"""By variant: our modes, langchain's ``exact`` and ``hnsw``."""


def measure() -> Measurement:
    """Load a tenth, measure, load all, measure again.

    Raises:
        SystemExit: it was asked to be too small.
    """
    if _CHUNKS < _LEAST_CHUNKS:
        raise SystemExit(f"BENCHMARK_CHUNKS is {_CHUNKS}; at least {_LEAST_CHUNKS} are needed")
    generator = CorpusGenerator()
    corpus, queries = generator.corpus(_CHUNKS), generator.queries(_QUERIES)
    parts = [corpus.part(0, _FEWER), corpus.part(_FEWER, _CHUNKS)]
    found: list[_Found] = []
    with databases.running() as server, tempfile.TemporaryDirectory() as work:
        ours, theirs = RagDatabase(server, "ours"), Langchain(server, "langchain", Path(work))
        for part in parts:
            ours.drop_index()  # a build at the end takes a fraction of the time
            ours.store(part, chunks_of_request=_CHUNKS_OF_REQUEST)
            ours.create_index()
            theirs.copy(part)
            found.append(_in_turns(ours, theirs, queries))
        recall = _recall(ours, corpus, queries)
        common = _percentiles(
            _search(ours, queries.first(60), "hybrid", text=generator.common_words(5))
        )
        theirs.create_index(ours.index_options)
        found[1]["hnsw"] = _percentiles(theirs.query(queries.vectors, top_k=_TOP_K)[_WARM_UP:])
    return _report(found[0], found[1], common, recall)


def _in_turns(ours: RagDatabase, theirs: Langchain, queries: Queries) -> _Found:
    """Measure all variants more than once, and keep the quieter round of each."""
    rounds: list[_Found] = []
    for _ in range(_ROUNDS):
        found = {mode: _percentiles(_search(ours, queries, mode)) for mode in get_args(Mode)}
        vectors = queries.vectors[:_EXACT_QUERIES]
        found["exact"] = _percentiles(theirs.query(vectors, top_k=_TOP_K)[_WARM_UP:])
        rounds.append(found)
    return {name: min(found[name] for found in rounds) for name in rounds[0]}


def _search(
    ours: RagDatabase, queries: Queries, mode: Mode, *, text: str | None = None
) -> list[float]:
    times = []
    for own, vector in zip(queries.texts, queries.vectors.tolist(), strict=True):
        started = time.perf_counter()
        hits = ours.find(text=text or own, vector=vector, mode=mode, top_k=_TOP_K)
        times.append(time.perf_counter() - started)
        if not hits:
            raise AssertionError(f"{mode}: nothing found for {own!r}")
    return times[_WARM_UP:]


def _recall(ours: RagDatabase, corpus: Corpus, queries: Queries) -> float:
    """Compare with an exact search among the vectors as they were before they were rounded."""
    exact = np.argsort(-(queries.vectors @ corpus.vectors.T), axis=1)[:, :_TOP_K]
    shares = []
    for vector, best in zip(queries.vectors.tolist(), exact.tolist(), strict=True):
        hits = ours.find(text="", vector=vector, mode="vector", top_k=_TOP_K)
        shares.append(len({corpus_index(hit) for hit in hits} & set(best)) / _TOP_K)
    return mean(shares)


def _percentiles(seconds: list[float]) -> _Times:
    p50, p95 = np.quantile(seconds, [0.5, 0.95]) * 1000
    return _Times(float(p50), float(p95))


def _report(few: _Found, many: _Found, common: _Times, recall: float) -> Measurement:
    ours = many["hybrid"].p50
    variants = {
        "hybrid": "ours, hybrid",
        "vector": "ours, vector",
        "text": "ours, text",
        "exact": "langchain, vector, as it comes (exact)",
        "hnsw": "langchain, vector, with an HNSW index made by hand",
    }
    growth = many["hybrid"].p50 / few["hybrid"].p50
    return Measurement(
        name=f"search among {_CHUNKS:,} chunks",
        rows=[(words, str(many[name]), many[name].p50 / ours) for name, words in variants.items()],
        notes=[
            f"among {_FEWER:,}: "
            + "; ".join(f"{variants[name]} p50 {times.p50:.1f} ms" for name, times in few.items()),
            f"hybrid with the five most common words: {common}",
            f"recall@{_TOP_K} with the role's settings: {recall:.4f}",
            f"growth of langchain's exact search: {many['exact'].p50 / few['exact'].p50:.1f}",
        ],
        promises=[
            Promise("p50, our hybrid / langchain's vector", ours / many["exact"].p50, at_most=1),
            Promise(f"recall@{_TOP_K} of our HNSW search", recall, at_least=0.98),
            Promise(f"hybrid p50, {_CHUNKS:,} / {_FEWER:,} chunks", growth, at_most=3),
        ],
    )
