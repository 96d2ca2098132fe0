"""Virtual environments beside the project's own, for packages that must not meet its packages."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from toolchain.errors import ToolchainError
from toolchain.layout import Layout
from toolchain.lock import locked
from toolchain.process import run_quietly


def requirements(layout: Layout, name: str) -> Path:
    """Return the locked file that pins what a side environment holds."""
    return layout.root / "requirements" / f"{name}.txt"


def folder(layout: Layout, name: str) -> Path:
    """Return where a side environment lies."""
    return layout.local / name


def is_current(layout: Layout, name: str) -> bool:
    """Tell whether it holds what is pinned now, for the Python that runs."""
    place, stamp = folder(layout, name), _stamp(layout, name)
    # A Python that is gone leaves a broken link, which is no file.
    python = place / "bin" / "python"
    return python.is_file() and stamp.is_file() and stamp.read_text() == _wanted(layout, name)


def install(layout: Layout, name: str, *, failure: str) -> Path:
    """Install what ``requirements/NAME.txt`` pins into ``.local/NAME``, unless it is there.

    Args:
        layout: the repository.
        name: of the environment.
        failure: what to say, before pip's last line, when it can't be done.

    Returns:
        The environment's Python.

    Raises:
        ToolchainError: the packages can't be had.
    """
    place = folder(layout, name)
    python = place / "bin" / "python"
    with locked(layout.local / f"{name}.lock"):
        if is_current(layout, name):
            return python
        venv: list[str | Path] = [sys.executable, "-m", "venv", "--clear", "--without-pip", place]
        # pip and not uv: pip knows the machine's index and certificates. Modules are compiled
        # when they are first imported: a provider has 2,400, of which some dozens are.
        pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", python, "install"]
        options = ["--no-compile", "--quiet", "--disable-pip-version-check", "--retries=1"]
        pins = requirements(layout, name)
        try:
            for command in (venv, [*pip, *options, "--require-hashes", "-r", pins]):
                run_quietly(command, env=os.environ, folder=layout.root, failure="")
        except ToolchainError as error:
            raise ToolchainError(f"{failure}: {str(error).strip().splitlines()[-1]}") from error
        _stamp(layout, name).write_text(_wanted(layout, name))
    return python


def _stamp(layout: Layout, name: str) -> Path:
    return folder(layout, name) / ".toolchain-stamp"


def _wanted(layout: Layout, name: str) -> str:
    """Another Python in .venv has other packages."""
    return f"{sys.version}\n{requirements(layout, name).read_text()}"
