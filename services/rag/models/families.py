"""Embedding models on Amazon Bedrock: the form of each family's requests and responses.

Sources: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed-v3.html,
model-parameters-embed-v4.html and model-parameters-titan-embed-text.html.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ..contract import EMBEDDING_DIMENSIONS
from .interface import ModelRefused

InputType = Literal["search_document", "search_query"]

_COHERE_BATCH = 96


@dataclass(frozen=True, kw_only=True, slots=True)
class Family:
    """Models whose requests and responses have the same form.

    Attributes:
        batch: texts that one call takes.
        body: makes a request of texts, input type and dimension.
        vectors: reads the vectors of a response; ``LookupError`` or ``TypeError`` if there are
            none.
    """

    batch: int
    body: Callable[[Sequence[str], InputType, int], dict[str, Any]]
    vectors: Callable[[Any], Any]


def _cohere_v3_body(texts: Sequence[str], input_type: InputType, _dimension: int) -> dict[str, Any]:
    # It reads 512 tokens, which can be fewer than 2,048 characters; END cuts a text off there.
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


_COHERE_V3 = Family(batch=_COHERE_BATCH, body=_cohere_v3_body, vectors=_cohere_vectors)

_FAMILIES = {
    "cohere.embed-multilingual-v3": _COHERE_V3,
    "cohere.embed-english-v3": _COHERE_V3,
    "cohere.embed-v4": Family(batch=_COHERE_BATCH, body=_cohere_v4_body, vectors=_cohere_vectors),
    "amazon.titan-embed-text-v2": Family(
        batch=1, body=_titan_v2_body, vectors=lambda answer: [answer["embedding"]]
    ),
}
"""By model, without the version that follows a colon."""

_DIMENSIONS = {
    model.partition(":")[0]: dimensions for model, dimensions in EMBEDDING_DIMENSIONS.items()
}

_ID = re.compile(r"(?:.*/)?(?:[a-z-]+\.)?(?P<model>(?:cohere|amazon)\.[^/:]+)(?::[^/]*)?")
"""A model's id, behind the area of an inference profile such as ``apac.``, or in an ARN."""


def family_of(model_id: str, dimension: int) -> Family:
    """Return the family of a model.

    Args:
        model_id: id or ARN of a model or of a cross-region inference profile.
        dimension: numbers in a vector.

    Returns:
        Its family.

    Raises:
        ModelRefused: if the model is unknown, or it makes no vectors of that length.
    """
    found = _ID.fullmatch(model_id)
    model = found["model"] if found else ""
    family = _FAMILIES.get(model)
    if family is None:
        *models, last = _FAMILIES
        raise ModelRefused(
            f"{model_id} is no known embedding model: use {', '.join(models)} or {last}"
        )
    if dimension not in _DIMENSIONS[model]:
        allowed = ", ".join(map(str, _DIMENSIONS[model]))
        raise ModelRefused(f"{model_id} makes vectors of {allowed}, not of {dimension}")
    return family
