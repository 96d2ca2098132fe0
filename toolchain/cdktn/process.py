"""Runs a command that may take minutes: a dot every ten seconds, its output only when it fails."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from toolchain.errors import ToolchainError


def run(
    command: Sequence[str | Path],
    *,
    failure: str,
    folder: Path | None = None,
    env: Mapping[str, str] | None = None,
    lines: int = 1,
) -> str:
    """Run a command and return what it prints.

    Args:
        command: program and arguments.
        failure: what it means when the command fails; begins the message.
        folder: where to run it.
        env: its environment; the process's own by default.
        lines: how many of its last lines the message shows when it fails.

    Raises:
        ToolchainError: it failed.
    """
    with subprocess.Popen(
        command,
        cwd=folder,
        env=None if env is None else dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    ) as process:
        try:
            output, errors = _finish(process)
        except BaseException:
            process.kill()
            raise
    if process.returncode == 0:
        return output
    said = (errors.strip() or output.strip()).splitlines()[-lines:]
    raise ToolchainError(f"{failure}: " + ("\n".join(said) or f"status {process.returncode}"))


def _finish(process: subprocess.Popen[str]) -> tuple[str, str]:
    while True:
        try:
            return process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            sys.stdout.write(". ")
            sys.stdout.flush()
