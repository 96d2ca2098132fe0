"""Embedding models on Amazon Bedrock: what each family wants to be sent, and what it answers.

Sources: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed-v3.html,
model-parameters-embed-v4.html and model-parameters-titan-embed-text.html.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .interface import ModelRefused

InputType = Literal["search_document", "search_query"]

_COHERE_BATCH = 96


@dataclass(frozen=True, kw_only=True, slots=True)
class Family:
    """Models that speak alike.

    Attributes:
        batch: texts that one call takes.
        dimensions: lengths of vectors to choose from.
        body: what to send, of texts, input type and dimension.
        vectors: finds the vectors in the answer; ``LookupError`` or ``TypeError`` if there are
            none.
    """

    batch: int
    dimensions: tuple[int, ...]
    body: Callable[[Sequence[str], InputType, int], dict[str, Any]]
    vectors: Callable[[Any], Any]


def _cohere_v3_body(texts: Sequence[str], input_type: InputType, _dimension: int) -> dict[str, Any]:
    # It reads 512 tokens, which can be fewer than 2,048 characters: better cut than refused.
    return {"texts": list(texts), "input_type": input_type, "truncate": "END"}


def _cohere_v4_body(texts: Sequence[str], input_type: InputType, dimension: int) -> dict[str, Any]:
    # It reads 128,000 tokens, so there is nothing to truncate.
    return {
        "texts": list(texts),
        "input_type": input_type,
        "embedding_types": ["float"],
        "output_dimension": dimension,
    }


def _titan_v2_body(texts: Sequence[str], _input_type: InputType, dimension: int) -> dict[str, Any]:
    (text,) = texts
    return {"inputText": text, "dimensions": dimension, "normalize": True}


def _cohere_vectors(answer: Any) -> Any:
    vectors = answer["embeddings"]
    # By type, where a type was asked for.
    return vectors["float"] if isinstance(vectors, dict) else vectors


_FAMILIES = (
    (
        re.compile(r"cohere\.embed-(multilingual|english)-v3"),
        Family(
            batch=_COHERE_BATCH,
            dimensions=(1024,),
            body=_cohere_v3_body,
            vectors=_cohere_vectors,
        ),
    ),
    (
        re.compile(r"cohere\.embed-v4"),
        Family(
            batch=_COHERE_BATCH,
            dimensions=(256, 512, 1024, 1536),
            body=_cohere_v4_body,
            vectors=_cohere_vectors,
        ),
    ),
    (
        re.compile(r"amazon\.titan-embed-text-v2"),
        Family(
            batch=1,
            dimensions=(256, 512, 1024),
            body=_titan_v2_body,
            vectors=lambda answer: [answer["embedding"]],
        ),
    ),
)

_ID = re.compile(r"(?:.*/)?(?:[a-z-]+\.)?(?P<model>(?:cohere|amazon)\.[^/]+)")
"""A model's id, behind an inference profile's area such as ``apac.`` or in an ARN."""


def family_of(model_id: str, dimension: int) -> Family:
    """Return what a model wants to be sent.

    Args:
        model_id: id or ARN of a model or of a cross-region inference profile.
        dimension: numbers in a vector.

    Returns:
        Its family.

    Raises:
        ModelRefused: if nobody taught us the model, or it makes no vectors of that length.
    """
    found = _ID.fullmatch(model_id)
    model = found["model"] if found else ""
    for pattern, family in _FAMILIES:
        # Not more than that: embed-v40 would be another model.
        if re.match(rf"{pattern.pattern}(?![0-9a-z])", model):
            if dimension not in family.dimensions:
                allowed = ", ".join(map(str, family.dimensions))
                raise ModelRefused(f"{model_id} makes vectors of {allowed}, not of {dimension}")
            return family
    raise ModelRefused(
        f"{model_id} is no known embedding model: use cohere.embed-multilingual-v3,"
        " cohere.embed-english-v3, cohere.embed-v4 or amazon.titan-embed-text-v2"
    )
