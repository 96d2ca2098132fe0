"""What a worker writes: kept in a file as it is, and handed on in lines."""

from __future__ import annotations

import logging
import os
import select
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

Lines = Callable[[list[str]], None]

_PIECE: Final = 1 << 16
_MOST_AT_ONCE: Final = 4 * _PIECE
"""More than a pipe holds: what was written before an answer is read with it."""
_LONGEST_LINE: Final = 256 * 1024
"""Bytes; a longer line is several events, as in CloudWatch Logs."""
_LONGEST_FILE: Final = 16 * 1024 * 1024
"""Bytes; a longer file is put aside, in place of the one before it."""
_LOGGER = logging.getLogger("emulator.functions")


class Output:
    """The pipe of a worker's standard output and error.

    A thread reads it as it fills; `flush` reads it too, so that nothing of an invocation is missing
    when its answer is given.
    """

    def __init__(self, file: Path, lines: Lines) -> None:
        """Makes the pipe.

        Args:
            file: what is written is added to it.
            lines: takes whole lines, without their ends; called by one thread at a time.
        """
        self._reading, self.writing = os.pipe()
        os.set_blocking(self._reading, False)
        self._file = file
        self._lines = lines
        self._rest = b""
        self._ended = False
        self._lock = threading.Lock()

    def follow(self) -> None:
        """Reads from now on; call it once the worker has its side of the pipe."""
        os.close(self.writing)
        threading.Thread(target=self._follow, daemon=True).start()

    def flush(self) -> None:
        """Reads what has been written by now."""
        with self._lock:
            self._drain()

    def _follow(self) -> None:
        poll = select.poll()
        poll.register(self._reading, select.POLLIN)
        while not self._ended:
            poll.poll()
            self.flush()
        os.close(self._reading)

    def _drain(self) -> None:
        pieces: list[bytes] = []
        while not self._ended and sum(map(len, pieces)) < _MOST_AT_ONCE:
            try:
                piece = os.read(self._reading, _PIECE)
            except BlockingIOError:
                break
            self._ended = not piece
            pieces.append(piece)
        self._keep(b"".join(pieces))

    def _keep(self, written: bytes) -> None:
        if written:
            append(self._file, written)
        *whole, self._rest = (self._rest + written).split(b"\n")
        if self._rest and (self._ended or len(self._rest) > _LONGEST_LINE):
            whole, self._rest = [*whole, self._rest], b""
        lines = [
            line[start : start + _LONGEST_LINE].decode(errors="replace")
            for line in whole
            for start in range(0, len(line), _LONGEST_LINE)
        ]
        if lines:
            try:
                self._lines(lines)
            except Exception:  # a line that is lost must not stop the worker, whose pipe would fill
                _LOGGER.exception("lines of a function are lost")


def append(file: Path, written: bytes) -> None:
    """Adds to a log file; one that has become too long is put aside."""
    with file.open("ab") as log:
        log.write(written)
        length = log.tell()
    if length > _LONGEST_FILE:
        file.replace(file.with_suffix(".log.1"))
