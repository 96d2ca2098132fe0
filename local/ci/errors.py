"""What can go wrong when the pipeline runs here."""

from __future__ import annotations


class CiError(Exception):
    """A run did not come to what it should; its output stands above."""
