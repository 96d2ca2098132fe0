"""Runs one Terraform command so that an interruption lets it save its state and free its lock."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO, Any

import toolchain

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """How a command ended.

    Attributes:
        status: its exit status.
        output: its standard output, where it was captured.
        errors: its standard error.
        interrupted: the job was asked to end meanwhile.
    """

    status: int
    output: str
    errors: str
    interrupted: bool


def run_terraform(
    folder: Path,
    command: str,
    *options: str,
    to: IO[str] | None = None,
    shown: bool = False,
    base: Mapping[str, str] | None = None,
) -> Done:
    """Run Terraform in a folder, with the project's own environment, in plain text.

    Terraform runs in a process group of its own, and an interruption reaches it once, through us:
    it then ends in good order. A second one would make it leave without saving its state, and
    comes easily: a terminal or a runner tells the whole group, and ``make`` tells its children.

    Args:
        folder: the stack's folder.
        command: what Terraform shall do, such as ``plan``.
        options: of the command.
        to: where standard output goes instead of being captured.
        shown: both outputs go to the terminal as they come; only standard error is captured too.
        base: the environment to start from, with its credentials; the process's own by default.

    Raises:
        ToolchainError: ``make setup`` has not run.
    """
    program = toolchain.terraform()
    environment = toolchain.environment(base)
    # What was printed before stands above what Terraform prints.
    sys.stdout.flush()
    with (
        _Interruptions() as interruptions,
        subprocess.Popen(
            [str(program), f"-chdir={folder}", command, "-no-color", *options],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=None if shown else to or subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            process_group=0,
        ) as process,
    ):
        interruptions.forward_to(process)
        output, errors = ("", _copied(process)) if shown else process.communicate()
    return Done(
        status=process.returncode,
        output=output or "",
        errors=errors,
        interrupted=interruptions.received,
    )


def _copied(process: subprocess.Popen[str]) -> str:
    lines = []
    for line in process.stderr or ():
        sys.stderr.write(line)
        sys.stderr.flush()
        lines.append(line)
    return "".join(lines)


class _Interruptions:
    """Turns SIGINT and SIGTERM into one SIGINT for a process, while the block lasts."""

    def __init__(self) -> None:
        self.received = False
        self._passed_on = False
        self._process: subprocess.Popen[str] | None = None
        self._previous: dict[signal.Signals, Any] = {}

    def __enter__(self) -> _Interruptions:
        # Python sets handlers in its main thread only.
        if threading.current_thread() is threading.main_thread():
            self._previous = {number: signal.signal(number, self._receive) for number in _SIGNALS}
        return self

    def forward_to(self, process: subprocess.Popen[str]) -> None:
        """Name the process once it runs; one that came before is forwarded now."""
        self._process = process
        self._pass_on()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    def _receive(self, _number: int, _frame: FrameType | None) -> None:
        self.received = True
        self._pass_on()

    def _pass_on(self) -> None:
        if self.received and not self._passed_on and self._process is not None:
            self._passed_on = True
            self._process.send_signal(signal.SIGINT)
