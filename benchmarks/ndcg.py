"""Normalised discounted cumulative gain, as trec_eval computes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log2


def ndcg(found: Sequence[str], relevant: Mapping[str, int], *, at: int) -> float:
    """Score a ranking.

    Args:
        found: what was found, best first, nothing twice.
        relevant: what should be found, and how relevant it is, from 1.
        at: how many ranks count.

    Returns:
        1 for the best ranking there is, 0 for one without anything relevant.

    Raises:
        ValueError: something was found twice, or nothing is relevant.
    """
    if len(set(found)) < len(found):
        raise ValueError("a ranking must not name anything twice")
    if not relevant:
        raise ValueError("there must be something relevant")
    best = sorted(relevant.values(), reverse=True)
    return _gain([relevant.get(name, 0) for name in found[:at]]) / _gain(best[:at])


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / log2(rank + 2) for rank, grade in enumerate(grades))
