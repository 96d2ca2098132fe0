"""``rollback``: the alias of a function back to the version before."""

from __future__ import annotations

import argparse

from recovery.errors import RecoveryError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``rollback``."""
    parser.add_argument("environment", metavar="ENV", help="for example dev")


def run(options: argparse.Namespace) -> None:
    """Point the alias to the version before.

    Raises:
        RecoveryError: there is none.
    """
    raise RecoveryError(f"rollback of {options.environment}: there is no earlier version")
