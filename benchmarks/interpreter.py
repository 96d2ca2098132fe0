"""Finds a Python of the version that runs in Lambda, which need not be the one of the project."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from services.dependencies import PYTHON_VERSION


def find() -> Path | None:
    """Return the path of such a Python, or None if this machine has none on PATH or in pyenv."""
    return next((python for python in _candidates() if _version_of(python) == PYTHON_VERSION), None)


def _candidates() -> Iterator[Path]:
    yield Path(sys.executable)
    if on_path := shutil.which(f"python{PYTHON_VERSION}"):
        yield Path(on_path)
    pyenv = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser()
    for folder in sorted(pyenv.glob(f"versions/{PYTHON_VERSION}.*")):
        yield folder / "bin" / "python"


def _version_of(python: Path) -> str:
    # A shim may stand on PATH for a version that is not there; it fails.
    command: list[str | Path] = [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip()
