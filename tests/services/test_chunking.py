"""Cutting texts: nothing is lost, nothing is too long, and an edit stays where it is made."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from services.rag.chunking import MAX_CHARACTERS, chunk

PARAGRAPH = st.text(st.characters(codec="utf-8"), max_size=300) | st.builds(
    lambda word, times: f"{word} " * times, st.text(min_size=1, max_size=9), st.integers(1, 900)
)
TEXTS = st.lists(PARAGRAPH | st.just("x" * 3000) | st.just("# Heading"), max_size=8).map(
    "\n\n".join
)


@given(text=TEXTS)
def test_no_word_is_lost_and_no_chunk_is_too_long_or_empty(text: str) -> None:
    chunks = chunk(text)
    assert all(0 < len(piece) <= MAX_CHARACTERS for piece in chunks)
    assert all(piece.strip() == piece for piece in chunks)
    assert len(set(chunks)) == len(chunks)
    assert chunk(text) == chunks
    # A long word is cut, so compare what is left of the text without white space.
    found = "".join("".join(chunks).split())
    for word in set(unicodedata.normalize("NFC", text).split()):
        if len(word) <= MAX_CHARACTERS:
            assert "".join(word.split()) in found


def test_short_paragraphs_share_a_chunk_and_long_ones_are_cut_at_sentences() -> None:
    assert chunk("One.\n\nTwo.\n \nThree.") == ["One.\n\nTwo.\n\nThree."]
    long = " ".join(f"Sentence number {number} of a long paragraph." for number in range(80))
    pieces = chunk(long)
    assert len(pieces) > 2
    assert all(piece.endswith(".") for piece in pieces)


def test_a_heading_begins_a_chunk_once_there_is_enough_before_it() -> None:
    filler = "word " * 100
    assert [piece[:9] for piece in chunk(f"# Top\n\n{filler}\n\n## Second\n\n{filler}")] == [
        "# Top\n\nwo",
        "## Second",
    ]
    assert len(chunk(f"Little.\n\n## Second\n\n{filler}")) == 1


def test_an_edit_above_a_heading_leaves_what_follows() -> None:
    filler = "word " * 100
    before = chunk(f"{filler}\n\n## Second\n\n{filler} end")
    after = chunk(f"Something new. {filler}\n\n## Second\n\n{filler} end")
    assert before[0] != after[0]
    assert before[1:] == after[1:]


def test_composed_and_decomposed_accents_are_the_same() -> None:
    assert chunk(unicodedata.normalize("NFD", "Phở Hà Nội")) == chunk("Phở Hà Nội")


def test_a_text_without_anything_has_no_chunks() -> None:
    assert chunk(" \n\n \t") == []
