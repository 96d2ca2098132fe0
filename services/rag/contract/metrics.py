"""The metrics that the service writes into its log, from which CloudWatch takes them."""

from __future__ import annotations

from enum import StrEnum

NAMESPACE = "MapVibe"
SERVICE = "rag"
"""The value of the dimension ``service``."""

SERVICE_DIMENSION = "service"
ROUTE_DIMENSION = "route"
"""Its values are the keys of the routes, and ``UNKNOWN_ROUTE``."""

UNKNOWN_ROUTE = "unknown"


class Metric(StrEnum):
    """Names of metrics. Each has both dimensions."""

    LATENCY = "Latency"
    """Of the handler, milliseconds."""

    THROTTLED = "Throttled"
    """1 where the model's quota made the answer a 429, else 0."""

    DOCUMENTS_CHANGED = "DocumentsChanged"
    CHUNKS_EMBEDDED = "ChunksEmbedded"
    EMBEDDING_TOKENS = "EmbeddingTokens"
    CHUNKS_FOUND = "ChunksFound"
    ANSWERED = "Answered"
    """1 where the documents held an answer, else 0."""

    ANSWER_INPUT_TOKENS = "AnswerInputTokens"
    ANSWER_OUTPUT_TOKENS = "AnswerOutputTokens"
