"""Storing and searching as the RAG service does, on a database of its own."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence

from benchmarks import databases
from benchmarks.vectors_data import CHUNKS_OF_DOCUMENT, Corpus
from emulator.postgres import Server
from services.rag import migrate, migration_files, migration_runner
from services.rag.database import Connection
from services.rag.documents import DocumentStore, PreparedChunk, PreparedDocument
from services.rag.filters import Conditions
from services.rag.provision import provision
from services.rag.retrieval import Hit, Mode, search
from services.rag.secrets import Credentials

_ROLE = Credentials(username="rag_app", password="rag_app")  # noqa: S106 - of a throw-away server

_TENANT = "benchmark"
_MODEL = "made-up"
_VECTOR_INDEX = "chunks_embedding"


class RagDatabase:
    """A database as a deployment of the service leaves it.

    Attributes:
        owner: a connection as the database's owner.
        connection: as the application's role, whose settings are those of production.
    """

    def __init__(self, server: Server, database: str) -> None:
        """Make the database and bring it to this version of the code.

        Args:
            server: where.
            database: its name, new.
        """
        databases.create(server, database)
        self.owner: Connection = server.connect(dbname=database)
        migrations = migration_files.read(migrate.MIGRATIONS)
        migration_runner.migrate(self.owner, migrations, verify=lambda _: None)
        provision(self.owner, _ROLE, grant_rds_iam=False)
        self.connection: Connection = server.connect(
            user=_ROLE.username,
            password=_ROLE.password,
            dbname=database,
            prepare_threshold=None,
        )
        query = "SELECT indexdef FROM pg_indexes WHERE indexname = %s"
        row = self.owner.execute(query, [_VECTOR_INDEX]).fetchone()
        if row is None:
            raise LookupError(f"the migrations make no index {_VECTOR_INDEX}")
        self._index: str = row[0]

    @property
    def index_options(self) -> str:
        """How the vector index differs from pgvector's defaults: ``WITH (…)``, or nothing."""
        _, clause, options = self._index.partition(" WITH ")
        return clause + options

    def drop_index(self) -> None:
        """Drop the vector index."""
        self.owner.execute(f"DROP INDEX IF EXISTS app.{_VECTOR_INDEX}".encode())

    def create_index(self) -> None:
        """Create it as the migrations define it, and update the planner's statistics."""
        self.owner.execute("SET max_parallel_maintenance_workers = 2")
        self.owner.execute(self._index.encode())
        self.owner.execute("VACUUM ANALYZE app.chunks, app.documents")

    def store(self, corpus: Corpus, *, chunks_of_request: int) -> float:
        """Store a corpus, request by request.

        Args:
            corpus: what to store.
            chunks_of_request: how many chunks each request has.

        Returns:
            Seconds; making the requests is not counted.
        """
        documents = DocumentStore(self.connection, _TENANT)
        seconds = 0.0
        for request, vectors in _requests(corpus, chunks_of_request):
            started = time.perf_counter()
            documents.save(request, vectors, _MODEL)
            seconds += time.perf_counter() - started
        return seconds

    def find(self, *, text: str, vector: Sequence[float], mode: Mode, top_k: int) -> list[Hit]:
        """Search among all documents.

        Args:
            text: the words.
            vector: the meaning.
            mode: by meaning, by words, or both.
            top_k: how many to return.
        """
        return search(
            self.connection,
            tenant=_TENANT,
            query=text,
            vector=vector,
            embedding_model=_MODEL,
            mode=mode,
            conditions=Conditions(),
            top_k=top_k,
        )


def corpus_index(hit: Hit) -> int:
    """Return the index in the corpus of a chunk that was found."""
    return int(hit.metadata["number"]) * CHUNKS_OF_DOCUMENT + hit.position


def _requests(
    corpus: Corpus, chunks_of_request: int
) -> Iterator[tuple[list[PreparedDocument], dict[bytes, Sequence[float]]]]:
    hashes = [hashlib.sha256(text.encode()).digest() for text in corpus.texts]
    for first in range(0, len(hashes), chunks_of_request):
        part = range(first, min(first + chunks_of_request, len(hashes)))
        documents = [_document(corpus, hashes, start) for start in part[::CHUNKS_OF_DOCUMENT]]
        # Lists, as they come from a model's JSON.
        vectors = dict(zip(hashes[first : part.stop], corpus.vectors[part].tolist(), strict=True))
        yield documents, vectors


def _document(corpus: Corpus, hashes: Sequence[bytes], start: int) -> PreparedDocument:
    number = corpus.first_document + start // CHUNKS_OF_DOCUMENT
    indexes = range(start, min(start + CHUNKS_OF_DOCUMENT, len(hashes)))
    return PreparedDocument(
        id=f"document-{number}",
        title=" ".join(corpus.texts[start].split()[:4]),
        source_uri=None,
        metadata={"number": number},
        content_hash=hashlib.sha256(b"".join(hashes[index] for index in indexes)).digest(),
        chunks=[
            PreparedChunk(content_hash=hashes[index], content=corpus.texts[index])
            for index in indexes
        ],
    )
