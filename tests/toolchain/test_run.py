"""An interruption reaches Terraform once, and what it prints is passed on whatever it is."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import toolchain
from toolchain import progress
from toolchain.run import Done, Limit, TerraformError, run_terraform

LOCKED = """\
│ Error: Error acquiring the state lock
│ Lock Info:
│   ID:        6f1d
│   Operation: OperationTypeApply
│   Who:       ann@desk
│   Created:   2026-03-14 09:30
"""


def program(folder: Path, body: str) -> Path:
    """A Python program that stands for Terraform."""
    path = folder / "terraform"
    path.write_text(f"#!{sys.executable}\n{body}")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_only_the_first_interruption_is_passed_on(tmp_path: Path) -> None:
    wait = tmp_path / "wait"
    os.mkfifo(wait)
    path = program(
        tmp_path,
        "import os, signal\n"
        "def tell(number, frame):\n"
        "    os.write(1, f'got {signal.Signals(number).name}\\n'.encode())\n"
        "signal.signal(signal.SIGINT, tell)\n"
        "signal.signal(signal.SIGTERM, tell)\n"
        "os.write(1, b'ready\\n')  # not print: the handler may come before its end\n"
        f"open({str(wait)!r}).read()\n",
    )
    code = (
        "from pathlib import Path\n"
        "import toolchain\n"
        "from toolchain.run import run_terraform\n"
        f"toolchain.terraform = lambda: Path({str(path)!r})\n"
        "done = run_terraform(Path(), 'apply', shown=True)\n"
        "print(done.status, done.interrupted)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=toolchain.ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as job:
        assert job.stdout is not None
        assert job.stdout.readline() == "ready\n"
        job.send_signal(signal.SIGTERM)
        assert job.stdout.readline() == "got SIGINT\n"
        job.send_signal(signal.SIGTERM)
        job.send_signal(signal.SIGINT)
        wait.write_text("")
        assert job.stdout.read() == "0 True\n"


def test_an_interruption_while_terraform_starts_is_passed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Starting(subprocess.Popen[str]):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            os.kill(os.getpid(), signal.SIGTERM)
            super().__init__(*arguments, **options)

    # It waits for the signal, and ends well only if none comes.
    path = program(
        tmp_path,
        "import signal\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])\n"
        "raise SystemExit(signal.sigtimedwait([signal.SIGINT], 10) is not None)\n",
    )
    monkeypatch.setattr(toolchain, "terraform", lambda: path)
    monkeypatch.setattr(subprocess, "Popen", Starting)
    done = run_terraform(tmp_path, "apply", shown=True)
    assert done.interrupted
    assert done.status != 0


def test_bytes_that_are_no_text_are_passed_on_as_marks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    body = "import sys\nsys.stderr.buffer.write(b'caf\\xe9\\n')\nsys.exit(4)\n"
    path = program(tmp_path, body)
    monkeypatch.setattr(toolchain, "terraform", lambda: path)
    done = run_terraform(tmp_path, "apply", shown=True)
    assert (done.status, done.errors, done.interrupted) == (4, "caf�\n", False)
    assert capsys.readouterr().err == "caf�\n"


def test_a_failure_is_one_line_below_terraforms_own_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = program(
        tmp_path, "import sys\nprint('Error: No such stack', file=sys.stderr)\nsys.exit(1)\n"
    )
    monkeypatch.setattr(toolchain, "terraform", lambda: path)
    with pytest.raises(TerraformError) as caught:
        run_terraform(tmp_path, "plan").check(0, 2)
    assert str(caught.value) == f"terraform plan in {tmp_path}: No such stack; see above"
    assert capsys.readouterr().err == "Error: No such stack\n"


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (LOCKED, "the state is locked by ann@desk since 2026-03-14 09:30 (OperationTypeApply)"),
        (
            "Error: state data in S3 does not have the expected content.",
            "make restore-state STACK=",
        ),
        ("", "ended with status 1"),
    ],
)
def test_known_failures_are_told_with_their_remedy(said: str, line: str, tmp_path: Path) -> None:
    done = Done(
        command="plan", folder=tmp_path, status=1, output="", errors=said, interrupted=False
    )
    assert line in done.reason()
    assert "\n" not in done.reason()


def test_a_silent_command_tells_what_it_is_doing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "_SILENCE_SECONDS", 0.05)
    monkeypatch.setattr(progress, "_WITHOUT_ANSWER_SECONDS", 0.2)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    path = program(
        tmp_path,
        "print('aws_db_proxy.proxy_AB12: Refreshing state... [id=x]', flush=True)\n"
        "print('  + password = secret...', flush=True)\n"
        f"open({str(gate)!r}).read()\n",
    )
    monkeypatch.setattr(toolchain, "terraform", lambda: path)
    told: list[str] = []

    def tell(line: str) -> None:
        told.append(line)
        if "waits for an answer of http://127.0.0.1:1, or asks again" in line:
            monkeypatch.setattr(progress, "_SILENCE_SECONDS", 60)
            gate.write_text("")

    monkeypatch.setattr("toolchain.progress.print_to_stderr", tell)
    run_terraform(tmp_path, "plan").check()
    assert told[-1].startswith("terraform plan: ")
    assert ", reading aws_db_proxy.proxy_AB12" in told[-1]
    assert not any("secret" in line for line in told)


@pytest.mark.parametrize(
    "limit", [Limit(seconds=0.5, silent_seconds=60), Limit(seconds=60, silent_seconds=0.5)]
)
def test_a_command_that_does_not_end_is_stopped(
    limit: Limit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toolchain.run._POLL_SECONDS", 0.05)
    monkeypatch.setattr("toolchain.run._GRACE_SECONDS", 0.1)
    path = program(
        tmp_path,
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: signal.pause()\n",
    )
    monkeypatch.setattr(toolchain, "terraform", lambda: path)
    done = run_terraform(tmp_path, "destroy", limit=limit)
    assert done.overdue
    with pytest.raises(TerraformError, match="stopped, because it did not end in time"):
        done.check()


def test_the_handlers_of_before_are_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toolchain, "terraform", lambda: program(tmp_path, ""))
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    assert run_terraform(tmp_path, "init").status == 0
    assert [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)] == before


def test_what_is_shown_is_shown_to_its_last_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    path = program(tmp_path, "print('a line\\n' * 20_000 + 'the last')\n")
    monkeypatch.setattr(toolchain, "terraform", lambda: path)
    run_terraform(tmp_path, "apply", shown=True)
    assert capfd.readouterr().out.endswith("a line\nthe last\n")
