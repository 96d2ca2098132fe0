"""Hybrid search: by meaning and by words, fused by reciprocal rank, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from psycopg.rows import class_row

from .database import Connection
from .filters import Conditions
from .vectors import HalfVector

Mode = Literal["hybrid", "vector", "text"]

_CANDIDATES = 60
"""At least so many from each ranking: a chunk that is low in both may be high in the sum."""

_MATCHES = 1000
"""How many chunks ranking by words may read, as PostgreSQL's statistics estimate it. Chunks that
match only common words rank low, so that reading more takes time and finds nothing better."""

# One statement sees one state of the database: never half of a document that is being replaced.
#
# A chunk matches if it holds any word of the query (OR). It is fetched by the rarest words only: as
# many of them as together match at most _MATCHES chunks, by the shares in most_common_elems. All
# words of the query rank what was fetched. A chunk that holds every word (AND) is marked; fetching by
# the rarest word cannot miss it.
#
# The constant 60 is from Cormack, Clarke, Buettcher: Reciprocal Rank Fusion, SIGIR 2009.
_SEARCH = """
WITH common AS MATERIALIZED (
    SELECT word, share
    FROM pg_stats,
        unnest(most_common_elems::text::text[], most_common_elem_freqs) AS element (word, share)
    WHERE (schemaname, tablename, attname) = ('app', 'chunks', 'search') AND %(by_text)s
),
lexemes AS (
    SELECT lexeme, row_number() OVER rarest_first AS rarity,
        sum(coalesce(share, 0)) OVER rarest_first
            * (SELECT reltuples FROM pg_class WHERE oid = 'app.chunks'::regclass) AS matches
    FROM unnest(to_tsvector('app.content', %(query)s)) LEFT JOIN common ON word = lexeme
    WINDOW rarest_first AS (ORDER BY coalesce(share, 0), lexeme)
),
words AS MATERIALIZED (
    SELECT plainto_tsquery('app.content', %(query)s) AS every_word,
        replace(plainto_tsquery('app.content', %(query)s)::text, ' & ', ' | ')::tsquery AS any_word,
        replace(array_to_tsvector(array_agg(lexeme))::text, ''' ''', ''' | ''')::tsquery
            AS rare_word
    FROM lexemes WHERE rarity = 1 OR matches <= %(matches)s
),
nearest AS (
    SELECT c.document_id, c.content_hash, 1 - (c.embedding <=> %(vector)s::halfvec) AS similarity
    FROM app.chunks AS c{join}
    WHERE c.tenant = %(tenant)s AND c.embedding_model = %(model)s AND %(by_vector)s{conditions}
    ORDER BY c.embedding <=> %(vector)s::halfvec
    LIMIT %(candidates)s
),
by_vector AS (
    SELECT *, row_number() OVER (ORDER BY similarity DESC, document_id, content_hash) AS rank
    FROM nearest
),
matching AS (
    SELECT c.document_id, c.content_hash, ts_rank(c.search, words.any_word) AS score,
        c.search @@ words.every_word AS all_words
    FROM words, app.chunks AS c{join}
    WHERE c.tenant = %(tenant)s AND %(by_text)s AND c.search @@ words.rare_word{conditions}
    ORDER BY score DESC, c.document_id, c.content_hash
    LIMIT %(candidates)s
),
by_text AS (
    SELECT *, row_number() OVER (ORDER BY score DESC, document_id, content_hash) AS rank
    FROM matching
),
fused AS (
    SELECT document_id, content_hash, v.rank AS vector_rank, v.similarity, t.rank AS text_rank,
        t.score AS text_score, t.all_words,
        coalesce(1.0 / (60 + v.rank), 0) + coalesce(1.0 / (60 + t.rank), 0) AS score
    FROM by_vector AS v FULL JOIN by_text AS t USING (document_id, content_hash)
    ORDER BY score DESC, document_id, content_hash
    LIMIT %(top_k)s
)
SELECT f.document_id, d.title, d.source_uri, d.metadata, f.content_hash, c.position, c.content,
    f.score::float8 AS score, f.vector_rank, f.similarity, f.text_rank, f.text_score, f.all_words
FROM fused AS f
JOIN app.chunks AS c
    ON (c.tenant, c.document_id, c.content_hash) = (%(tenant)s, f.document_id, f.content_hash)
JOIN app.documents AS d ON (d.tenant, d.id) = (%(tenant)s, f.document_id)
ORDER BY f.score DESC, f.document_id, f.content_hash"""

_JOIN = " JOIN app.documents AS d ON d.tenant = c.tenant AND d.id = c.document_id"


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """A chunk that was found.

    Attributes:
        document_id: of its document.
        title: of its document.
        source_uri: of its document.
        metadata: of its document.
        content_hash: its own.
        position: in its document, from 0.
        content: its text.
        score: sum of 1 / (60 + rank).
        vector_rank: by meaning, from 1; None if it wasn't found so.
        similarity: cosine.
        text_rank: by words, from 1; None if it wasn't found so.
        text_score: PostgreSQL's ``ts_rank``.
        all_words: whether it holds every word of the query.
    """

    document_id: str
    title: str
    source_uri: str | None
    metadata: dict[str, Any]
    content_hash: bytes
    position: int
    content: str
    score: float
    vector_rank: int | None
    similarity: float | None
    text_rank: int | None
    text_score: float | None
    all_words: bool | None

    def is_relevant(self, minimum_similarity: float) -> bool:
        """Whether an answer may rest on it: it is close in meaning, or holds every word.

        Args:
            minimum_similarity: below which meaning alone is not enough.
        """
        return bool(self.all_words) or (
            self.similarity is not None and self.similarity >= minimum_similarity
        )


def search(
    connection: Connection,
    *,
    tenant: str,
    query: str,
    vector: Sequence[float],
    embedding_model: str,
    mode: Mode,
    conditions: Conditions,
    top_k: int,
) -> list[Hit]:
    """Find chunks.

    Args:
        connection: as the application's role.
        tenant: whose documents.
        query: the words.
        vector: the query's; any for the mode ``text``.
        embedding_model: which made it: vectors of another can't be compared with it.
        mode: by meaning, by words, or both.
        conditions: which documents count.
        top_k: how many to return.

    Returns:
        What was found, best first.
    """
    statement = _SEARCH.format(conditions=conditions.sql, join=_JOIN if conditions.sql else "")
    parameters = {
        **conditions.parameters,
        "tenant": tenant,
        "query": query,
        "vector": HalfVector(vector),
        "model": embedding_model,
        "by_vector": mode != "text",
        "by_text": mode != "vector",
        "matches": _MATCHES,
        "candidates": max(_CANDIDATES, 2 * top_k),
        "top_k": top_k,
    }
    cursor = connection.cursor(row_factory=class_row(Hit))
    return cursor.execute(statement.encode(), parameters).fetchall()
