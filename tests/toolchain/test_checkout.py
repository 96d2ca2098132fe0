"""Scripts run from every checkout: git may be told to write CRLF."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from toolchain.layout import ROOT


def git(*arguments: str | Path, folder: Path) -> str:
    options = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    done = subprocess.run(
        ["git", *options, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_a_checkout_with_crlf_has_line_feeds(tmp_path: Path) -> None:
    origin = tmp_path / "origin"
    (origin / "toolchain").mkdir(parents=True)
    files = [
        ".gitattributes",
        "Makefile",
        "toolchain/bootstrap.sh",
        "toolchain/node.py",
        "toolchain/pty.cjs",
    ]
    for name in files:
        shutil.copy(ROOT / name, origin / name)
    git("init", "--quiet", folder=origin)
    git("add", "--all", folder=origin)
    git("commit", "--quiet", "--message", "Files", folder=origin)
    git("clone", "--quiet", "--config", "core.autocrlf=true", origin, "copy", folder=tmp_path)
    assert git("ls-files", folder=tmp_path / "copy").split() == files
    for name in files:
        assert b"\r" not in (tmp_path / "copy" / name).read_bytes(), name


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="this copy is no repository of git's")
def test_no_file_of_ours_has_carriage_returns() -> None:
    for line in git("ls-files", "--eol", folder=ROOT).splitlines():
        assert line.split()[0] in ("i/lf", "i/-text", "i/none"), line
