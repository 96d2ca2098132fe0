"""The made-up chunks: the same in every run, and as like each other as they claim."""

from __future__ import annotations

from collections import Counter

import numpy as np

from benchmarks.vectors_data import CHUNKS_OF_DOCUMENT, CorpusGenerator

CHUNKS = 2_000


def test_every_run_gets_the_same() -> None:
    one, two = CorpusGenerator(), CorpusGenerator()
    first, second = one.corpus(100), two.corpus(100)
    assert first.texts == second.texts
    assert np.array_equal(first.vectors, second.vectors)
    asked, again = one.queries(5), two.queries(5)
    assert asked.texts == again.texts
    assert np.array_equal(asked.vectors, again.vectors)


def test_chunks_are_nearest_to_those_of_their_own_document() -> None:
    corpus = CorpusGenerator().corpus(CHUNKS)
    assert np.allclose(np.linalg.norm(corpus.vectors, axis=1), 1, atol=1e-5)
    order = np.argsort(-(corpus.vectors @ corpus.vectors.T), axis=1)
    documents = order[:, :CHUNKS_OF_DOCUMENT] // CHUNKS_OF_DOCUMENT
    own = np.arange(CHUNKS)[:, None] // CHUNKS_OF_DOCUMENT
    assert np.mean(documents == own) > 0.95


def test_a_question_is_nearer_to_its_topic_than_to_others() -> None:
    generator = CorpusGenerator()
    corpus, queries = generator.corpus(20_000), generator.queries(50)
    similarities = np.sort(queries.vectors @ corpus.vectors.T, axis=1)
    assert np.mean(similarities[:, -5:]) > 0.5
    assert abs(np.mean(similarities)) < 0.05


def test_words_are_as_rare_as_in_a_language() -> None:
    corpus = CorpusGenerator().corpus(CHUNKS)
    assert all(60 <= len(text.split()) <= 120 for text in corpus.texts)
    holding = Counter(word for text in corpus.texts for word in set(text.split()))
    shares = sorted((count / CHUNKS for count in holding.values()), reverse=True)
    assert 0.05 < shares[0] < 0.3  # no stop words, but words that many chunks hold
    assert np.median(shares) < 0.01


def test_a_part_keeps_the_numbers_of_its_documents() -> None:
    corpus = CorpusGenerator().corpus(100)
    part = corpus.part(50, 100).part(20, 50)
    assert part.first_document == 7
    assert part.texts == corpus.texts[70:]
    assert np.array_equal(part.vectors, corpus.vectors[70:])
