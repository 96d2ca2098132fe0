"""Made-up chunks that behave like real ones: topics, documents, and words as rare as in a language.

A document's vector lies near its topic's, a chunk's near its document's. Words follow Zipf's law
without its first ranks, which are stop words in any language; a part of them is the topic's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

DIMENSION = 1024
CHUNKS_OF_DOCUMENT = 10

Vectors = npt.NDArray[np.float32]

_SEED = 20_250_131
_TOPICS = 1_000
_TOPIC_DIMENSIONS = 48
_VOCABULARY = 20_000
_STOP_WORDS = 100
_WORDS_OF_TOPIC = 40
_TOPIC_SHARE = 0.3
"""Of a chunk's words, drawn from its topic's."""

_DOCUMENT_DISTANCE, _CHUNK_DISTANCE = 0.6, 0.6
"""From topic to document and on to the chunk, where a topic's vector has the length 1."""

_SHORTEST, _LONGEST = 60, 120
"""Words in a chunk."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Corpus:
    """Chunks, ten to a document, document after document.

    Attributes:
        first_document: number of the first one.
        texts: of the chunks, 60 to 120 words each.
        vectors: of the chunks, a row each, of length 1.
    """

    first_document: int = 0
    texts: list[str]
    vectors: Vectors

    def part(self, start: int, stop: int) -> Corpus:
        """Return some of the chunks, which are of the same kind: documents have no order.

        Args:
            start: the first chunk, a multiple of ten.
            stop: the chunk after the last.
        """
        return Corpus(
            first_document=self.first_document + start // CHUNKS_OF_DOCUMENT,
            texts=self.texts[start:stop],
            vectors=self.vectors[start:stop],
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Queries:
    """Questions about topics of the corpus.

    Attributes:
        texts: three words of the topic and two of the language.
        vectors: a row each, of length 1, as far from the topic as a chunk.
    """

    texts: list[str]
    vectors: Vectors

    def first(self, count: int) -> Queries:
        """Return some of them."""
        return Queries(texts=self.texts[:count], vectors=self.vectors[:count])


class CorpusGenerator:
    """Draws texts and vectors from topics and a vocabulary, the same in every run."""

    def __init__(self) -> None:
        self._random = np.random.default_rng(_SEED)
        self._words = np.array(list(_words(_VOCABULARY)))
        ranks = np.arange(1, _VOCABULARY + 1)
        frequency = 1 / (ranks + _STOP_WORDS)
        self._cumulative = np.cumsum(frequency) / frequency.sum()
        # Topics are related: they lie in a subspace of far fewer dimensions than a vector has.
        basis = self._noise(_TOPIC_DIMENSIONS, 1.0)
        self._topics = _unit(
            self._random.standard_normal((_TOPICS, _TOPIC_DIMENSIONS), np.float32) @ basis
        )
        self._topic_words = self._random.integers(_VOCABULARY, size=(_TOPICS, _WORDS_OF_TOPIC))

    def corpus(self, chunks: int) -> Corpus:
        """Make a corpus.

        Args:
            chunks: how many; a multiple of ten.
        """
        documents = chunks // CHUNKS_OF_DOCUMENT
        topics = self._random.integers(_TOPICS, size=documents)
        centres = self._topics[topics] + self._noise(documents, _DOCUMENT_DISTANCE)
        vectors = np.repeat(centres, CHUNKS_OF_DOCUMENT, axis=0)
        vectors += self._noise(chunks, _CHUNK_DISTANCE)
        of_chunk = np.repeat(topics, CHUNKS_OF_DOCUMENT)
        return Corpus(
            texts=[self._text(topic) for topic in of_chunk.tolist()], vectors=_unit(vectors)
        )

    def queries(self, count: int) -> Queries:
        """Make questions.

        Args:
            count: how many.
        """
        topics = self._random.integers(_TOPICS, size=count)
        vectors = self._topics[topics] + self._noise(count, _DOCUMENT_DISTANCE)
        vectors += self._noise(count, _CHUNK_DISTANCE)
        texts = [" ".join([*self._of_topic(topic, 3), *self._any(2)]) for topic in topics]
        return Queries(texts=texts, vectors=_unit(vectors))

    def common_words(self, count: int) -> str:
        """Return the most frequent words, for the most expensive question."""
        return " ".join(self._words[:count])

    def _text(self, topic: int) -> str:
        length = int(self._random.integers(_SHORTEST, _LONGEST + 1))
        own = round(length * _TOPIC_SHARE)
        words = [*self._of_topic(topic, own), *self._any(length - own)]
        self._random.shuffle(words)
        return " ".join(words)

    def _of_topic(self, topic: int, count: int) -> Iterator[str]:
        indexes = self._random.integers(_WORDS_OF_TOPIC, size=count)
        return iter(self._words[self._topic_words[topic, indexes]].tolist())

    def _any(self, count: int) -> Iterator[str]:
        # Not choice(p=…), which would compute the cumulative distribution each time.
        indexes = np.searchsorted(self._cumulative, self._random.random(count))
        return iter(self._words[indexes].tolist())

    def _noise(self, rows: int, length: float) -> Vectors:
        """Return vectors in any direction, about as long as asked for."""
        noise = self._random.standard_normal((rows, DIMENSION), dtype=np.float32)
        noise *= np.float32(length / DIMENSION**0.5)
        return noise


def _unit(vectors: Vectors) -> Vectors:
    lengths: Vectors = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / lengths


def _words(count: int) -> Iterator[str]:
    """Yield pronounceable words, each with a stem of its own."""
    syllables = [f"{a}{b}" for a, b in product("bdfghklmnprstvz", "aeiou")]
    for number, parts in enumerate(product(syllables, repeat=3)):
        if number == count:
            return
        yield f"{''.join(parts)}k"
