"""The interfaces of models, whoever runs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from ..deadline import Deadline

StopReason = Literal["end", "max_tokens", "guardrail"]
"""Why a model stopped: the answer is complete, is as long as allowed, or a guardrail intervened."""


class ModelError(Exception):
    """A model call failed; the message holds no prompt, no document and no credentials."""


class ModelThrottled(ModelError):
    """The model's quota is used up, and retrying within the deadline did not help.

    Attributes:
        retry_after_seconds: when it may be worth trying again.
    """

    def __init__(self, message: str, *, retry_after_seconds: int) -> None:
        """Keep when to come back."""
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class ModelTimeout(ModelError):
    """The model did not answer before the deadline."""


class ModelUnavailable(ModelError):
    """The model or the connection to it is failing, and retrying within the deadline did not help."""


class ModelRefused(ModelError):
    """The call itself is wrong: no permission, no such model, an invalid request, a wrong answer.

    A retry would not help; somebody has to change a setting.
    """


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage:
    """What a request used.

    Attributes:
        input_tokens: tokens of the prompt, or of the texts that became vectors.
        output_tokens: tokens that the model wrote.
    """

    input_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        """Add up two calls."""
        return Usage(
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Embeddings:
    """Vectors, in the order of the texts.

    Attributes:
        vectors: one for each text, each as long as the embedder's dimension.
        usage: what the calls used.
    """

    vectors: Sequence[Sequence[float]]
    usage: Usage


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """A piece of a document that an answer may rest on.

    Attributes:
        title: of the document.
        text: the piece.
    """

    title: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a model wrote.

    Attributes:
        text: the answer, with citations like ``[2]``; empty if the passages don't hold it.
        found: whether the passages hold an answer.
        cited: numbers of the passages that the text cites, from 1, in the order of first mention.
        stop: why the model stopped.
        usage: what the call used.
    """

    text: str
    found: bool
    cited: tuple[int, ...]
    stop: StopReason
    usage: Usage


class Embedder(Protocol):
    """Turns text into vectors whose cosine similarity follows meaning."""

    @property
    def model_id(self) -> str:
        """The model: vectors of two models can't be compared."""
        ...

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        ...

    def embed_documents(self, texts: Sequence[str], *, deadline: Deadline) -> Embeddings:
        """Embed what will be searched.

        Args:
            texts: any number, each of 1 to 2,048 characters.
            deadline: when the caller stops waiting.

        Raises:
            ModelError: one of its kinds.
        """
        ...

    def embed_query(self, text: str, *, deadline: Deadline) -> Embeddings:
        """Embed what is searched for; one vector.

        Args:
            text: at least 1 character; what is longer than the model takes is cut off.
            deadline: when the caller stops waiting.

        Raises:
            ModelError: one of its kinds.
        """
        ...


class Answerer(Protocol):
    """Answers a question from passages, and from nothing else."""

    @property
    def model_id(self) -> str:
        """The model."""
        ...

    def answer(
        self, question: str, passages: Sequence[Passage], *, max_tokens: int, deadline: Deadline
    ) -> Answer:
        """Answer, citing passages by their number, or say that they don't hold the answer.

        Args:
            question: what is asked.
            passages: at least one; the first has the number 1.
            max_tokens: how much the model may write.
            deadline: when the caller stops waiting.

        Raises:
            ModelError: one of its kinds.
        """
        ...
