"""Ctrl-C, as a terminal sends it: to every process of the command's group."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def interrupted(
    command: Sequence[str | Path],
    *,
    ready: str,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
    signals: Sequence[signal.Signals] = (signal.SIGINT,),
) -> subprocess.CompletedProcess[str]:
    """Run a command, send its whole group signals once it is ready, and wait for its end.

    Args:
        command: program and arguments.
        ready: stands in the line of standard output after which the signals are sent.
        cwd: where it runs; the repository by default.
        env: its environment; ours by default.
        signals: what is sent.

    Returns:
        Exit status, and all that it printed.
    """
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Ignored by what runs in a shell's background, which the tests themselves may do.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as program:
        assert program.stdout is not None
        before = ""
        for line in program.stdout:
            before += line
            if ready in line:
                break
        else:
            pytest.fail(f"it ended before {ready!r}:\n{before}{program.communicate()[1]}")
        for number in signals:
            os.killpg(program.pid, number)
        after, errors = program.communicate(timeout=60)
    return subprocess.CompletedProcess(command, program.returncode, before + after, errors)
