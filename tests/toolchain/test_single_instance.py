"""A command that runs once at a time, and the lock of one that was killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from toolchain.errors import ToolchainError
from toolchain.layout import ROOT
from toolchain.lock import single_instance

HOLD = """
import sys
from pathlib import Path
from toolchain.lock import single_instance
with single_instance(Path(sys.argv[1]), "make deploy-local ENV=dev"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_second_is_told_of_the_first_and_a_killed_one_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / ".local" / "deploy.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        with (
            pytest.raises(ToolchainError) as caught,
            single_instance(path, "make destroy-local ENV=dev"),
        ):
            pytest.fail("two at once")
        assert str(caught.value) == (
            f"make destroy-local ENV=dev: 'make deploy-local ENV=dev' (process {first.pid}) is "
            "running in this clone; wait until it has ended"
        )
        first.kill()
    with single_instance(path, "make destroy-local ENV=dev"):
        assert "destroy-local" in path.read_text()
