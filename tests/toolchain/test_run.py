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
from toolchain.run import run_terraform


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


def test_the_handlers_of_before_are_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toolchain, "terraform", lambda: program(tmp_path, ""))
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    assert run_terraform(tmp_path, "init").status == 0
    assert [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)] == before
