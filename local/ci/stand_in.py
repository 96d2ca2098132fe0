"""The stand-in for GitLab's REST API, as a process beside the runner."""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from emulator.gitlab.state import State, decode, encode
from local.ci.errors import CiError

_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class StandIn:
    """A running stand-in.

    Attributes:
        url: where it answers.
    """

    url: str

    def state(self) -> State:
        """What it knows."""
        with _OPENER.open(f"{self.url}/_control/state", timeout=10) as answer:
            return decode(answer.read())

    def set_state(self, state: State) -> None:
        """Let it know something else."""
        request = urllib.request.Request(  # noqa: S310 - a URL of ours
            f"{self.url}/_control/state", data=encode(state), method="PUT"
        )
        _OPENER.open(request, timeout=10).close()

    def change(self, change: Callable[[State], None]) -> None:
        """Change what it knows."""
        state = self.state()
        change(state)
        self.set_state(state)


@contextmanager
def serving(work: Path) -> Iterator[StandIn]:
    """A stand-in for the length of the block; what it knows is kept in a file in ``work``.

    Raises:
        CiError: it did not start.
    """
    work.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "emulator.gitlab", "--state", str(work / "gitlab.json")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None  # noqa: S101 - for the type checker: it is a pipe
            url = server.stdout.readline().strip()
            if not re.fullmatch(r"http://127\.0\.0\.1:\d+", url):
                raise CiError("the stand-in for GitLab did not start; see above")
            yield StandIn(url)
        finally:
            server.terminate()
