"""``key``: a new key for saved plans."""

from __future__ import annotations

import argparse

from pipeline.commands.job import print_line
from pipeline.release.seal import new_key


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``key`` takes none."""
    del parser


def run(options: argparse.Namespace) -> None:
    """Print a key, for the protected and masked variable ``PLAN_KEY``."""
    del options
    print_line(new_key())
