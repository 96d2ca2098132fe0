"""Vectors that follow meaning, from a model small enough for any machine: all-MiniLM-L6-v2.

English is what it knows best; Vietnamese loses its accents and is matched by its words. It is an
optional extra: see `available` and requirements/minilm.txt.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from emulator.models.guard import check_deadline, check_texts
from emulator.models.minilm_model import DIMENSION, available, model
from emulator.models.words import count_tokens
from services.rag.deadline import Deadline
from services.rag.models.bedrock import MAX_CHARACTERS
from services.rag.models.interface import Embeddings, Usage

__all__ = ("MiniLmEmbedder", "available")


class MiniLmEmbedder:
    """MiniLM's vectors of 384 numbers and length 1, followed by zeros. Threads may share it.

    Zeros change no cosine similarity. Where fewer numbers are wanted, the first ones are kept and
    scaled to length 1 again, which costs some accuracy.
    """

    def __init__(self, *, dimension: int = 1024) -> None:
        """Nothing is loaded yet.

        Args:
            dimension: numbers in a vector.

        Raises:
            ValueError: if it is not positive.
        """
        if dimension < 1:
            raise ValueError(f"dimension is {dimension}; at least 1 is needed")
        self._dimension = dimension

    @property
    def model_id(self) -> str:
        """Its name."""
        return "all-MiniLM-L6-v2-int8"

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return self._dimension

    def embed_documents(self, texts: Sequence[str], *, deadline: Deadline) -> Embeddings:
        """Embeds what will be searched; of a text the first 256 tokens count.

        Args:
            texts: any number, each of 1 to 2,048 characters.
            deadline: when the caller stops waiting.

        Raises:
            ModelRefused: if a text is empty or too long.
            ModelTimeout: if the deadline passes.
            ImportError: if the model is not installed.
        """
        check_texts(texts)
        check_deadline(deadline)
        made = model().vectors(texts, before_each=lambda: check_deadline(deadline))
        return Embeddings(
            vectors=[self._fitted(vector) for vector in made],
            usage=Usage(input_tokens=sum(map(count_tokens, texts))),
        )

    def embed_query(self, text: str, *, deadline: Deadline) -> Embeddings:
        """Embeds what is searched for; one vector, as of a document.

        Args:
            text: at least 1 character; what comes after the first 2,048 is cut off.
            deadline: when the caller stops waiting.

        Raises:
            ModelRefused: if the text is empty.
            ModelTimeout: if the deadline has passed.
            ImportError: if the model is not installed.
        """
        return self.embed_documents([text[:MAX_CHARACTERS]], deadline=deadline)

    def _fitted(self, vector: Any) -> list[float]:
        kept = vector[: self._dimension]
        if self._dimension < DIMENSION:
            kept = kept / max(float((kept**2).sum()) ** 0.5, 1e-12)
        numbers: list[float] = kept.tolist()
        return numbers + [0.0] * (self._dimension - len(numbers))
