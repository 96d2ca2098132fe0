"""What can go wrong with the remote state, in one line that a person can act on."""

from __future__ import annotations


class BackendError(Exception):
    """The remote state could not be created; its text is what a person is told."""
