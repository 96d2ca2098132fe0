"""Storing documents: cut, embed what is new, store in one transaction."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence

from .chunking import chunk
from .connections import Connections
from .deadline import Deadline
from .documents import DocumentStore, MissingVectors, PreparedChunk, PreparedDocument
from .models import Embedder, Usage
from .schemas import EmbeddingUsage, NewDocument, StoredDocument, StoredDocuments
from .telemetry import TRACER

_ATTEMPTS = 3
"""Another is needed only when a concurrent request replaced the same document."""

_SAVE_SECONDS = 1.0


class Ingestion:
    """Stores the documents of one tenant."""

    def __init__(self, connections: Connections, embedder: Embedder, *, tenant: str) -> None:
        """Keep what storing needs.

        Args:
            connections: to the database.
            embedder: turns chunks into vectors.
            tenant: whose documents.
        """
        self._connections = connections
        self._embedder = embedder
        self._tenant = tenant
        self._vectors: dict[bytes, Sequence[float]] = {}
        self._usage = Usage()

    def store(self, documents: Sequence[NewDocument], *, deadline: Deadline) -> StoredDocuments:
        """Store documents, all of them or none.

        Vectors are made before the transaction begins: no lock and no connection waits for a
        model.

        Args:
            documents: no two with the same id.
            deadline: when the answer must be ready.

        Returns:
            What became of each, in their order.

        Raises:
            MissingVectors: other requests kept replacing the same documents.
            ModelError: of embedding; nothing was stored.
            DeadlineExceeded: nothing was stored.
            psycopg.Error: nothing was stored.
        """
        prepared = [self._prepare(document) for document in documents]
        for attempt in range(1, _ATTEMPTS + 1):
            new = self._embed_new(prepared, deadline)
            deadline.require(_SAVE_SECONDS, "storing the documents")
            try:
                with self._connections.use(deadline) as connection:
                    changed = DocumentStore(connection, self._tenant).save(
                        prepared, self._vectors, self._embedder.model_id
                    )
            except MissingVectors:
                if attempt == _ATTEMPTS:
                    raise
                continue
            return self._report(prepared, changed, new)
        raise AssertionError  # the last attempt returns or raises

    def _prepare(self, document: NewDocument) -> PreparedDocument:
        chunks = [
            PreparedChunk(content_hash=self._hash(document.title, text), content=text)
            for text in chunk(document.text)
        ]
        return PreparedDocument(
            id=document.id or _derived_id(document),
            title=document.title,
            source_uri=document.source_uri,
            metadata=dict(document.metadata),
            content_hash=_digest(*(piece.content_hash for piece in chunks)),
            chunks=chunks,
        )

    def _hash(self, title: str, text: str) -> bytes:
        # The model is part of it: after a change of models all chunks are embedded anew.
        return _digest(self._embedder.model_id.encode(), _embedded_text(title, text).encode())

    @TRACER.capture_method(capture_response=False, capture_error=False)
    def _embed_new(
        self, documents: Sequence[PreparedDocument], deadline: Deadline
    ) -> dict[str, int]:
        """Embed chunks that are neither stored nor embedded yet; return how many by document."""
        with self._connections.use(deadline) as connection:
            store = DocumentStore(connection, self._tenant)
            stored = store.chunk_hashes([document.id for document in documents])
        counts: dict[str, int] = {}
        texts: dict[bytes, str] = {}
        for document in documents:
            known = stored.get(document.id, set())
            new = [piece for piece in document.chunks if piece.content_hash not in known]
            counts[document.id] = len(new)
            for piece in new:
                if piece.content_hash not in self._vectors:
                    texts[piece.content_hash] = _embedded_text(document.title, piece.content)
        if texts:
            embeddings = self._embedder.embed_documents(list(texts.values()), deadline=deadline)
            self._vectors.update(zip(texts, embeddings.vectors, strict=True))
            self._usage += embeddings.usage
        return counts

    def _report(
        self,
        documents: Sequence[PreparedDocument],
        changed: dict[str, bool],
        new: dict[str, int],
    ) -> StoredDocuments:
        return StoredDocuments(
            documents=[
                StoredDocument(
                    id=document.id,
                    status=_status(changed.get(document.id)),
                    chunks=len(document.chunks),
                    embedded=new[document.id],
                )
                for document in documents
            ],
            usage=EmbeddingUsage(input_tokens=self._usage.input_tokens),
        )


def document_ids(documents: Sequence[NewDocument]) -> list[str]:
    """Return the ids under which documents will be stored.

    Args:
        documents: any.

    Returns:
        Their ids, given or derived.
    """
    return [document.id or _derived_id(document) for document in documents]


def _derived_id(document: NewDocument) -> str:
    if document.source_uri is not None:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, document.source_uri))
    content = _digest(document.title.encode(), document.text.encode())
    return str(uuid.UUID(bytes=content[:16]))


def _embedded_text(title: str, text: str) -> str:
    # A chunk from the middle of a page rarely says what the page is about; its title does.
    return f"{title}\n\n{text}"


def _digest(*parts: bytes) -> bytes:
    digest = hashlib.sha256()
    for part in parts:
        # With its length, so that moving bytes from one part to the next changes the hash.
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def _status(is_new: bool | None) -> str:
    if is_new is None:
        return "unchanged"
    return "created" if is_new else "updated"
