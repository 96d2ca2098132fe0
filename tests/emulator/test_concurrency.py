"""Requests at the same time: each takes effect once, as with AWS."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from typing import Any

from emulator.application import _one_at_a_time


def test_no_request_enters_while_another_is_inside() -> None:
    inside: list[int] = []
    most: list[int] = []

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        inside.append(environ["n"])
        most.append(len(inside))
        time.sleep(0.002)
        yield b"answer"
        inside.remove(environ["n"])

    serialised = _one_at_a_time(application)
    answers: list[list[bytes]] = []

    def call(n: int) -> None:
        answers.append(list(serialised({"n": n}, lambda *_: None)))

    threads = [threading.Thread(target=call, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [[b"answer"]] * 20
    assert max(most) == 1
