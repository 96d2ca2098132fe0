"""What embedders that run here check before they work, as Bedrock's do."""

from __future__ import annotations

from collections.abc import Sequence

from services.rag.deadline import Deadline
from services.rag.models.bedrock import MAX_CHARACTERS
from services.rag.models.interface import ModelRefused, ModelTimeout


def check_texts(texts: Sequence[str]) -> None:
    """Refuses texts that Bedrock would refuse.

    Raises:
        ModelRefused: naming the first one by its number; the text itself is nobody's business.
    """
    for number, text in enumerate(texts, start=1):
        if not 1 <= len(text) <= MAX_CHARACTERS:
            raise ModelRefused(
                f"text {number} has {len(text)} characters; 1 to {MAX_CHARACTERS} are allowed"
            )


def check_deadline(deadline: Deadline) -> None:
    """Stops where nobody waits for the answer any more.

    Raises:
        ModelTimeout: if the deadline has passed.
    """
    if deadline.remaining <= 0:
        raise ModelTimeout("the model did not answer in time")
