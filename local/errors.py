"""What can go wrong with the developer's own deployment."""

from __future__ import annotations


class LocalError(Exception):
    """A step failed; its own output stands above, this is the line that closes it."""
