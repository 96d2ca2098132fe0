"""Vectors from Amazon Bedrock."""

from __future__ import annotations

import json
import math
import re
import threading
from collections.abc import Sequence
from functools import partial
from typing import Any

from ..deadline import Deadline
from .failures import Failure, unreadable
from .families import InputType, family_of
from .interface import Embeddings, ModelRefused, Usage
from .parallel import run_all
from .retry import call

MAX_CHARACTERS = 2048
"""How long a text may be."""

_CONCURRENT_CALLS = 4
_MAX_CALL_SECONDS = 8.0
"""A batch takes about one. A call that takes longer is sent again."""

_TOKENS_HEADER = "x-amzn-bedrock-input-token-count"
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")


class BedrockEmbedder:
    """Turns text into vectors with InvokeModel."""

    def __init__(self, *, model_id: str, dimension: int, region: str) -> None:
        """Prepare; nothing is called yet.

        Args:
            model_id: id or ARN of a model or inference profile.
            dimension: numbers in a vector.
            region: where the model is called.

        Raises:
            ModelRefused: if the model is unknown or makes no such vectors.
        """
        self._family = family_of(model_id, dimension)
        self._model_id = model_id
        self._dimension = dimension
        self._region = region

    @property
    def model_id(self) -> str:
        """The model: vectors of two models can't be compared."""
        return self._model_id

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return self._dimension

    def embed_documents(self, texts: Sequence[str], *, deadline: Deadline) -> Embeddings:
        """Embed what will be searched, in batches, four of them at once.

        Args:
            texts: any number, each of 1 to 2,048 characters.
            deadline: when the caller stops waiting.

        Returns:
            The vectors, in the order of the texts.

        Raises:
            ModelError: one of its kinds. No further batch is started after the first failure.
        """
        for number, text in enumerate(texts, start=1):
            if not 1 <= len(text) <= MAX_CHARACTERS:
                raise ModelRefused(
                    f"text {number} has {len(text)} characters; 1 to {MAX_CHARACTERS} are allowed"
                )
        return self._embed(texts, "search_document", deadline)

    def embed_query(self, text: str, *, deadline: Deadline) -> Embeddings:
        """Embed what is searched for.

        Args:
            text: at least 1 character; what comes after the first 2,048 is cut off.
            deadline: when the caller stops waiting.

        Returns:
            One vector.

        Raises:
            ModelError: one of its kinds.
        """
        return self._embed([text[:MAX_CHARACTERS]], "search_query", deadline)

    def _embed(self, texts: Sequence[str], input_type: InputType, deadline: Deadline) -> Embeddings:
        size = self._family.batch
        batches = [texts[start : start + size] for start in range(0, len(texts), size)]
        parts = run_all(
            [partial(self._embed_batch, batch, input_type, deadline) for batch in batches],
            deadline=deadline,
            at_most=_CONCURRENT_CALLS,
        )
        return Embeddings(
            vectors=[vector for part in parts for vector in part.vectors],
            usage=sum((part.usage for part in parts), Usage()),
        )

    def _embed_batch(
        self,
        texts: Sequence[str],
        input_type: InputType,
        deadline: Deadline,
        cancelled: threading.Event,
    ) -> Embeddings:
        # UTF-8 has no lone surrogates, and Bedrock would refuse the whole batch for one.
        clean = [_LONE_SURROGATES.sub("\ufffd", text) for text in texts]
        body = json.dumps(self._family.body(clean, input_type, self._dimension))
        return call(
            partial(self._send, body, len(texts)),
            region=self._region,
            deadline=deadline,
            cancelled=cancelled,
            max_seconds=_MAX_CALL_SECONDS,
        )

    def _send(self, body: str, count: int, client: Any) -> Embeddings:
        response = client.invoke_model(
            modelId=self._model_id,
            body=body,
            contentType="application/json",
            accept="application/json",
        )
        try:
            answer = json.loads(response["body"].read())
        except ValueError:
            answer = None
        if answer is None:
            raise unreadable()
        headers = response["ResponseMetadata"]["HTTPHeaders"]
        tokens = headers.get(_TOKENS_HEADER, "")
        return Embeddings(
            vectors=self._checked(answer, count),
            usage=Usage(input_tokens=int(tokens) if tokens.isdecimal() else 0),
        )

    def _checked(self, answer: Any, count: int) -> list[list[float]]:
        try:
            vectors: list[list[float]] = self._family.vectors(answer)
            lengths = [len(vector) for vector in vectors]
            are_finite = all(math.isfinite(number) for vector in vectors for number in vector)
        except (LookupError, TypeError, OverflowError):
            raise self._wrong("the answer holds no vectors") from None
        if len(vectors) != count:
            raise self._wrong(f"{count} texts gave {len(vectors)} vectors")
        for length in lengths:
            if length != self._dimension:
                raise self._wrong(f"a vector has {length} numbers instead of {self._dimension}")
        if not are_finite:
            raise self._wrong("a vector holds a number that is not finite")
        return vectors

    def _wrong(self, what: str) -> Failure:
        return Failure(ModelRefused(f"{self._model_id}: {what}"))
