"""Set-up and synth with each Python from 3.11 on that this machine has."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from benchmarks import interpreter
from toolchain.layout import ROOT

VERSIONS = ("3.12", "3.13", "3.14")
"""Beside 3.11, with which everything else is tested."""

LEFT_OUT = shutil.ignore_patterns(
    ".*_cache", ".cache", ".git", ".local", ".venv", "__pycache__", "cdktf.out", "node_modules"
)


@pytest.fixture(params=VERSIONS)
def python(request: pytest.FixtureRequest) -> Path:
    version: str = request.param
    found = interpreter.find(version)
    if found is None:
        pytest.skip(f"this machine has no Python {version}, neither on PATH nor from pyenv")
    return found


def run(*command: str | Path, folder: Path, **env: str) -> str:
    """Return what a command printed; fail with it."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_what_sets_up_runs_before_any_package_is_there(python: Path) -> None:
    options = ["-I", "-S", "-c", "import sys; sys.path[:0] = ['.']; import toolchain.__main__"]
    run(python, *options, folder=ROOT)


@pytest.mark.deploy
def test_set_up_and_synth(python: Path, tmp_path: Path) -> None:
    """The locked packages install there, and the stacks are the same byte for byte."""
    clone = tmp_path / "clone"
    shutil.copytree(ROOT, clone, ignore=LEFT_OUT)
    (clone / "node_modules").symlink_to(ROOT / "node_modules")
    run("sh", "toolchain/bootstrap.sh", folder=clone, PYTHON=str(python), MAPVIBE_TOOLS="")
    stacks = []
    for tools in (clone, ROOT):
        run(tools / ".venv" / "bin" / "python", "main.py", folder=clone)
        files = sorted((clone / "cdktf.out" / "stacks").glob("*/cdk.tf.json"))
        stacks.append({file.parent.name: file.read_text() for file in files})
        shutil.rmtree(clone / "cdktf.out")
    theirs, ours = stacks
    assert theirs
    assert theirs == ours
