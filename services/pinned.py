"""The interpreter that compiles and compresses zips: the same program on every machine.

Compilers of Python's patch releases differ (3.13.0 and 3.13.2 disagree on a quarter of the
dependencies' modules), and so do builds of zlib. npm's ``pyodide`` is CPython and zlib compiled
to WebAssembly: the same instructions and results under Linux and macOS, on x86 and ARM.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from services.archive import write_zip
from services.errors import PackageError

VERSION = "0.29.5"
"""Of ``pyodide``; it holds CPython 3.13.2 and zlib 1.3.1. ``package.json`` pins the same."""

_PROGRAM = Path(__file__).with_name("pinned.cjs")
_TIMEOUT_SECONDS = 300


def make_zip(target: Path, files: Mapping[str, bytes]) -> None:
    """Write a zip of the files and their bytecode.

    Args:
        target: where the zip goes; its folder is the caller's own.
        files: contents by name, with ``/`` between folders.

    Raises:
        PackageError: if a source can't be compiled, or the interpreter is missing.
    """
    unfinished = target.with_name("unfinished")
    write_zip(unfinished, files, deflated=False)
    target.touch()  # with this process's umask, which the interpreter does not know
    command: list[str | Path] = [_node(), _PROGRAM, VERSION, target.parent.resolve()]
    _run([*command, unfinished.name, target.name])
    unfinished.unlink()


def _node() -> str:
    installed = Path(sys.executable).with_name("node")
    node = str(installed) if installed.is_file() else shutil.which("node")
    if node is None:
        raise PackageError("there is no Node.js to finish the zip with: run 'make setup'")
    return node


def _run(command: list[str | Path]) -> None:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=_TIMEOUT_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise PackageError(f"the zip was not finished within {_TIMEOUT_SECONDS} s") from None
    if done.returncode:
        reason = done.stderr.strip() or f"exit code {done.returncode}"
        raise PackageError(reason.splitlines()[-1])
