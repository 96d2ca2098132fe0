"""The forms of requests and answers. The OpenAPI document is made from them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Json, model_validator

MAX_DOCUMENTS = 500
"""In one request: all of them are stored, or none."""

# PostgreSQL's text holds no NUL, and blank text means nothing.
_NOT_BLANK = r"^[^\x00]*[^\s\x00][^\x00]*$"
_NO_NUL = r"^[^\x00]*$"

_ID = r"^[A-Za-z0-9][A-Za-z0-9._~-]{0,127}$"

PATTERNS = {
    _NOT_BLANK: "must not be blank or hold a NUL character",
    _NO_NUL: "must hold no NUL character",
    _ID: "must be letters, digits and . _ ~ -, at most 128, beginning with a letter or digit",
}
"""What each pattern requires, in words."""

Id = Annotated[str, Field(pattern=_ID, description="letters, digits and . _ ~ -, at most 128")]
Title = Annotated[str, Field(min_length=1, max_length=500, pattern=_NOT_BLANK)]
SourceUri = Annotated[str, Field(min_length=1, max_length=2000, pattern=_NO_NUL)]
Question = Annotated[str, Field(min_length=1, max_length=2000, pattern=_NOT_BLANK)]
Name = Annotated[str, Field(min_length=1, max_length=64, pattern=_NO_NUL)]
Value = (
    Annotated[str, Field(max_length=500, pattern=_NO_NUL)]
    | bool
    | int
    | Annotated[float, Field(allow_inf_nan=False)]
)
Metadata = Annotated[
    dict[Name, Value],
    Field(
        max_length=32,
        description="names to text, numbers or booleans",
        # A name that the pattern does not match is none.
        json_schema_extra={"additionalProperties": False},
    ),
]


def _without_fraction(value: object) -> object:
    """Take 5.0 for 5, as JSON Schema does: some clients know no other numbers."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


WholeNumber = Annotated[int, BeforeValidator(_without_fraction)]


class _RequestModel(BaseModel):
    # Strict: "1" is no number. An unknown member is a caller's mistake that would go unnoticed.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class NewDocument(_RequestModel):
    """A document to store."""

    id: Id | None = Field(
        default=None,
        description="yours; without one it follows from source_uri, or else from title and text",
    )
    title: Title
    text: Annotated[str, Field(min_length=1, pattern=_NOT_BLANK)] = Field(
        description="plain text or Markdown"
    )
    source_uri: SourceUri | None = Field(default=None, description="where it comes from")
    metadata: Metadata = Field(default_factory=dict)


class NewDocuments(_RequestModel):
    """Documents to store: all of them, or none."""

    documents: list[NewDocument] = Field(min_length=1, max_length=MAX_DOCUMENTS)

    @model_validator(mode="before")
    @classmethod
    def _wrap_one(cls, data: object) -> object:
        """Take a document by itself for a list of one."""
        if isinstance(data, dict) and "documents" not in data:
            return {"documents": [data]}
        return data


class Filter(_RequestModel):
    """Which documents count; a document must meet all of it."""

    document_ids: list[Id] | None = Field(default=None, min_length=1, max_length=100)
    source_uri: SourceUri | None = None
    metadata: Metadata | None = Field(default=None, description="names and values that must match")


class Search(_RequestModel):
    """What to search for."""

    query: Question
    top_k: WholeNumber = Field(default=10, ge=1, le=50, description="how many chunks to return")
    mode: Literal["hybrid", "vector", "text"] = "hybrid"
    filter: Filter = Field(default_factory=Filter)


class Query(_RequestModel):
    """What to answer."""

    question: Question
    top_k: WholeNumber = Field(
        default=6, ge=1, le=20, description="how many chunks the model reads"
    )
    filter: Filter = Field(default_factory=Filter)


class ListDocuments(_RequestModel):
    """Query parameters of a list."""

    limit: int = Field(default=20, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=500, description="next of the last page")
    title: Title | None = Field(default=None, description="part of the title, in any case")
    source_uri: SourceUri | None = None
    metadata: Json[Metadata] | None = Field(
        default=None, description="JSON object of names and values that must match"
    )


class _ResponseModel(BaseModel):
    model_config = ConfigDict(frozen=True)


class StoredDocument(_ResponseModel):
    """What became of a document."""

    id: str
    status: Literal["created", "updated", "unchanged"]
    chunks: int = Field(description="chunks that it has now")
    embedded: int = Field(description="chunks that were new and had to be embedded")


class EmbeddingUsage(_ResponseModel):
    """What embedding used."""

    input_tokens: int


class StoredDocuments(_ResponseModel):
    """What became of the documents, in the order of the request."""

    documents: list[StoredDocument]
    usage: EmbeddingUsage


class Document(_ResponseModel):
    """A stored document."""

    id: str
    title: str
    source_uri: str | None
    metadata: dict[str, str | bool | int | float]
    chunks: int
    created_at: datetime
    updated_at: datetime


class Documents(_ResponseModel):
    """A page of documents, newest first."""

    documents: list[Document]
    next: str | None = Field(description="cursor of the next page; null on the last one")


class Chunk(_ResponseModel):
    """A piece of a document."""

    id: str = Field(description="changes with its text")
    position: int = Field(description="its place in the document, from 0")
    text: str


class VectorMatch(_ResponseModel):
    """Found by meaning."""

    rank: int
    similarity: float = Field(description="cosine, -1 to 1")


class TextMatch(_ResponseModel):
    """Found by words."""

    rank: int
    score: float = Field(description="PostgreSQL's ts_rank")
    all_words: bool = Field(description="whether it holds every word of the query")


class Explanation(_ResponseModel):
    """Where the score comes from: the sum of 1 / (60 + rank) over the two ways of finding."""

    vector: VectorMatch | None
    text: TextMatch | None


class Result(_ResponseModel):
    """A chunk that was found."""

    document_id: str
    title: str
    source_uri: str | None
    metadata: dict[str, str | bool | int | float]
    chunk: Chunk
    score: float
    explanation: Explanation


class Results(_ResponseModel):
    """What was found, best first."""

    results: list[Result]
    usage: EmbeddingUsage


class Citation(_ResponseModel):
    """The chunk behind a number in the answer."""

    number: int
    document_id: str
    title: str
    source_uri: str | None
    chunk: Chunk


class AnswerUsage(_ResponseModel):
    """What an answer used."""

    embedding_tokens: int
    input_tokens: int
    output_tokens: int


class Answered(_ResponseModel):
    """An answer, or that there is none in the documents."""

    answered: bool
    answer: str | None = Field(description="with numbers in brackets; null if there is none")
    reason: Literal["not_in_documents", "guardrail"] | None = Field(
        description="why there is no answer"
    )
    truncated: bool = Field(description="whether the answer reached its longest length")
    citations: list[Citation]
    usage: AnswerUsage
    model: str | None = Field(description="the model that was asked; null if none was")


class Check(_ResponseModel):
    """One thing that the API depends on."""

    status: Literal["ok", "unavailable"]
    latency_ms: int
    cause: str | None = None


class Checks(_ResponseModel):
    """What the API depends on."""

    database: Check
    models: Check


class Health(_ResponseModel):
    """Whether the API works."""

    status: Literal["ok", "unavailable"]
    version: str = Field(description="Lambda's number of the published code")
    checks: Checks


class ProblemDetail(_ResponseModel):
    """One thing that is wrong with a request."""

    pointer: str
    detail: str


class ProblemDetails(_ResponseModel):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    errors: list[ProblemDetail] | None = None
