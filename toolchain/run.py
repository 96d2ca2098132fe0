"""Runs Terraform: with progress, with a limit, and so that an interruption loses no state."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO, Any

import toolchain
from toolchain.errors import ToolchainError
from toolchain.progress import Progress

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_GRACE_SECONDS = 20.0
"""How long Terraform may take to save its state once it was told to stop."""
_POLL_SECONDS = 1.0
_LOCKED = "Error acquiring the state lock"
_DIGEST = "does not have the expected content"


class TerraformError(ToolchainError):
    """A Terraform command failed or was interrupted; its text is one line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """How a command ended.

    Attributes:
        command: what Terraform was to do, such as ``plan``.
        folder: where.
        status: its exit status.
        output: its standard output, where it was captured.
        errors: its standard error.
        interrupted: this process was asked to end meanwhile.
        overdue: it did not end in time and was stopped.
        shown: its outputs were on the terminal as they came.
    """

    command: str
    folder: Path
    status: int
    output: str
    errors: str
    interrupted: bool
    overdue: bool = False
    shown: bool = False

    def check(self, *allowed: int) -> Done:
        """Return this, or fail with one line below Terraform's own words.

        Args:
            allowed: exit statuses that are none of a failure; 0 by default.

        Raises:
            TerraformError: another status, or the command was interrupted.
        """
        if self.status in (allowed or (0,)) and not self.interrupted and not self.overdue:
            return self
        if not self.shown:
            sys.stderr.write(self.errors)
        raise TerraformError(f"terraform {self.command} in {self.folder}: {self.reason()}")

    @property
    def locked(self) -> bool:
        """Whether another run held the state's lock."""
        return _LOCKED in self.errors

    def reason(self) -> str:
        """Why it failed and what to do, in one line."""
        if self.interrupted:
            return "interrupted; run it again, it goes on from there"
        if self.overdue:
            return "stopped, because it did not end in time"
        if self.locked:
            return self._lock()
        if _DIGEST in self.errors:
            stack = self.folder.name
            return (
                "the state in S3 is not the one whose digest is in the lock table; run "
                f"'make restore-state STACK={stack}' (docs/runbooks/state.md)"
            )
        found = re.search(r"^\W*Error: (.*\S)\s*$", self.errors, re.MULTILINE)
        why = found[1].rstrip(".") if found else f"ended with status {self.status}"
        return f"{why}; see above"

    def _lock(self) -> str:
        """Who holds the lock: Terraform prints ``Lock Info`` with one ``Name: value`` a line."""
        found = dict(
            re.findall(r"^\W*(Operation|Who|Created):[ \t]+(\S.*?)\s*$", self.errors, re.M)
        )
        return (
            f"the state is locked by {found.get('Who', 'somebody')} since "
            f"{found.get('Created', 'a while')} ({found.get('Operation', 'another run')}); wait "
            f"until it ends and run it again; 'make show-lock STACK={self.folder.name}' tells whether "
            "it still runs"
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """How long a command may take.

    Attributes:
        seconds: altogether.
        silent_seconds: without a line. While a provider waits for a resource, Terraform prints one
            every ten seconds; it prints none while a call is not answered.
    """

    seconds: float
    silent_seconds: float


def run_terraform(
    folder: Path,
    command: str,
    *options: str,
    to: IO[str] | None = None,
    shown: bool = False,
    base: Mapping[str, str] | None = None,
    limit: Limit | None = None,
) -> Done:
    """Run Terraform in a folder, with the project's own environment, in plain text.

    Whenever nothing was shown for ten seconds, a line on standard error tells what it is doing.

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
        limit: when Terraform is interrupted, and at last killed; never by default.

    Raises:
        ToolchainError: ``make setup`` has not run.
    """
    program = toolchain.terraform()
    environment = toolchain.environment(base)
    # What was printed before stands above what Terraform prints.
    sys.stdout.flush()
    with (
        _Interruptions() as interruptions,
        Progress(
            f"terraform {command}", endpoint=environment.get("AWS_ENDPOINT_URL", "AWS")
        ) as progress,
        subprocess.Popen(
            [str(program), f"-chdir={folder}", *command.split(), "-no-color", *options],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=to or subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            process_group=0,
        ) as process,
    ):
        interruptions.forward_to(process)
        output = _Reader(process.stdout, progress, sys.stdout if shown else None)
        errors = _Reader(process.stderr, progress, sys.stderr if shown else None)
        overdue = limit is not None and not _ended(process, progress, limit)
        # Also what is only shown is read to its end: the block closes the streams.
        printed, complaints = output.text(), errors.text()
        return Done(
            command=command,
            folder=folder,
            output="" if shown else printed,
            errors=complaints,
            status=process.wait(),
            interrupted=interruptions.received,
            overdue=overdue,
            shown=shown,
        )


def _ended(process: subprocess.Popen[str], progress: Progress, limit: Limit) -> bool:
    """Wait for the end; past the limit, make an end of it and return False."""
    deadline = time.monotonic() + limit.seconds
    while time.monotonic() < deadline and progress.silent_seconds < limit.silent_seconds:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_POLL_SECONDS)
            return True
    process.send_signal(signal.SIGINT)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE_SECONDS)
    # Its providers are in its group.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    return False


class _Reader:
    """Reads one output of a process in a thread, and copies it where a person sees it."""

    def __init__(self, stream: IO[str] | None, progress: Progress, copy_to: IO[str] | None) -> None:
        self._lines: list[str] = []
        self._thread = threading.Thread(
            target=self._read, args=(stream or (), progress, copy_to), daemon=True
        )
        self._thread.start()

    def _read(self, stream: IO[str], progress: Progress, copy_to: IO[str] | None) -> None:
        for line in stream:
            self._lines.append(line)
            if copy_to:
                copy_to.write(line)
                copy_to.flush()
            progress.line(line, shown=copy_to is not None)

    def text(self) -> str:
        """All that was read, once the stream has ended."""
        self._thread.join()
        return "".join(self._lines)


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
