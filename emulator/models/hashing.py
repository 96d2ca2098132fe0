"""A deterministic embedding without a model: the hashing trick over words and their pieces.

It knows no meaning, only spelling: good for tests of the machinery, not for people.
"""

from __future__ import annotations

import functools
import hashlib
import math
from collections import Counter
from collections.abc import Iterator, Sequence

from emulator.models.guard import check_deadline, check_texts
from emulator.models.words import CHARACTERS_PER_TOKEN, content_words, count_tokens
from services.rag.deadline import Deadline
from services.rag.models.bedrock import MAX_CHARACTERS
from services.rag.models.interface import Embeddings, Usage

__all__ = ("CHARACTERS_PER_TOKEN", "HashingEmbedder", "count_tokens")

_PIECE_LENGTHS = (3, 4, 5)
_PIECE_WEIGHT = 0.3
"""Weight of a piece of a word; a whole word has 1, about as much as all its pieces together."""


class HashingEmbedder:
    """Vectors of length 1 that are near when texts share words, or pieces of words.

    Source: Weinberger et al.: Feature Hashing for Large Scale Multitask Learning, ICML 2009.
    """

    def __init__(self, *, dimension: int) -> None:
        """Nothing is loaded.

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
        return "hashing"

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return self._dimension

    def embed_documents(self, texts: Sequence[str], *, deadline: Deadline) -> Embeddings:
        """Embeds what will be searched.

        Args:
            texts: any number, each of 1 to 2,048 characters.
            deadline: when the caller stops waiting.

        Raises:
            ModelRefused: if a text is empty or too long.
            ModelTimeout: if the deadline passes.
        """
        check_texts(texts)
        vectors = []
        for text in texts:
            check_deadline(deadline)
            vectors.append(self._vector(text))
        return Embeddings(vectors=vectors, usage=Usage(input_tokens=sum(map(count_tokens, texts))))

    def embed_query(self, text: str, *, deadline: Deadline) -> Embeddings:
        """Embeds what is searched for; one vector, as of a document.

        Args:
            text: at least 1 character; what comes after the first 2,048 is cut off.
            deadline: when the caller stops waiting.

        Raises:
            ModelRefused: if the text is empty.
            ModelTimeout: if the deadline has passed.
        """
        return self.embed_documents([text[:MAX_CHARACTERS]], deadline=deadline)

    def _vector(self, text: str) -> list[float]:
        # A text without words gets a fixed vector: the cosine with a zero vector is undefined.
        counts = Counter(content_words(text)) or Counter([text])
        vector = [0.0] * self._dimension
        for word, count in counts.items():
            for number, weight in _features(word):
                sign = 1 if number & 1 else -1
                vector[(number >> 1) % self._dimension] += sign * weight * (1 + math.log(count))
        length = math.hypot(*vector)
        return [number / length for number in vector] if length else [1.0, *vector[1:]]


@functools.lru_cache(maxsize=4096)
def _features(word: str) -> tuple[tuple[int, float], ...]:
    """Gives numbers of 64 bits, and their weights: of the word and of its pieces."""
    return ((_number(word), 1.0), *((_number(piece), _PIECE_WEIGHT) for piece in _pieces(word)))


def _pieces(word: str) -> Iterator[str]:
    marked = f"<{word}>"  # a beginning differs from an end, and a piece from a word
    for length in _PIECE_LENGTHS:
        for start in range(len(marked) - length + 1):
            yield marked[start : start + length]


def _number(feature: str) -> int:
    # Not hash(): it differs from process to process. JSON may hold half surrogate pairs.
    data = feature.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big")
