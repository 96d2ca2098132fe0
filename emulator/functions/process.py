"""A worker process, seen from the emulator.

Requests and answers go over a socket pair as length-prefixed messages, apart from the code's own
standard output, which goes to its log. Messages:

    worker → emulator   once, after loading: nothing if that worked, else the error as JSON
    emulator → worker   a request: its description as JSON, then the event
    worker → emulator   its answer: nothing or `error`, then the payload
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from emulator.functions.log import WorkerLog

_PROGRAM = Path(__file__).with_name("worker.py")
_LOAD_SECONDS = 60.0
"""AWS allows 10 s; a developer's busy machine needs more."""


class WorkerTimeout(Exception):
    """The worker did not answer in time."""


class WorkerExit(Exception):
    """The worker ended; the message says how, as Lambda does."""


class Worker:
    """A process that runs one handler. Not for two threads at once."""

    def __init__(
        self, handler: str, *, environment: Mapping[str, str], folder: Path, log: WorkerLog
    ) -> None:
        """Starts the process, which loads the handler meanwhile.

        Args:
            handler: such as `rag.app.handler`.
            environment: of the process, whole.
            folder: its working folder.
            log: takes its output.
        """
        self.idle_since = time.monotonic()
        self.log = log
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                # Without script folder, user site, .pyc files beside the sources, and output buffer.
                [sys.executable, "-PsBu", str(_PROGRAM), str(theirs.fileno()), handler],
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log.output.writing,
                stderr=subprocess.STDOUT,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        log.output.follow()
        self._connection = Connection(ours.detach())
        # Waits for the process, so that it does not stay a zombie.
        threading.Thread(target=self._process.wait, daemon=True).start()

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    @property
    def memory_mib(self) -> int | None:
        """The most memory that the process has used; None where the system does not say."""
        try:
            status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        except OSError:
            return None
        found = re.search(r"^VmHWM:\s*(\d+) kB$", status, re.MULTILINE)
        return -(-int(found[1]) // 1024) if found else None

    def loaded(self) -> bytes:
        """Waits until the handler is loaded.

        Returns:
            Nothing, or the error as JSON.

        Raises:
            WorkerTimeout: if it takes longer than a minute.
            WorkerExit: if the process ends.
        """
        with self._exits():
            return self._receive(_LOAD_SECONDS)

    def run(self, request: Mapping[str, Any], event: bytes, seconds: float) -> tuple[bool, bytes]:
        """Runs the handler.

        Args:
            request: what the handler's context tells.
            event: JSON.
            seconds: how long it may take.

        Returns:
            Whether the handler failed, and the payload.

        Raises:
            WorkerTimeout: if it does not answer in time.
            WorkerExit: if the process ends instead.
        """
        with self._exits():
            self._connection.send_bytes(json.dumps(request).encode())
            self._connection.send_bytes(event)
            error = self._receive(seconds)
            return bool(error), self._connection.recv_bytes()

    def close(self) -> None:
        """Ends the process, and what it may have started."""
        if self.alive:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._connection.close()
        self._process.wait()

    def _receive(self, seconds: float) -> bytes:
        if not self._connection.poll(seconds):
            raise WorkerTimeout
        return self._connection.recv_bytes()

    @contextlib.contextmanager
    def _exits(self) -> Any:
        try:
            yield
        except (EOFError, OSError):
            raise WorkerExit(_described(self._status())) from None

    def _status(self) -> int:
        """How the process ended; it has closed its side, so it is about to."""
        try:
            return self._process.wait(5)
        except subprocess.TimeoutExpired:
            self.close()
            return self._process.wait()


def _described(status: int) -> str:
    if status == 0:
        return "Runtime exited without providing a reason"
    if status < 0:
        name = signal.Signals(-status).name.removeprefix("SIG").lower()
        return f"Runtime exited with error: signal: {_SPELLED.get(name, name)}"
    return f"Runtime exited with error: exit status {status}"


_SPELLED = {"kill": "killed", "term": "terminated", "segv": "segmentation fault", "abrt": "aborted"}
