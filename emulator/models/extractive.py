"""Answers made of sentences that the passages hold: deterministic, and without any model.

It writes nothing of its own, so it makes nothing up, and obeys nothing that stands in a passage: at
worst it quotes it.
"""

from __future__ import annotations

import math
import operator
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from emulator.models.guard import check_deadline
from emulator.models.sentences import sentences
from emulator.models.words import count_tokens, cut, stems
from services.rag.deadline import Deadline
from services.rag.models.bedrock import MAX_CHARACTERS
from services.rag.models.interface import Answer, Embedder, Passage, Usage

_MOST_SENTENCES = 3
_TITLE_SHARE = 0.6
"""Weight of a word of the question that stands in the passage's title only."""

_LEAST_SCORE = 0.5
_LEAST_BLENDED_SCORE = 0.37
"""What words alone, and words with meaning, must reach: below it the passages hold no answer.

Chosen on about 30 questions that the sample documents answer and 25 that they don't.
"""

_WORDS, _SENTENCE, _PASSAGE = 0.4, 0.2, 0.4
"""Shares of the score: words in common, likeness to the sentence, likeness to its passage."""

_NEAR = 0.45
"""Cosine from which a passage is about the question, whatever its words."""

_CLOSE = 0.8
"""Part of the best sentence's score that further sentences need."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sentence:
    """A sentence that may answer.

    Attributes:
        passage: its passage's number, from 1.
        text: as it stands there.
        score: how well it answers, 0 to 1.
        fits: whether that is well enough.
    """

    passage: int
    text: str
    score: float
    fits: bool


class ExtractiveAnswerer:
    """Quotes the sentences that share the question's rarest words, or are close in meaning."""

    model_id = "extractive"

    def __init__(self, embedder: Embedder | None = None) -> None:
        """Needs nothing.

        Args:
            embedder: weighs meaning beside words; must follow meaning itself.
        """
        self._embedder = embedder

    def answer(
        self, question: str, passages: Sequence[Passage], *, max_tokens: int, deadline: Deadline
    ) -> Answer:
        """Quotes up to three sentences, each with its passage's number.

        Args:
            question: what is asked.
            passages: the first has the number 1.
            max_tokens: how long the answer may be; a token is four characters.
            deadline: when the caller stops waiting.

        Returns:
            The answer; nothing found if no sentence matches the question well.

        Raises:
            ModelError: of the embedder; `ModelTimeout` if the deadline has passed.
        """
        check_deadline(deadline)
        chosen = _choose(self._scored(question, passages, deadline))
        text = " ".join(f"{sentence.text} [{sentence.passage}]" for sentence in chosen)
        written = cut(text, max_tokens)
        read = sum(count_tokens(part) for p in passages for part in (p.title, p.text))
        return Answer(
            text=written,
            found=bool(chosen),
            cited=_cited(written, chosen),
            stop="end" if written == text else "max_tokens",
            usage=Usage(
                input_tokens=count_tokens(question) + read, output_tokens=count_tokens(written)
            ),
        )

    def _scored(
        self, question: str, passages: Sequence[Passage], deadline: Deadline
    ) -> list[_Sentence]:
        found = [(number, p, s) for number, p in enumerate(passages, 1) for s in sentences(p.text)]
        rarity = _rarity(question, passages)
        overlaps = [_overlap(rarity, sentence, passage.title) for _, passage, sentence in found]
        if self._embedder is None or not found:
            return [
                _Sentence(passage=number, text=sentence, score=score, fits=score >= _LEAST_SCORE)
                for (number, _, sentence), score in zip(found, overlaps, strict=True)
            ]
        likenesses = _likenesses(self._embedder, question, passages, found, deadline)
        return [
            _blended(number, sentence, score, like)
            for (number, _, sentence), score, like in zip(found, overlaps, likenesses, strict=True)
        ]


def _rarity(question: str, passages: Sequence[Passage]) -> dict[str, float]:
    """Weighs the question's words: the fewer passages hold one, the more it says."""
    held = Counter(word for p in passages for word in set(stems(f"{p.title} {p.text}")))
    weights = {
        word: math.log(1 + (len(passages) + 1) / (held[word] + 0.5)) for word in stems(question)
    }
    total = sum(weights.values())
    return {word: weight / total for word, weight in weights.items()}


def _overlap(rarity: dict[str, float], sentence: str, title: str) -> float:
    own, of_title = set(stems(sentence)), set(stems(title))
    return sum(
        weight * (1 if word in own else _TITLE_SHARE if word in of_title else 0)
        for word, weight in rarity.items()
    )


def _likenesses(
    embedder: Embedder,
    question: str,
    passages: Sequence[Passage],
    found: Sequence[tuple[int, Passage, str]],
    deadline: Deadline,
) -> list[tuple[float, float]]:
    """Gives the cosines of the question with each sentence, and with the sentence's passage."""
    (asked,) = embedder.embed_query(question, deadline=deadline).vectors
    texts = [f"{p.title}\n\n{p.text}" for p in passages]
    texts += [f"{p.title}: {sentence}" for _, p, sentence in found]
    made = embedder.embed_documents([text[:MAX_CHARACTERS] for text in texts], deadline=deadline)
    # Vectors have length 1: their product is the cosine.
    likes = [max(0.0, sum(map(operator.mul, asked, vector))) for vector in made.vectors]
    of_passages, of_sentences = likes[: len(passages)], likes[len(passages) :]
    return [
        (like, of_passages[number - 1])
        for (number, _, _), like in zip(found, of_sentences, strict=True)
    ]


def _blended(number: int, text: str, overlap: float, likes: tuple[float, float]) -> _Sentence:
    of_sentence, of_passage = likes
    score = _WORDS * overlap + _SENTENCE * of_sentence + _PASSAGE * of_passage
    fits = score >= _LEAST_BLENDED_SCORE or of_passage >= _NEAR
    return _Sentence(passage=number, text=text, score=score, fits=fits)


def _choose(scored: Sequence[_Sentence]) -> list[_Sentence]:
    """Takes the best sentences, and gives them in the order of the passages."""
    floor = _CLOSE * max((sentence.score for sentence in scored), default=0.0)
    ranked = sorted(range(len(scored)), key=lambda index: (-scored[index].score, index))
    chosen: dict[str, int] = {}
    for index in ranked:
        sentence = scored[index]
        if sentence.fits and sentence.score >= floor and len(chosen) < _MOST_SENTENCES:
            chosen.setdefault(sentence.text, index)  # overlapping passages repeat themselves
    return [scored[index] for index in sorted(chosen.values())]


def _cited(written: str, chosen: Sequence[_Sentence]) -> tuple[int, ...]:
    mentioned = (s.passage for s in chosen if f"[{s.passage}]" in written)
    return tuple(dict.fromkeys(mentioned))
