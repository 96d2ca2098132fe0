"""Runs a program whose output matters only when it fails."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from toolchain.errors import ToolchainError


def run_quietly(
    command: Sequence[str | Path], *, env: Mapping[str, str], folder: Path, failure: str
) -> str:
    """Run a program and return its standard output.

    Args:
        command: program and arguments.
        env: its environment.
        folder: where it runs.
        failure: what to say when it fails, before its own words.

    Raises:
        ToolchainError: it failed.
    """
    done = subprocess.run(
        command,
        cwd=folder,
        env=dict(env),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode != 0:
        raise ToolchainError(f"{failure}: {(done.stderr or done.stdout).strip()}")
    return done.stdout
