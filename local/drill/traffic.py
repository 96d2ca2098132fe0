"""Requests at an even pace, as people would send them, and how they were answered."""

from __future__ import annotations

import http.client
import json
import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from local.examples import Example

_TIMEOUT_SECONDS = 40
"""API Gateway itself gives up after 30."""

_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""A proxy cannot reach this machine's own addresses."""


class Traffic:
    """What came back so far. Threads may share it."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._lock = threading.Lock()
        self._statuses: Counter[str] = Counter()

    def answered(self, status: str) -> None:
        """Count an answer."""
        with self._lock:
            self._statuses[status] += 1

    def take(self) -> dict[str, int]:
        """The answers by status since the last call."""
        with self._lock:
            taken, self._statuses = self._statuses, Counter()
        return dict(sorted(taken.items()))


@contextmanager
def sending(api: str, example: Example, *, per_second: float, senders: int) -> Iterator[Traffic]:
    """Send one request again and again for the length of the block.

    Args:
        api: where the API answers.
        example: the request.
        per_second: how many a second altogether, unless answers take longer.
        senders: how many wait for an answer at once.
    """
    traffic, end = Traffic(), threading.Event()

    def send() -> None:
        while not end.wait(senders / per_second):
            traffic.answered(_ask(api, example))

    threads = [threading.Thread(target=send, daemon=True) for _ in range(senders)]
    for thread in threads:
        thread.start()
    try:
        yield traffic
    finally:
        end.set()
        for thread in threads:
            thread.join(_TIMEOUT_SECONDS)


def _ask(api: str, example: Example) -> str:
    request = urllib.request.Request(  # noqa: S310 - a URL of the emulator
        api + example.path,
        data=json.dumps(example.body).encode(),
        headers={"content-type": "application/json"},
    )
    try:
        with _OPENER.open(request, timeout=_TIMEOUT_SECONDS) as answer:
            answer.read()
            return str(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return str(error.code)
    except (OSError, http.client.HTTPException):
        return "no answer"
