"""Finds programs on PATH and asks them for their version."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

MARKER = "# A wrapper of this project's toolchain."
"""A line of every wrapper we write, so that none is ever taken for the tool itself."""

Version = tuple[int, int, int]

_VERSION = re.compile(r"\bv?(\d+)\.(\d+)\.(\d+)")


def programs(name: str, env: Mapping[str, str]) -> Iterator[Path]:
    """Yield the executables of that name on PATH, without our own wrappers."""
    for folder in env.get("PATH", "").split(os.pathsep):
        path = Path(folder, name)
        if path.is_absolute() and os.access(path, os.X_OK) and not _is_wrapper(path):
            yield path


def version_of(program: Path, env: Mapping[str, str]) -> Version | None:
    """Return the version that ``program --version`` prints, or None when it doesn't run."""
    quiet = {**env, "CHECKPOINT_DISABLE": "1"}
    quiet.pop("TF_CLI_CONFIG_FILE", None)
    try:
        result = subprocess.run(
            [program, "--version"],
            env=quiet,
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    match = _VERSION.search(result.stdout)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def format_version(version: Version | None) -> str:
    """Return a version as people write it."""
    return ".".join(map(str, version)) if version else "-"


def _is_wrapper(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return MARKER.encode() in file.read(200)
    except OSError:
        return True
