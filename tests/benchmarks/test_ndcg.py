"""The measure of retrieval quality, against figures worked out by hand."""

from __future__ import annotations

from math import log2

import pytest

from benchmarks.ndcg import ndcg

JUDGED = {"pho": 2, "bun-cha": 1}


def test_the_best_ranking_has_1_and_one_without_anything_relevant_0() -> None:
    assert ndcg(["pho", "bun-cha", "hue"], JUDGED, at=10) == 1
    assert ndcg(["hue", "hoi-an"], JUDGED, at=10) == 0
    assert ndcg([], JUDGED, at=10) == 0


def test_a_later_place_counts_less() -> None:
    # 1 in the first place, 2 in the third; at best 2 in the first, 1 in the second.
    expected = (1 + 2 / log2(4)) / (2 + 1 / log2(3))
    assert ndcg(["bun-cha", "hue", "pho"], JUDGED, at=10) == pytest.approx(expected)


def test_only_so_many_places_count_for_what_is_found_and_for_what_is_best() -> None:
    assert ndcg(["hue", "pho"], JUDGED, at=1) == 0
    assert ndcg(["pho"], JUDGED, at=1) == 1
    assert ndcg(["bun-cha"], JUDGED, at=1) == pytest.approx(1 / 2)


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        ndcg(["pho", "pho"], JUDGED, at=10)
    with pytest.raises(ValueError, match="relevant"):
        ndcg(["pho"], {}, at=10)
