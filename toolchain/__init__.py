"""Installs and runs what the project needs from outside: Python packages, Node, CDKTF, Terraform.

``toolchain/bootstrap.sh`` finds a Python and runs ``python -m toolchain install`` with it, so
nothing here imports more than Python's own library; ``python -m toolchain doctor`` shows what is
there. Code that starts Terraform or CDKTF uses the functions here; a shell uses the wrappers in
``.venv/bin``, which do the same.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from toolchain import needs
from toolchain.env import tool_environment
from toolchain.errors import ToolchainError
from toolchain.layout import ROOT, Layout

__all__ = ["ROOT", "ToolchainError", "cdktf", "environment", "require", "terraform"]


def environment(base: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment in which Terraform and CDKTF run.

    Args:
        base: the environment to start from; the process's own by default.

    Raises:
        ToolchainError: ``make setup`` has not run.
    """
    return tool_environment(Layout(), base)


def terraform() -> Path:
    """Return the command that runs Terraform.

    Raises:
        ToolchainError: ``make setup`` has not run.
    """
    return _command("terraform")


def cdktf() -> Path:
    """Return the command that runs CDKTF.

    Raises:
        ToolchainError: ``make setup`` has not run.
    """
    return _command("cdktf")


def require(command: str) -> None:
    """Check what a command of ``make`` needs from the machine; root on Debian installs it.

    Raises:
        ToolchainError: something is missing; the message says how to install it.
    """
    needs.require(command, Layout(), os.environ)


def _command(name: str) -> Path:
    path = Layout().bin / name
    if not path.is_file():
        raise ToolchainError(f"{path} is missing: run 'make setup'")
    return path
