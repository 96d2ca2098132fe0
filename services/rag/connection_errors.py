"""Sorts errors of a connection into causes that are safe to show to anybody."""

from __future__ import annotations

from typing import Literal

import psycopg

from .database import SigningError

Cause = Literal["timeout", "refused", "authentication", "tls", "other"]

_WORDS: tuple[tuple[Cause, tuple[str, ...]], ...] = (
    ("timeout", ("timeout expired", "timed out", "timed-out")),
    ("refused", ("connection refused",)),
    ("tls", ("ssl", "certificate", "requires tls")),
    (
        "authentication",
        ("authentication failed", "no password supplied", "no credentials for the", 'role "'),
    ),
)
"""libpq gives no code for a failed connection, only English text. ``no pg_hba.conf entry …, no
encryption`` is a refusal of a plain connection: RDS answers so when TLS is forced."""


def classify(error: Exception) -> Cause:
    """Sort an error of a connection or a query.

    Args:
        error: what was raised.

    Returns:
        The cause; ``other`` if nothing fits.
    """
    if isinstance(error, (TimeoutError, psycopg.errors.ConnectionTimeout)):
        return "timeout"
    if isinstance(error, SigningError):
        return "authentication"  # no credentials to sign the token with
    text = str(error).lower()
    if "no pg_hba.conf entry" in text:
        return "tls" if "no encryption" in text else "authentication"
    for cause, words in _WORDS:
        if any(word in text for word in words):
            return cause
    return "other"
