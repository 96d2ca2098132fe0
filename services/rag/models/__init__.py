"""Models behind two interfaces: one turns text into vectors, one answers from passages."""

from __future__ import annotations

from .interface import (
    Answer,
    Answerer,
    Embedder,
    Embeddings,
    ModelError,
    ModelRefused,
    ModelThrottled,
    ModelTimeout,
    ModelUnavailable,
    Passage,
    StopReason,
    Usage,
)

__all__ = [
    "Answer",
    "Answerer",
    "Embedder",
    "Embeddings",
    "ModelError",
    "ModelRefused",
    "ModelThrottled",
    "ModelTimeout",
    "ModelUnavailable",
    "Passage",
    "StopReason",
    "Usage",
]
