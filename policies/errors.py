"""What went wrong with the checks themselves, in one line."""

from __future__ import annotations


class PolicyError(Exception):
    """The checks could not be run on a stack; its text is one line."""
