"""InvokeModel of embedding models, in Cohere's and Titan's formats.

Sources: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed-v3.html,
model-parameters-embed-v4.html and model-parameters-titan-embed-text.html. Bedrock refuses more than
2,048 characters whatever `truncate` says.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from emulator.models import wire
from emulator.models.wire import Answer, Refusal
from services.rag.deadline import Deadline
from services.rag.models.bedrock import MAX_CHARACTERS
from services.rag.models.interface import Embedder, Embeddings, ModelTimeout

EmbedderOf = Callable[[int], Embedder]
"""Gives the embedder of a dimension."""

_SECONDS = 60.0
"""As long as Bedrock lets a model take."""

_MOST_TEXTS = 96
_INPUT_TYPES = ("search_document", "search_query", "classification", "clustering")
_TITAN_CHARACTERS = 50_000
_V4_CHARACTERS = 512_000  # 128,000 tokens


def invoke(model: str, body: dict[str, Any], embedder_of: EmbedderOf) -> Answer:
    """Answers a call.

    Args:
        model: its id, without geography or ARN.
        body: of the request.
        embedder_of: makes the vectors.

    Raises:
        Refusal: if Bedrock would refuse it.
    """
    for pattern, run in _FAMILIES:
        if pattern.fullmatch(model):
            return run(body, embedder_of)
    raise Refusal("The provided model identifier is invalid.")


def is_known(model: str) -> bool:
    """Whether this is a model that embeds."""
    return any(pattern.fullmatch(model) for pattern, _ in _FAMILIES)


def _cohere_v3(body: dict[str, Any], embedder_of: EmbedderOf) -> Answer:
    optional = ("truncate", "embedding_types")
    wire.check_keys(body, required=("texts", "input_type"), optional=optional)
    return _cohere(body, embedder_of(1024), MAX_CHARACTERS, by_type="embedding_types" in body)


def _cohere_v4(body: dict[str, Any], embedder_of: EmbedderOf) -> Answer:
    optional = ("truncate", "embedding_types", "output_dimension", "max_tokens")
    wire.check_keys(body, required=("texts", "input_type"), optional=optional)
    dimension = body.get("output_dimension", 1536)
    wire.check_choice(dimension, "#/output_dimension", (256, 512, 1024, 1536))
    return _cohere(body, embedder_of(dimension), _V4_CHARACTERS, by_type="embedding_types" in body)


def _cohere(body: dict[str, Any], embedder: Embedder, longest: int, *, by_type: bool) -> Answer:
    texts = body["texts"]
    if not isinstance(texts, list):
        raise wire.malformed("#/texts: expected type: JSONArray")
    if not 1 <= len(texts) <= _MOST_TEXTS:
        raise wire.malformed(f"#/texts: expected 1 to {_MOST_TEXTS} items, found {len(texts)}")
    for index, text in enumerate(texts):
        wire.check_text(text, f"#/texts/{index}", longest)
    wire.check_choice(body["input_type"], "#/input_type", _INPUT_TYPES)
    wire.check_choice(body.get("truncate", "NONE"), "#/truncate", ("NONE", "START", "END"))
    if by_type and body["embedding_types"] != ["float"]:
        raise wire.malformed("#/embedding_types: this stand-in only makes float")
    made = _embed(embedder, texts, is_query=body["input_type"] == "search_query")
    answer = {
        "embeddings": {"float": made.vectors} if by_type else made.vectors,
        "id": str(uuid.uuid4()),
        "response_type": "embeddings_by_type" if by_type else "embeddings_floats",
        "texts": texts,
    }
    return wire.answer(answer, _counted(made))


def _titan_v2(body: dict[str, Any], embedder_of: EmbedderOf) -> Answer:
    optional = ("dimensions", "normalize", "embeddingTypes")
    wire.check_keys(body, required=("inputText",), optional=optional)
    text = wire.check_text(body["inputText"], "#/inputText", _TITAN_CHARACTERS)
    dimensions = body.get("dimensions", 1024)
    wire.check_choice(dimensions, "#/dimensions", (256, 512, 1024))
    if body.get("embeddingTypes", ["float"]) != ["float"]:
        raise wire.malformed("#/embeddingTypes: this stand-in only makes float")
    made = _embed(embedder_of(dimensions), [text], is_query=False)
    (vector,) = made.vectors
    answer = {
        "embedding": vector,
        "embeddingsByType": {"float": vector},
        "inputTextTokenCount": made.usage.input_tokens,
    }
    return wire.answer(answer, _counted(made))


def _embed(embedder: Embedder, texts: Sequence[str], *, is_query: bool) -> Embeddings:
    deadline = Deadline.after(_SECONDS)
    short = [text[:MAX_CHARACTERS] for text in texts]  # no model here reads more
    try:
        if is_query and len(short) == 1:
            return embedder.embed_query(short[0], deadline=deadline)
        return embedder.embed_documents(short, deadline=deadline)
    except ModelTimeout:
        raise Refusal("The model timed out.", "ModelTimeoutException") from None


def _counted(made: Embeddings) -> tuple[str, str]:
    return "x-amzn-bedrock-input-token-count", str(made.usage.input_tokens)


_FAMILIES = (
    (re.compile(r"cohere\.embed-(?:multilingual|english)-v3(?::\d+(?::\d+k)?)?"), _cohere_v3),
    (re.compile(r"cohere\.embed-v4:0"), _cohere_v4),
    (re.compile(r"amazon\.titan-embed-text-v2:0(?::8k)?"), _titan_v2),
)
