"""One set-up at a time in a clone; a second waits, and a crash leaves no lock."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from toolchain.layout import ROOT

HOLDER = """
import sys
from pathlib import Path
from toolchain.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def start(path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HOLDER, path],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def read(process: subprocess.Popen[str], until: str) -> str:
    """Return what a process prints until it has printed something."""
    assert process.stdout is not None
    text = ""
    while until not in text:
        character = process.stdout.read(1)
        assert character, f"it ended after {text!r}"
        text += character
    return text


def test_a_second_one_says_that_it_waits(tmp_path: Path) -> None:
    with start(tmp_path / "folder" / "lock") as first:
        assert read(first, "held\n") == "held\n"
        with start(tmp_path / "folder" / "lock") as second:
            assert "waiting" in read(second, " ... ")
            first.communicate("")
            assert read(second, "held\n").startswith("done ")


def test_a_holder_that_is_killed_leaves_no_lock(tmp_path: Path) -> None:
    with start(tmp_path / "lock") as first:
        read(first, "held\n")
        first.send_signal(signal.SIGKILL)
    with start(tmp_path / "lock") as second:
        assert read(second, "held\n") == "held\n"
