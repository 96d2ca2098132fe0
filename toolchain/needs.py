"""What commands need from the machine, beyond Python and what ``make setup`` brings."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from toolchain.errors import ToolchainError
from toolchain.layout import Layout

CERTIFICATES = "ca-certificates"

NEEDS: Mapping[str, tuple[str, ...]] = {
    "setup": (CERTIFICATES,),
    "check": ("git",),
    "test": ("git", "rsync"),
    "ci-local": ("git", "rsync"),
}
"""A command of ``make`` to the packages of ``requirements/debian.txt`` that it needs.

Each but the certificates brings a program of its own name.
"""


def require(command: str, layout: Layout, env: Mapping[str, str]) -> None:
    """Check what a command needs; root on Debian installs what is missing.

    Raises:
        ToolchainError: something is missing; the message says how to install it.
    """
    if not missing(command, env):
        return
    # As root on Debian it installs, and says so; elsewhere it fails without a word.
    script = layout.root / "toolchain" / "debian.sh"
    subprocess.run(["sh", script], env=dict(env), check=False)
    if still := missing(command, env):
        raise ToolchainError(f"make {command} needs {', '.join(still)}. {remedy(still)}")


def remedy(names: Sequence[str]) -> str:
    """Return the sentence that says how to install packages."""
    return f"On Debian: sudo apt-get install -y {' '.join(names)}"


def missing(command: str, env: Mapping[str, str]) -> list[str]:
    """Return what this machine lacks for a command."""
    return [name for name in NEEDS[command] if find(name, env) is None]


def find(name: str, env: Mapping[str, str]) -> Path | None:
    """Return where the machine has what a package brings, or None."""
    if name == CERTIFICATES:
        return _certificates()
    program = shutil.which(name, path=env.get("PATH", ""))
    return Path(program) if program else None


def _certificates() -> Path | None:
    """Return the certificates that the system trusts, which uv and Terraform read."""
    paths = ssl.get_default_verify_paths()
    if paths.cafile:
        return Path(paths.cafile)
    if paths.capath and any(Path(paths.capath).iterdir()):
        return Path(paths.capath)
    # macOS keeps them in its keychain.
    return Path(paths.openssl_cafile) if sys.platform != "linux" else None
