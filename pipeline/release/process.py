"""Runs one Terraform command so that an interruption lets it save its state and free its lock."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO, Any

import toolchain
from pipeline.errors import PipelineError
from pipeline.release.seal import KEY_VARIABLE

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


def run(folder: Path, *arguments: str, to: IO[str] | None = None, shown: bool = False) -> Done:
    """Run Terraform in a folder, with the project's own environment and without ``PLAN_KEY``.

    Terraform runs in a process group of its own, and an interruption reaches it once, through us:
    it then ends in good order. A second one would make it leave without saving its state, and
    comes easily: a terminal or a runner tells the whole group, and ``make`` tells its children.

    Args:
        folder: the stack's folder.
        arguments: the command and its options.
        to: where standard output goes instead of being captured.
        shown: both outputs go to the terminal as they come; only standard error is captured too.

    Raises:
        PipelineError: the project's tools are not installed.
    """
    try:
        program = toolchain.terraform()
        environment = toolchain.environment(_without_key())
    except toolchain.ToolchainError as error:
        raise PipelineError(str(error)) from None
    # What was printed before stands above what Terraform prints.
    sys.stdout.flush()
    with (
        _Interruptions() as interruptions,
        subprocess.Popen(
            [str(program), f"-chdir={folder}", *arguments],
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


def _without_key() -> dict[str, str]:
    """Providers and provisioners need no key to the plans."""
    return {name: value for name, value in os.environ.items() if name != KEY_VARIABLE}


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
