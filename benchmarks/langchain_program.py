"""Runs langchain-postgres on a database of its own, in an environment of its own."""

from __future__ import annotations

import json
import subprocess
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from psycopg.types.json import Jsonb

from benchmarks import databases
from benchmarks.vectors_data import DIMENSION, Corpus, Vectors
from emulator.postgres import Server
from toolchain import side_environment
from toolchain.layout import Layout
from toolchain.report import step

_COPY = """
    COPY langchain_pg_embedding (id, collection_id, embedding, document, cmetadata)
    FROM STDIN (FORMAT binary)"""

_INDEX = "CREATE INDEX ON langchain_pg_embedding USING hnsw (embedding vector_cosine_ops) {}"


class Langchain:
    """langchain-postgres' ``PGVector`` with all its defaults."""

    def __init__(self, server: Server, database: str, work: Path) -> None:
        """Make the database and let the library make its tables.

        Args:
            server: where.
            database: its name, new, and that of its owner.
            work: a folder for what is handed over.

        Raises:
            ToolchainError: its packages can't be had.
        """
        with step("langchain-postgres in .local/langchain"):
            self._python = side_environment.install(
                Layout(), "langchain", failure="langchain-postgres can't be installed"
            )
        self._work = work
        databases.create(server, database)
        self.owner = server.connect(dbname=database)
        self.owner.execute("CREATE EXTENSION vector")
        password = uuid.uuid4().hex
        for statement in (
            f"CREATE ROLE {database} LOGIN PASSWORD '{password}'",
            f"GRANT CREATE ON SCHEMA public TO {database}",
        ):
            self.owner.execute(statement.encode())
        address = f"{database}:{password}@127.0.0.1:{server.port}/{database}"
        self._connection = f"postgresql+psycopg://{address}"
        self._run(do="query", vectors=self._save(np.zeros((0, DIMENSION), np.float32)), top_k=1)

    def store(self, corpus: Corpus, *, chunks_of_request: int) -> float:
        """Store a corpus, request by request; return the seconds that took."""
        (self._work / "texts.json").write_text(json.dumps(corpus.texts))
        times = self._run(
            do="store",
            texts=str(self._work / "texts.json"),
            vectors=self._save(corpus.vectors),
            chunks_of_request=chunks_of_request,
        )
        return sum(times)

    def query(self, vectors: Vectors, *, top_k: int) -> list[float]:
        """Search by vector; return the seconds of each query."""
        return self._run(do="query", vectors=self._save(vectors), top_k=top_k)

    def copy(self, corpus: Corpus) -> None:
        """Store a corpus without the library, which is faster where the time is not measured."""
        found = self.owner.execute("SELECT uuid FROM langchain_pg_collection").fetchone()
        if found is None:
            raise LookupError("the library made no collection")
        header = np.array([DIMENSION, 0], ">u2").tobytes()
        with self.owner.cursor() as cursor, cursor.copy(_COPY) as copy:
            for text, vector in zip(corpus.texts, corpus.vectors.astype(">f4"), strict=True):
                embedding = header + vector.tobytes()
                copy.write_row((str(uuid.uuid4()), found[0], embedding, text, Jsonb({})))
        self.owner.execute("VACUUM ANALYZE langchain_pg_embedding")

    def create_index(self, options: str) -> None:
        """Give its table the index that ours has, which the library doesn't make.

        Args:
            options: ours, as ``WITH (…)``, or nothing.
        """
        self.owner.execute("SET max_parallel_maintenance_workers = 2")
        self.owner.execute(_INDEX.format(options).encode())

    def _save(self, vectors: Vectors) -> str:
        path = self._work / "vectors.npy"
        np.save(path, vectors)
        return str(path)

    def _run(self, **job: Any) -> list[float]:
        task: Mapping[str, Any] = {"connection": self._connection, "dimension": DIMENSION, **job}
        program = Path(__file__).with_name("langchain_worker.py")
        # -I: without the program's folder on the path, which holds modules of this project.
        result = subprocess.run(
            [self._python, "-I", program],
            input=json.dumps(task),
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode != 0:
            raise RuntimeError(f"langchain-postgres failed: {result.stderr[-1000:]}")
        times: list[float] = json.loads(result.stdout)
        return times
