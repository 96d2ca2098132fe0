"""Tells what a long command is doing whenever nothing was shown for ten seconds."""

from __future__ import annotations

import re
import sys
import threading
import time
from collections.abc import Callable
from types import TracebackType

_SILENCE_SECONDS = 10.0
_WITHOUT_ANSWER_SECONDS = 30.0
"""A provider that waits for a resource prints a line every ten seconds; one that waits for an
answer, or repeats a call that failed, prints none."""

_DOING = re.compile(
    r"(?P<address>(?:[\w-]+\.)+[\w.\[\]\"-]+): (?:Still )?(?P<verb>[A-Za-z]+ing)\b[\w ]*\.\.\."
)
_ENDED = re.compile(r"(?P<address>(?:[\w-]+\.)+[\w.\[\]\"-]+): [A-Za-z ]+ complete after")
_PREPARING = re.compile(
    r"(?P<verb>Initializing|Acquiring|Releasing) (?P<what>[a-z ]+?)(?:\.| This)"
)


def print_to_stderr(line: str) -> None:
    """Print a line on standard error at once."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


class Progress:
    """Shows a line such as ``terraform plan: 20 s, reading aws_db_proxy.proxy``.

    Used as a context manager around the command; safe to call from any thread.
    """

    def __init__(
        self,
        command: str,
        show: Callable[[str], object] | None = None,
        *,
        endpoint: str | None = None,
    ) -> None:
        """Name the command.

        Args:
            command: what a person would call it, such as ``terraform plan``.
            show: prints one line; on standard error by default.
            endpoint: who answers the calls of Terraform's provider, where it is one that is run.
        """
        self._command = command
        self._show = show or print_to_stderr
        self._endpoint = endpoint
        self._doing = ""
        self._started = self._last_shown = self._last_line = time.monotonic()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Progress:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def silent_seconds(self) -> float:
        """How long the command has printed nothing."""
        return time.monotonic() - self._last_line

    def line(self, text: str, *, shown: bool) -> None:
        """Take note of a line that the command printed.

        Args:
            text: the line.
            shown: it is on the terminal already.
        """
        self._last_line = time.monotonic()
        if shown:
            self._last_shown = self._last_line
        # Only what stands for an action: a plan's other lines may hold secrets.
        if found := _DOING.search(text):
            verb = "reading" if found["verb"] == "Refreshing" else found["verb"].lower()
            self._doing = f"{verb} {found['address']}"
        elif found := _ENDED.search(text):
            self._doing = "" if self._doing.endswith(f" {found['address']}") else self._doing
        elif found := _PREPARING.search(text):
            self._doing = f"{found['verb'].lower()} {found['what']}"

    def _watch(self) -> None:
        while not self._ended.wait(self._last_shown + _SILENCE_SECONDS - time.monotonic()):
            now = time.monotonic()
            if now - self._last_shown >= _SILENCE_SECONDS:
                self._show(self._text(now))
                self._last_shown = now

    def _text(self, now: float) -> str:
        parts = [f"{self._command}: {now - self._started:.0f} s", self._doing]
        silent = self.silent_seconds
        if self._endpoint and self._doing and silent >= _WITHOUT_ANSWER_SECONDS:
            parts.append(
                f"no line for {silent:.0f} s: it waits for an answer of {self._endpoint}, or asks "
                "again after an error"
            )
        return ", ".join(filter(None, parts))
