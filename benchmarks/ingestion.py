"""Storing chunks, against langchain-postgres on the same server with the same texts and vectors.

Both commit each request. Ours keeps documents, chunks and the index of words up to date in every
variant; langchain keeps one table, with no index on vectors unless one is made for it by hand.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks import databases
from benchmarks.langchain_program import Langchain
from benchmarks.rag_database import RagDatabase
from benchmarks.table import Measurement, Promise
from benchmarks.vectors_data import CorpusGenerator

_ROUNDS = 3
_CHUNKS = 3_000
"""Of a round."""

_CHUNKS_OF_REQUEST = 300


def measure() -> Measurement:
    """Store in turns, so that a noisy machine disturbs all alike, and compare the best rounds."""
    corpus = CorpusGenerator().corpus(_ROUNDS * _CHUNKS)
    with databases.running() as server, tempfile.TemporaryDirectory() as work:
        ours = {
            "plain": RagDatabase(server, "ours_plain"),
            "indexed": RagDatabase(server, "ours_indexed"),
        }
        theirs = {
            "plain": Langchain(server, "langchain_plain", Path(work)),
            "indexed": Langchain(server, "langchain_indexed", Path(work)),
        }
        ours["plain"].drop_index()
        theirs["indexed"].create_index(ours["indexed"].index_options)
        rates: dict[tuple[str, str], float] = {}
        for first in range(0, len(corpus.texts), _CHUNKS):
            part = corpus.part(first, first + _CHUNKS)
            for name, sides in (("ours", ours), ("langchain", theirs)):
                for variant, side in sides.items():
                    seconds = side.store(part, chunks_of_request=_CHUNKS_OF_REQUEST)
                    rate = len(part.texts) / seconds
                    rates[name, variant] = max(rate, rates.get((name, variant), 0))
    return _report(rates)


def _report(rates: dict[tuple[str, str], float]) -> Measurement:
    like_for_like = rates["ours", "plain"] / rates["langchain", "plain"]
    indexed = rates["ours", "indexed"] / rates["langchain", "indexed"]
    as_shipped = rates["ours", "indexed"] / rates["langchain", "plain"]
    rows = [
        ("ours, without its vector index", "ours", "plain"),
        ("langchain, as it comes (no vector index)", "langchain", "plain"),
        ("ours, as it comes (with its HNSW index)", "ours", "indexed"),
        ("langchain, with an HNSW index made by hand", "langchain", "indexed"),
    ]
    return Measurement(
        name=f"ingestion of {_ROUNDS * _CHUNKS:,} chunks",
        rows=[
            (name, f"{rates[side, variant]:,.0f} rows/s", _ratio(rates, side, variant))
            for name, side, variant in rows
        ],
        notes=[
            f"best of {_ROUNDS} rounds of {_CHUNKS:,} chunks, {_CHUNKS_OF_REQUEST} a request",
            "ratio to ours: of times, in the same state of the vector index",
            "ours also keeps documents and an index of words; langchain keeps neither",
            f"both with an HNSW index, which takes most of the time: {indexed:.1f} times the rows",
            f"both as they come, ours with an HNSW index and langchain without: {as_shipped:.1f} times",
        ],
        promises=[
            Promise("rows per second, ours / langchain, no vector index", like_for_like, at_least=5)
        ],
    )


def _ratio(rates: dict[tuple[str, str], float], side: str, variant: str) -> float:
    return rates["ours", variant] / rates[side, variant]
