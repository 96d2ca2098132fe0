"""The exception for a mistake in the settings, and how its lines show values."""

from __future__ import annotations

from collections.abc import Iterable


class ConfigurationError(Exception):
    """A mistake that a person can mend; its text is one line a mistake: what, where, how to mend."""


def listed(values: Iterable[str]) -> str:
    """Several values of a field, as a line shows them."""
    return ",".join(values) or "()"
