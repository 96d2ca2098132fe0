"""What is set on a priced resource and is not in its price."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.cost.pricers.entry import Entry, Unpriced
from pipeline.cost.pricing import Pricing, Subject, Unknown


def unpriced_arguments(
    entry: Entry, subject: Subject, pricing: Pricing
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What has no price although it is billed, and what a reader must know beside.

    Args:
        entry: how the type is priced.
        subject: the resource.
        pricing: the side that it is on.

    Returns:
        Arguments that are set and would cost something, each with what; and remarks, each on a
        value or a stated usage that is not in the price.
    """
    unpriced, remarks = [], []
    for path, decision in entry.unpriced.items():
        try:
            billed = any(_is_billed(value, decision) for value in _values(subject, path))
        except Unknown as unknown:
            remarks.append(f"{path} {unknown.why}: {decision.why} may not be in the price")
        else:
            if billed:
                unpriced.append(f"{path}: {decision.why}, which has no price here")
    for key, why in entry.other_usage_keys.items():
        if pricing.stated(subject, key) or pricing.stated_word(subject, key):
            remarks.append(f"the stated {key} is not in the price: {why}")
    return tuple(unpriced), tuple(remarks)


def _values(subject: Subject, path: str) -> Iterator[Any]:
    """The values of an argument, in every one of the blocks that it is in."""
    prefix, _, name = path.rpartition(".")
    for block in _blocks(subject, prefix) if prefix else ("",):
        yield subject.get(f"{block}{name}")


def _blocks(subject: Subject, path: str) -> Iterator[str]:
    """Where the blocks of a path are, such as ``a.0.b.1.``."""
    before = [""]
    for part in path.split("."):
        before = [
            f"{start}{part}.{position}."
            for start in before
            for position in range(_length(subject.get(f"{start}{part}")))
        ]
    yield from before


def _length(blocks: Any) -> int:
    return len(blocks) if isinstance(blocks, list) else 0


def _is_billed(value: Any, decision: Unpriced) -> bool:
    return bool(value) and value not in decision.fine
