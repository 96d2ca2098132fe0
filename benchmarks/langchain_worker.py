"""Stores and searches with langchain-postgres, in the environment that has it installed.

It reads a job from standard input, as JSON, and prints seconds, as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings  # type: ignore[import-not-found]
from langchain_postgres import PGVector  # type: ignore[import-not-found]


class _NoEmbeddings(Embeddings):  # type: ignore[misc]
    """Stands where a model would: vectors are given."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        raise NotImplementedError

    def embed_query(self, text: str) -> list[float]:
        raise NotImplementedError


def store(library: Any, job: dict[str, Any]) -> list[float]:
    """Add chunks, request by request; return the seconds of each."""
    with open(job["texts"], encoding="utf-8") as file:  # noqa: PTH123 - a path as text
        texts = json.load(file)
    vectors = np.load(job["vectors"])[: len(texts)]
    size, times = job["chunks_of_request"], []
    for first in range(0, len(texts), size):
        part = slice(first, first + size)
        numbers, metadata = vectors[part].tolist(), [{"number": first}] * len(texts[part])
        started = time.perf_counter()
        library.add_embeddings(texts[part], numbers, metadata)
        times.append(time.perf_counter() - started)
    return times


def query(library: Any, job: dict[str, Any]) -> list[float]:
    """Search by vector; return the seconds of each query."""
    times = []
    for vector in np.load(job["vectors"]).tolist():
        started = time.perf_counter()
        found = library.similarity_search_by_vector(vector, k=job["top_k"])
        times.append(time.perf_counter() - started)
        assert len(found) == job["top_k"]  # noqa: S101 - a search that finds nothing is fast
    return times


def main() -> None:
    """Do one job."""
    job = json.load(sys.stdin)
    library = PGVector(
        embeddings=_NoEmbeddings(),
        connection=job["connection"],
        embedding_length=job["dimension"],
    )
    print(json.dumps({"store": store, "query": query}[job["do"]](library, job)))


if __name__ == "__main__":
    main()
