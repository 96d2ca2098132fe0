"""The one error that the toolchain shows to people."""

from __future__ import annotations


class ToolchainError(Exception):
    """Something the project needs is missing; the message names it and the remedy in one line."""
