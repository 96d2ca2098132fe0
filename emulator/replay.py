"""Answers a retried call with the first answer, so that nothing is created twice.

AWS makes its operations idempotent by tokens in requests, which moto ignores. All attempts of one
call carry the same id, whatever the operation. Source:
https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from emulator.wsgi import Application, Headers, StartResponse

_ID = "HTTP_AMZ_SDK_INVOCATION_ID"
_MOST_ANSWERS = 512
_MOST_BYTES = 64 * 1024
"""Longer answers are not kept: only reads have them, and a read may be repeated."""

_LOGGER = logging.getLogger("emulator.replay")


@dataclass(frozen=True, slots=True)
class _Answer:
    status: str
    headers: Headers
    body: list[bytes]


def with_replay(application: Application) -> Application:
    """Gives the answer of an attempt that succeeded again to further attempts of the same call.

    Belongs inside the lock: an attempt that comes while another is answered must wait for it.

    Args:
        application: gets every first attempt, and those after one that failed.
    """
    answers: OrderedDict[str, _Answer] = OrderedDict()

    def replayed(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        call = environ.get(_ID)
        if not call:
            return application(environ, start_response)
        if call in answers:
            known = answers[call]
            _LOGGER.warning("an answer was lost and is given again: %s", environ["PATH_INFO"])
            start_response(known.status, known.headers)
            return known.body
        begun: list[tuple[str, Headers]] = []

        def begin(status: str, headers: Headers, *error: Any) -> Any:
            begun.append((status, headers))
            return start_response(status, headers, *error)

        body = list(application(environ, begin))
        status, headers = begun[-1]
        if status.startswith("2") and sum(map(len, body)) <= _MOST_BYTES:
            answers[call] = _Answer(status, list(headers), body)
            if len(answers) > _MOST_ANSWERS:
                answers.popitem(last=False)
        return body

    return replayed
