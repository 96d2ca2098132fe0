"""The one error of the packager."""

from __future__ import annotations


class PackageError(Exception):
    """A zip can't be built; the message is one line for the user of the command."""
