"""Sends requests so that a fault ends in seconds: a deadline for all, few retries, bounded answers."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import gitlab
import requests
import urllib3
from gitlab._backends.requests_backend import RequestsBackend, RequestsResponse

Answer = TypeVar("Answer")

# Reading and deleting twice is the same as once. A write whose answer was lost may have worked:
# whoever writes has to look first.
_REPEATABLE = frozenset({"get", "delete"})
_TOO_MANY_REQUESTS = 429
_TRANSIENT = frozenset({500, 502, 503, 504, *range(520, 531)})


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How long and how much; seconds unless said otherwise.

    Attributes:
        connect: for a connection to be made.
        read: for the next bytes to come.
        total: for a whole operation, such as publishing a note, with its retries.
        retries: further attempts for one request.
        backoff: before the first retry; doubles with each.
        settle: between writing a note and looking whether another pipeline wrote over it.
        body_bytes: of one answer.
    """

    connect: float = 5.0
    read: float = 10.0
    total: float = 20.0
    retries: int = 2
    backoff: float = 0.5
    settle: float = 1.0
    body_bytes: int = 64 * 1024 * 1024


class Transport(RequestsBackend):
    """python-gitlab's way to send, under limits.

    python-gitlab itself would wait for as long as ``Retry-After`` says, and ``requests`` knows no
    time limit for a whole answer.
    """

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self.limits = limits
        self._deadline: float | None = None

    @contextmanager
    def operation(self) -> Iterator[None]:
        """Bound everything in the block by ``Limits.total``; one inside another changes nothing."""
        if self._deadline is not None:
            yield
            return
        self._deadline = time.monotonic() + self.limits.total
        try:
            yield
        finally:
            self._deadline = None

    def pause(self, seconds: float) -> None:
        """Wait.

        Raises:
            requests.Timeout: the operation's time would be over.
        """
        if seconds >= self._left():
            raise requests.Timeout("the time for the whole operation is over")
        time.sleep(seconds)

    # python-gitlab names every argument but the first two.
    def http_request(  # type: ignore[override]
        self, method: str, url: str, **options: Any
    ) -> RequestsResponse:
        """Send one request, and again after a passing fault.

        Args:
            method: of HTTP.
            url: the whole address.
            options: of ``requests.Session.request``; the limits replace its ``timeout``.

        Raises:
            requests.RequestException: no answer was had.
            gitlab.GitlabHttpError: GitLab asks to come later than we can.
        """
        for attempt in range(self.limits.retries):
            backoff = self.limits.backoff * 2**attempt
            try:
                answer = self._send(method, url, options)
            except requests.exceptions.SSLError:
                raise  # the certificate will be no better
            except (requests.ConnectionError, requests.Timeout):
                if method.lower() not in _REPEATABLE or backoff >= self._left():
                    raise
                self.pause(backoff)
                continue
            wait = _asked_to_wait(answer, method, backoff)
            if wait is None or wait >= self._left():
                return _refuse_to_wait(answer)
            self.pause(wait)
        return _refuse_to_wait(self._send(method, url, options))

    def _left(self) -> float:
        if self._deadline is None:
            return self.limits.total
        return self._deadline - time.monotonic()

    def _send(self, method: str, url: str, options: dict[str, Any]) -> RequestsResponse:
        left = self._left()
        if left <= 0:
            raise requests.Timeout("the time for the whole operation is over")
        limits = self.limits
        options = options | {
            "timeout": (min(limits.connect, left), min(limits.read, left)),
            "stream": True,
        }

        def send() -> RequestsResponse:
            try:
                answer = super(Transport, self).http_request(method, url, **options)
                _read(answer.response, limits.body_bytes)
            except urllib3.exceptions.TimeoutError as error:
                raise requests.Timeout(str(error)) from error
            except urllib3.exceptions.HTTPError as error:  # requests lets a few of them through
                raise requests.ConnectionError(str(error)) from error
            return answer

        return _within(left, send)


def _within(seconds: float, send: Callable[[], Answer]) -> Answer:
    """Call in another thread, left to itself when the time is over.

    The time limits of ``requests`` count from byte to byte and do not hold for a name's resolution.
    """
    answer: Future[Answer] = Future()

    def work() -> None:
        try:
            answer.set_result(send())
        except Exception as error:  # noqa: BLE001 - raised again in the caller's thread
            answer.set_exception(error)

    threading.Thread(target=work, daemon=True, name="gitlab-request").start()
    try:
        return answer.result(timeout=seconds)
    except TimeoutError:
        raise requests.Timeout("the time for the whole operation is over") from None


def _read(response: requests.Response, limit: int) -> None:
    """Read the body, so that the rest of python-gitlab finds it in memory."""
    body = response.raw.read(limit + 1, decode_content=True)
    if len(body) > limit:
        response.close()
        raise gitlab.GitlabParsingError(f"its answer is larger than {limit} bytes")
    response.raw = io.BytesIO(body)


def _asked_to_wait(answer: RequestsResponse, method: str, backoff: float) -> float | None:
    """Seconds before a retry; ``None`` where there should be none."""
    limited = answer.status_code == _TOO_MANY_REQUESTS
    if not limited and (answer.status_code not in _TRANSIENT or method.lower() not in _REPEATABLE):
        return None
    # GitLab sends seconds; HTTP allows a date as well.
    asked = answer.headers.get("Retry-After", "")
    return float(asked) if asked.isascii() and asked.isdigit() else backoff


def _refuse_to_wait(answer: RequestsResponse) -> RequestsResponse:
    """python-gitlab would wait and retry a 429 by its own rules: it does not get to see it."""
    if answer.status_code == _TOO_MANY_REQUESTS:
        asked = answer.headers.get("Retry-After", "")[:20]
        raise gitlab.GitlabHttpError(
            f"Too Many Requests, Retry-After: {asked}" if asked else "Too Many Requests",
            response_code=_TOO_MANY_REQUESTS,
        )
    return answer
