"""A tenant's documents in the database. Every statement names the tenant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb
from psycopg.types.numeric import Int4

from .database import Connection
from .filters import Conditions
from .vectors import HalfVector

Metadata = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class PreparedChunk:
    """A chunk before it is stored.

    Attributes:
        content_hash: of the model and of the text that it embeds.
        content: the text.
    """

    content_hash: bytes
    content: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PreparedDocument:
    """A document before it is stored.

    Attributes:
        id: unique for its tenant.
        title: of the document.
        source_uri: where it comes from.
        metadata: names to text, numbers or booleans.
        content_hash: of all its chunks.
        chunks: in order, no two with the same hash.
    """

    id: str
    title: str
    source_uri: str | None
    metadata: Metadata
    content_hash: bytes
    chunks: Sequence[PreparedChunk]


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentRow:
    """A stored document.

    Attributes:
        id: unique for its tenant.
        title: of the document.
        source_uri: where it comes from.
        metadata: names to text, numbers or booleans.
        chunk_count: how many chunks it has.
        created_at: when it was first stored.
        updated_at: when it last changed.
    """

    id: str
    title: str
    source_uri: str | None
    metadata: Metadata
    chunk_count: int
    created_at: datetime
    updated_at: datetime


class MissingVectors(Exception):
    """A concurrent request deleted chunks that this one wanted to keep; nothing was stored."""


_COLUMNS = "id, title, source_uri, metadata, chunk_count, created_at, updated_at"

_UPSERT = """
    INSERT INTO app.documents AS stored
        (tenant, id, title, source_uri, metadata, content_hash, chunk_count)
    SELECT %s, * FROM unnest(%s::text[], %s::text[], %s::text[], %s::jsonb[], %s::bytea[], %s::int[])
    ON CONFLICT (tenant, id) DO UPDATE SET
        title = excluded.title, source_uri = excluded.source_uri, metadata = excluded.metadata,
        content_hash = excluded.content_hash, chunk_count = excluded.chunk_count, updated_at = now()
    WHERE (stored.title, stored.source_uri, stored.metadata, stored.content_hash)
        IS DISTINCT FROM
        (excluded.title, excluded.source_uri, excluded.metadata, excluded.content_hash)
    RETURNING id, xmax = 0"""

_HASHES = """
    SELECT document_id, content_hash FROM app.chunks WHERE tenant = %s AND document_id = ANY(%s)"""

_REMOVE = """
    DELETE FROM app.chunks USING unnest(%s::text[], %s::bytea[]) AS old (document_id, content_hash)
    WHERE tenant = %s AND chunks.document_id = old.document_id
        AND chunks.content_hash = old.content_hash"""

_MOVE = """
    UPDATE app.chunks SET position = moved.position
    FROM unnest(%s::text[], %s::bytea[], %s::int[]) AS moved (document_id, content_hash, position)
    WHERE tenant = %s AND chunks.document_id = moved.document_id
        AND chunks.content_hash = moved.content_hash AND chunks.position <> moved.position"""

_ADD = """
    COPY app.chunks
        (tenant, document_id, content_hash, position, title, content, embedding_model, embedding)
    FROM STDIN (FORMAT binary)"""


class DocumentStore:
    """The documents of one tenant.

    Attributes:
        tenant: whose.
    """

    def __init__(self, connection: Connection, tenant: str) -> None:
        """Work on a connection.

        Args:
            connection: in autocommit mode, as the application's role.
            tenant: whose documents.
        """
        self._connection = connection
        self.tenant = tenant

    def chunk_hashes(self, document_ids: Sequence[str]) -> dict[str, set[bytes]]:
        """Return which chunks are stored.

        Args:
            document_ids: of which documents.

        Returns:
            Hashes by document; documents that aren't stored are missing.
        """
        found: dict[str, set[bytes]] = {}
        rows = self._connection.execute(_HASHES, [self.tenant, list(document_ids)])
        for document_id, content_hash in rows:
            found.setdefault(document_id, set()).add(content_hash)
        return found

    def save(
        self,
        documents: Sequence[PreparedDocument],
        vectors: dict[bytes, Sequence[float]],
        embedding_model: str,
    ) -> dict[str, bool]:
        """Store documents, all of them or none, so that each has exactly its chunks.

        Args:
            documents: no two with the same id.
            vectors: of the chunks that aren't stored yet, by hash.
            embedding_model: which model made them.

        Returns:
            Ids of documents that changed, and whether they are new.

        Raises:
            MissingVectors: a concurrent request deleted chunks.
        """
        # Always in the same order, so that concurrent requests cannot lock each other out.
        ordered = sorted(documents, key=lambda document: document.id)
        with self._connection.transaction():
            changed = self._upsert(ordered)
            touched = [document for document in ordered if document.id in changed]
            if touched:
                self._replace_chunks(touched, vectors, embedding_model)
        return changed

    def _upsert(self, documents: Sequence[PreparedDocument]) -> dict[str, bool]:
        # Rows that do not change are locked too, but not returned.
        rows = self._connection.execute(
            _UPSERT,
            [
                self.tenant,
                [document.id for document in documents],
                [document.title for document in documents],
                [document.source_uri for document in documents],
                [Jsonb(document.metadata) for document in documents],
                [document.content_hash for document in documents],
                [len(document.chunks) for document in documents],
            ],
        )
        return {document_id: bool(is_new) for document_id, is_new in rows}

    def _replace_chunks(
        self,
        documents: Sequence[PreparedDocument],
        vectors: dict[bytes, Sequence[float]],
        embedding_model: str,
    ) -> None:
        stored = self.chunk_hashes([document.id for document in documents])
        old: list[tuple[str, bytes]] = []
        kept: list[tuple[str, bytes, int]] = []
        new: list[tuple[PreparedDocument, PreparedChunk, int]] = []
        for document in documents:
            known = stored.get(document.id, set())
            needed = {chunk.content_hash for chunk in document.chunks}
            old += [(document.id, content_hash) for content_hash in known - needed]
            for position, chunk in enumerate(document.chunks):
                if chunk.content_hash in known:
                    kept.append((document.id, chunk.content_hash, position))
                elif chunk.content_hash in vectors:
                    new.append((document, chunk, position))
                else:
                    raise MissingVectors
        if old:
            self._connection.execute(_REMOVE, [*_columns(old, 2), self.tenant])
        if kept:
            self._connection.execute(_MOVE, [*_columns(kept, 3), self.tenant])
        self._add(new, vectors, embedding_model)

    def _add(
        self,
        chunks: Sequence[tuple[PreparedDocument, PreparedChunk, int]],
        vectors: dict[bytes, Sequence[float]],
        embedding_model: str,
    ) -> None:
        if not chunks:
            return
        with self._connection.cursor() as cursor, cursor.copy(_ADD) as copy:
            for document, chunk, position in chunks:
                copy.write_row(
                    (
                        self.tenant,
                        document.id,
                        chunk.content_hash,
                        Int4(position),  # binary COPY casts nothing
                        document.title,
                        chunk.content,
                        embedding_model,
                        HalfVector(vectors[chunk.content_hash]),
                    )
                )

    def get(self, document_id: str) -> DocumentRow | None:
        """Return a document, or None if there is none."""
        return self._documents.execute(
            f"SELECT {_COLUMNS} FROM app.documents WHERE tenant = %s AND id = %s",  # noqa: S608
            [self.tenant, document_id],
        ).fetchone()

    def delete(self, document_id: str) -> bool:
        """Delete a document with its chunks.

        Returns:
            Whether it was there.
        """
        done = self._connection.execute(
            "DELETE FROM app.documents WHERE tenant = %s AND id = %s", [self.tenant, document_id]
        )
        return done.rowcount > 0

    def page(
        self, conditions: Conditions, after: tuple[datetime, str] | None, limit: int
    ) -> list[DocumentRow]:
        """Return documents, newest first.

        Args:
            conditions: which documents.
            after: time of creation and id of the last document of the page before.
            limit: how many at most.
        """
        parameters: dict[str, Any] = {"tenant": self.tenant, "limit": limit}
        parameters |= conditions.parameters
        text = f"SELECT {_COLUMNS} FROM app.documents AS d WHERE tenant = %(tenant)s"  # noqa: S608
        text += conditions.sql
        if after is not None:
            text += " AND (created_at, id) < (%(created_at)s, %(id)s)"
            parameters |= {"created_at": after[0], "id": after[1]}
        text += " ORDER BY created_at DESC, id DESC LIMIT %(limit)s"
        return self._documents.execute(text.encode(), parameters).fetchall()

    @property
    def _documents(self) -> psycopg.Cursor[DocumentRow]:
        return self._connection.cursor(row_factory=class_row(DocumentRow))


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [[row[index] for row in rows] for index in range(width)]
