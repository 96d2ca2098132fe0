"""Synthesises all stacks as ``cdktf synth`` does, in a few seconds and without a word."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import toolchain
from toolchain.errors import ToolchainError
from toolchain.progress import Progress


def synthesise(root: Path, base: Mapping[str, str] | None = None) -> None:
    """Run the app, which writes ``cdktf.out/``.

    Args:
        root: the project's folder.
        base: the environment to start from; the process's own by default.

    Raises:
        ToolchainError: the app failed; its text is what the app said, a line for each mistake.
    """
    with Progress("synthesising the stacks"):
        done = subprocess.run(
            [sys.executable, "main.py"],
            cwd=root,
            env=toolchain.environment(base),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode != 0:
        raise ToolchainError(done.stderr.strip() or f"main.py ended with status {done.returncode}")
