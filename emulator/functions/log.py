"""A worker's log: its stream in CloudWatch Logs, and the function's file beside the emulator."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from emulator.functions import platform_lines
from emulator.functions.deployed import Function
from emulator.functions.output import Output, append
from emulator.functions.platform_lines import Report


class Streams(Protocol):
    """The log streams of every account and region."""

    def put(self, function: Function, stream: str, messages: Sequence[str], *, new: bool) -> None:
        """Adds events to a stream of the function's log group.

        Args:
            function: whose log group.
            stream: its name.
            messages: of the events, in order.
            new: whether the stream, and its group if need be, are made first.
        """


class WorkerLog:
    """What is written by and about one worker."""

    def __init__(self, function: Function, *, file: Path, streams: Streams | None) -> None:
        """Makes the log; its stream is made when there is something to write.

        Args:
            function: that the worker runs.
            file: where what it writes is added.
            streams: where events are put; nowhere without them.
        """
        self._function = function
        self._file = file
        self._streams = streams
        self._new = True
        self.stream = _stream(function)
        self.output = Output(file, self._put)
        self._began = time.monotonic()
        self._start_seconds: float | None = None

    def loaded(self) -> None:
        """The worker can take its first request."""
        self._start_seconds = time.monotonic() - self._began

    def begin(self, request_id: str) -> None:
        """An invocation begins."""
        self._put(platform_lines.start(self._function, request_id))
        self._began = time.monotonic()

    def end(self, request_id: str, *, memory_mib: int | None, status: str) -> None:
        """An invocation has ended.

        Args:
            request_id: of the invocation.
            memory_mib: the most that the worker has used; None if that is not known.
            status: see `Report`.
        """
        seconds = time.monotonic() - self._began
        self.output.flush()
        told = Report(
            request_id=request_id,
            seconds=seconds,
            memory_mib=memory_mib,
            start_seconds=self._start_seconds,
            status=status,
        )
        self._start_seconds = None
        self._put(platform_lines.report(self._function, told))

    def add(self, payload: bytes) -> None:
        """Adds what the function itself could not write."""
        self.output.flush()
        append(self._file, payload + b"\n")
        self._put([payload.decode(errors="replace")])

    def _put(self, lines: list[str]) -> None:
        if lines and self._streams:
            self._streams.put(self._function, self.stream, lines, new=self._new)
            self._new = False


def _stream(function: Function) -> str:
    """A stream's name; one of a group that functions may share begins with whose it is.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html
    """
    shared = function.log_group != f"/aws/lambda/{function.name}"
    whose = function.name if shared else ""
    return f"{datetime.now(UTC):%Y/%m/%d}/{whose}[{function.version}]{uuid.uuid4().hex}"
