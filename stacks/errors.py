"""The exception for a mistake in the settings."""

from __future__ import annotations


class ConfigurationError(Exception):
    """A mistake that a person can mend; its text is one line a mistake: what, where, how to mend."""
