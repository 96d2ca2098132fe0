"""What a person can mend, in one line."""

from __future__ import annotations


class RecoveryError(Exception):
    """The text is one line: what, where, how to mend."""
