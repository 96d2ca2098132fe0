"""Search and question answering for one tenant."""

from __future__ import annotations

from collections.abc import Sequence

from .connections import Connections
from .deadline import Deadline
from .filters import of_filter
from .models import Answer, Answerer, Embedder, Passage, Usage
from .retrieval import Hit, Mode, search
from .schemas import (
    Answered,
    AnswerUsage,
    Chunk,
    Citation,
    EmbeddingUsage,
    Explanation,
    Filter,
    Query,
    Result,
    Results,
    Search,
    TextMatch,
    VectorMatch,
)
from .telemetry import TRACER

_NO_VECTOR = (1.0,)


class QueryEngine:
    """Searches the documents of one tenant, and answers from them."""

    def __init__(
        self,
        connections: Connections,
        embedder: Embedder,
        answerer: Answerer,
        *,
        tenant: str,
        minimum_similarity: float,
        max_tokens: int,
    ) -> None:
        """Keep what searching and answering need.

        Args:
            connections: to the database.
            embedder: turns questions into vectors.
            answerer: writes answers.
            tenant: whose documents.
            minimum_similarity: cosine below which a chunk found by meaning alone is not relevant.
            max_tokens: how long an answer may be.
        """
        self._connections = connections
        self._embedder = embedder
        self._answerer = answerer
        self._tenant = tenant
        self._minimum_similarity = minimum_similarity
        self._max_tokens = max_tokens

    def search(self, request: Search, *, deadline: Deadline) -> Results:
        """Find chunks.

        Args:
            request: what to search for.
            deadline: when the answer must be ready.

        Returns:
            What was found, best first.

        Raises:
            ModelError: of embedding.
            DeadlineExceeded: it took too long.
            psycopg.Error: of the database.
        """
        hits, usage = self._retrieve(
            request.query, request.mode, request.filter, request.top_k, deadline
        )
        return Results(
            results=[_result(hit) for hit in hits],
            usage=EmbeddingUsage(input_tokens=usage.input_tokens),
        )

    def query(self, request: Query, *, deadline: Deadline) -> Answered:
        """Answer from the documents, or say that they don't hold the answer.

        Args:
            request: what to answer.
            deadline: when the answer must be ready.

        Returns:
            The answer with the chunks it rests on.

        Raises:
            ModelError: of embedding or answering.
            DeadlineExceeded: it took too long.
            psycopg.Error: of the database.
        """
        hits, usage = self._retrieve(
            request.question, "hybrid", request.filter, request.top_k, deadline
        )
        relevant = [hit for hit in hits if hit.is_relevant(self._minimum_similarity)]
        if not relevant:
            # A model is not called: it could only invent an answer.
            return _unanswered(
                "not_in_documents",
                AnswerUsage(embedding_tokens=usage.input_tokens, input_tokens=0, output_tokens=0),
                None,
            )
        answer = self._generate(request.question, relevant, deadline)
        tokens = AnswerUsage(
            embedding_tokens=usage.input_tokens,
            input_tokens=answer.usage.input_tokens,
            output_tokens=answer.usage.output_tokens,
        )
        if answer.stop == "guardrail":
            return _unanswered("guardrail", tokens, self._answerer.model_id)
        if not answer.found:
            return _unanswered("not_in_documents", tokens, self._answerer.model_id)
        return Answered(
            answered=True,
            answer=answer.text,
            reason=None,
            truncated=answer.stop == "max_tokens",
            citations=[_citation(number, relevant[number - 1]) for number in answer.cited],
            usage=tokens,
            model=self._answerer.model_id,
        )

    @TRACER.capture_method(capture_response=False, capture_error=False)
    def _retrieve(
        self, text: str, mode: Mode, documents: Filter, top_k: int, deadline: Deadline
    ) -> tuple[list[Hit], Usage]:
        vector: Sequence[float] = _NO_VECTOR
        usage = Usage()
        if mode != "text":
            embeddings = self._embedder.embed_query(text, deadline=deadline)
            (vector,), usage = embeddings.vectors, embeddings.usage
        with self._connections.use(deadline) as connection:
            hits = search(
                connection,
                tenant=self._tenant,
                query=text,
                vector=vector,
                embedding_model=self._embedder.model_id,
                mode=mode,
                conditions=of_filter(documents),
                top_k=top_k,
            )
        return hits, usage

    @TRACER.capture_method(capture_response=False, capture_error=False)
    def _generate(self, question: str, hits: Sequence[Hit], deadline: Deadline) -> Answer:
        return self._answerer.answer(
            question,
            [Passage(title=hit.title, text=hit.content) for hit in hits],
            max_tokens=self._max_tokens,
            deadline=deadline,
        )


def _unanswered(reason: str, usage: AnswerUsage, model: str | None) -> Answered:
    return Answered(
        answered=False,
        answer=None,
        reason=reason,
        truncated=False,
        citations=[],
        usage=usage,
        model=model,
    )


def _chunk(hit: Hit) -> Chunk:
    return Chunk(id=hit.content_hash.hex()[:32], position=hit.position, text=hit.content)


def _citation(number: int, hit: Hit) -> Citation:
    return Citation(
        number=number,
        document_id=hit.document_id,
        title=hit.title,
        source_uri=hit.source_uri,
        chunk=_chunk(hit),
    )


def _result(hit: Hit) -> Result:
    vector = text = None
    if hit.vector_rank is not None and hit.similarity is not None:
        vector = VectorMatch(rank=hit.vector_rank, similarity=round(hit.similarity, 4))
    if hit.text_rank is not None and hit.text_score is not None:
        text = TextMatch(
            rank=hit.text_rank, score=round(hit.text_score, 6), all_words=bool(hit.all_words)
        )
    return Result(
        document_id=hit.document_id,
        title=hit.title,
        source_uri=hit.source_uri,
        metadata=hit.metadata,
        chunk=_chunk(hit),
        score=round(hit.score, 6),
        explanation=Explanation(vector=vector, text=text),
    )
