"""What a person sees of a talkative command, and what the log keeps."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from local.progress import follow
from tests.support.interrupted import interrupted
from toolchain import progress

OUTPUT = r"""
print("dev  \x1b[1maws_vpc.network_vpc_AB: Creation complete after 11s [id=vpc-1]\x1b[0m")
print("dev  aws_db_instance.x: Still creating... [1m30s elapsed]")
print("dev  aws_db_instance.x: Still creating... [1m40s elapsed]")
print("dev  ephemeral.aws_secretsmanager_random_password.x: Opening complete after 0s")
print("dev  + cidr_block = 10.0.0.0/16")
print("Plan: 104 to add, 0 to change, 0 to destroy.")
"""


def run(code: str, log: Path) -> int:
    command = [sys.executable, "-c", code]
    return follow(command, folder=log.parent, process=os.environ, log=log)


def test_progress_is_shown_and_the_rest_is_in_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "deploy.log"
    assert run(OUTPUT, log) == 0
    assert capsys.readouterr().out.splitlines() == [
        "    aws_vpc.network_vpc_AB: Creation complete after 11s",
        "    Plan: 104 to add, 0 to change, 0 to destroy.",
    ]
    assert "cidr_block" in log.read_text()
    assert "\x1b" not in log.read_text()


def test_progress_of_one_among_several_carries_its_label(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [sys.executable, "-c", "print('Apply complete! Resources: 2 added')"]
    log = tmp_path / "x.log"
    assert follow(command, folder=tmp_path, process=os.environ, log=log, label="prod: ") == 0
    assert capsys.readouterr().out == "    prod: Apply complete! Resources: 2 added\n"
    assert log.read_text() == "Apply complete! Resources: 2 added\n"


def test_silence_is_filled_with_what_is_being_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "_SILENCE_SECONDS", 0.1)
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    told: list[str] = []

    def tell(text: str, **_: object) -> None:
        told.append(text)
        if "creating" in text:
            monkeypatch.setattr(progress, "_SILENCE_SECONDS", 60)
            gate.write_text("")

    monkeypatch.setattr("builtins.print", tell)
    said = "dev  aws_db_instance.x: Still creating... [1m40s elapsed]"
    code = f"print({said!r}, flush=True)\nopen({str(gate)!r}).read()"
    assert run(code, tmp_path / "deploy-dev.log") == 0
    assert told[-1].startswith("    deploy-dev: ")
    assert told[-1].endswith(" s, creating aws_db_instance.x")


def test_a_failure_shows_each_error_and_the_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = (
        "import sys\n"
        "for i in range(200): print('a', i)\n"
        "print('rsync: command not found')\n"
        "for i in range(200): print('b', i)\n"
        "sys.exit(127)"
    )
    assert run(code, tmp_path / "x.log") == 127
    shown = capsys.readouterr().out.splitlines()
    assert "rsync: command not found" in shown
    assert shown[-1] == "b 199"
    assert shown.count("…") == 2
    assert len(shown) < 30


def test_a_failure_shows_the_end_of_what_was_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = "import sys\nfor i in range(200): print('line', i)\nsys.exit(3)"
    assert run(code, tmp_path / "x.log") == 3
    shown = capsys.readouterr().out.splitlines()
    assert shown[-1] == "line 199"
    assert len(shown) < 100


INTERRUPTED = """
import os, signal, sys
from pathlib import Path
from local.progress import follow
log = Path(sys.argv[1])
command = [sys.executable, "-c", sys.argv[2]]
try:
    follow(command, folder=log.parent, process=os.environ, log=log)
except KeyboardInterrupt:
    sys.exit("interrupted")
"""
SLOW_TO_END = """
import os, signal
def end(number, frame):
    os.write(1, b"x" * 100_000 + b"\\nApply complete! Resources: 1 added\\n")
    os._exit(1)
signal.signal(signal.SIGINT, end)
os.write(1, b"Plan: 1 to add\\n")  # not print: the handler may come before its end
while True:
    signal.pause()
"""


def test_ctrl_c_waits_for_the_command_and_keeps_its_words(tmp_path: Path) -> None:
    log = tmp_path / "deploy.log"
    command = [sys.executable, "-c", INTERRUPTED, str(log), SLOW_TO_END]
    assert interrupted(command, ready="Plan: 1 to add").stderr == "interrupted\n"
    said = log.read_text()
    assert said.startswith("Plan: 1 to add\nxxx")
    assert said.endswith("xxx\nApply complete! Resources: 1 added\n")
