"""Finds a Python of another version than the project's, such as the one that runs in Lambda."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from services.dependencies import PYTHON_VERSION


def find(version: str = PYTHON_VERSION) -> Path | None:
    """Return the path of such a Python, or None if this machine has none on PATH or in pyenv."""
    candidates = _candidates(version)
    return next((python for python in candidates if _version_of(python) == version), None)


def _candidates(version: str) -> Iterator[Path]:
    yield Path(sys.executable)
    if on_path := shutil.which(f"python{version}"):
        yield Path(on_path)
    pyenv = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser()
    for folder in sorted(pyenv.glob(f"versions/{version}.*")):
        yield folder / "bin" / "python"


def _version_of(python: Path) -> str:
    # A shim may stand on PATH for a version that is not there; it fails.
    command: list[str | Path] = [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip()
