"""The successor's packages, in a virtual environment of their own: never beside cdktf's."""

from __future__ import annotations

import re
from pathlib import Path

from toolchain import side_environment
from toolchain.layout import Layout

_NAME = "cdktn"


def requirements(layout: Layout) -> Path:
    """Return the file that pins the successor and all that it needs."""
    return side_environment.requirements(layout, _NAME)


def pinned(requirements: Path, package: str) -> str:
    """Return the version of a package that a locked file of requirements names."""
    found = re.search(rf"^{re.escape(package)}==(\S+)", requirements.read_text(), re.MULTILINE)
    if found is None:
        raise LookupError(f"{requirements} pins no {package}")
    return found[1]


def install(layout: Layout) -> Path:
    """Install the pinned packages, unless they are there; return their Python.

    Raises:
        ToolchainError: the packages can't be had.
    """
    return side_environment.install(
        layout,
        _NAME,
        failure="the successor can't be installed, which needs pip's package index once",
    )


def size_in_mb(layout: Layout) -> float:
    """Return how much the installed packages take on disk."""
    files = (
        path for path in side_environment.folder(layout, _NAME).rglob("*") if not path.is_symlink()
    )
    return sum(path.stat().st_size for path in files if path.is_file()) / 1e6
