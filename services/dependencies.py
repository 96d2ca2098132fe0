"""Installs a service's locked dependencies for Lambda, on any machine."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from services.errors import PackageError
from services.sources import read_dependencies

PYTHON_VERSION = "3.13"
PLATFORM = "aarch64-manylinux_2_28"
"""Lambda's arm64 runs Amazon Linux 2023, whose glibc is 2.34."""

_TIMEOUT_SECONDS = 300


def install(lock: bytes, *, platform: str | None = PLATFORM) -> dict[str, bytes]:
    """Install exactly what a lock file names and read it.

    With uv and not pip: a virtual environment made by uv has no pip, and uv knows which older
    manylinux wheels fit a platform.

    Args:
        lock: a requirements file with a hash for every wheel.
        platform: as uv names it; None for this machine's.

    Returns:
        Contents by name.

    Raises:
        PackageError: if the installer fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        requirements, target = Path(folder, "requirements.txt"), Path(folder, "target")
        requirements.write_bytes(lock)
        command = [sys.executable, "-m", "uv", "pip", "install", "--quiet"]
        command += ["--python", sys.executable, "--no-python-downloads"]
        command += ["--python-version", PYTHON_VERSION]
        command += ["--python-platform", platform] if platform else []
        command += ["--require-hashes", "--no-deps", "--only-binary", ":all:"]
        command += ["--link-mode", "copy", "--target", str(target)]
        command += ["--requirement", str(requirements)]
        _run(command)
        return read_dependencies(target)


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=_TIMEOUT_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise PackageError(f"uv did not finish within {_TIMEOUT_SECONDS} s") from None
    if done.returncode:
        reason = " ".join(done.stderr.split()) or f"exit code {done.returncode}"
        raise PackageError(f"uv could not install the dependencies: {reason}")
