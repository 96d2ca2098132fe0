"""The successor's packages, in a virtual environment of their own: never beside cdktf's."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from toolchain.errors import ToolchainError
from toolchain.layout import Layout
from toolchain.lock import locked
from toolchain.process import run_quietly


def requirements(layout: Layout) -> Path:
    """Return the file that pins the successor and all that it needs."""
    return layout.root / "requirements" / "cdktn.txt"


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
    folder, pins = layout.local / "cdktn", requirements(layout)
    python, stamp = folder / "bin" / "python", folder / ".toolchain-stamp"
    # Another Python in .venv has other packages; one that is gone leaves a broken link.
    wanted = f"{sys.version}\n{pins.read_text()}"
    with locked(layout.local / "cdktn.lock"):
        if python.is_file() and stamp.is_file() and stamp.read_text() == wanted:
            return python
        venv: list[str | Path] = [sys.executable, "-m", "venv", "--clear", "--without-pip", folder]
        # pip and not uv: pip knows the machine's index and certificates. Compiling the provider's
        # 2,400 modules would take a minute and a half; a synthesis loads some dozens.
        pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", python, "install"]
        options = ["--no-compile", "--quiet", "--disable-pip-version-check", "--retries=1"]
        try:
            for command in (venv, [*pip, *options, "--require-hashes", "-r", pins]):
                run_quietly(command, env=os.environ, folder=layout.root, failure="")
        except ToolchainError as error:
            reason = str(error).strip().splitlines()[-1]
            raise ToolchainError(
                f"the successor can't be installed, which needs pip's package index once: {reason}"
            ) from error
        stamp.write_text(wanted)
    return python


def size_in_mb(layout: Layout) -> float:
    """Return how much the installed packages take on disk."""
    files = (path for path in (layout.local / "cdktn").rglob("*") if not path.is_symlink())
    return sum(path.stat().st_size for path in files if path.is_file()) / 1e6
