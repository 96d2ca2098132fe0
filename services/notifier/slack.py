"""Posts to Slack's incoming webhook, again where that may help.

Sources: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks (errors) and
https://docs.slack.dev/apis/web-api/rate-limits (Retry-After)
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any

from .webhook import Webhook

_ATTEMPT_SECONDS = 5.0
_FIRST_PAUSE_SECONDS = 1.0
_RESERVE_SECONDS = 1.0
"""Left of the function's time, so that the error is written before Lambda stops it."""

_LONGEST_CODE = 100
_CODE = re.compile(r"[a-z_]{1,60}")
"""Slack's answers, such as ``no_service``. Anything else is not shown: it may hold what was sent."""


class SlackError(Exception):
    """Slack did not take a message; the text never holds the webhook.

    Attributes:
        doubtful_webhook: nobody answers there, or does not know it: a new one may be in the secret.
    """

    def __init__(self, message: str, *, doubtful_webhook: bool = False) -> None:
        """Args: message: one line; doubtful_webhook: see the class."""
        super().__init__(message)
        self.doubtful_webhook = doubtful_webhook


@dataclass(frozen=True, kw_only=True, slots=True)
class _Answer:
    """What came back, or why nothing did.

    Attributes:
        status: of HTTP; 0 where there was no answer.
        reason: Slack's word for it, or the connection's fault.
        retry_after: how long Slack asks to wait, seconds; None where it does not say.
    """

    status: int
    reason: str
    retry_after: float | None = None

    @property
    def taken(self) -> bool:
        """Whether Slack has the message. Any page answers 200, too; only a webhook says ``ok``."""
        return (self.status, self.reason) == (HTTPStatus.OK, "ok")

    @property
    def may_pass(self) -> bool:
        """Whether the same request may succeed later."""
        busy = self.status in (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
        return busy or self.status >= HTTPStatus.INTERNAL_SERVER_ERROR or self.status == 0

    def __str__(self) -> str:
        return f"{self.status} {self.reason}".strip() if self.status else self.reason


def post(
    webhook: Webhook, message: Mapping[str, Any], *, seconds_left: Callable[[], float]
) -> None:
    """Post one message.

    Args:
        webhook: where to.
        message: what Block Kit takes.
        seconds_left: until Lambda stops the function.

    Raises:
        SlackError: Slack refused it, or did not take it in time.
    """
    body = json.dumps(message).encode()
    pause = _FIRST_PAUSE_SECONDS
    if seconds_left() < _ATTEMPT_SECONDS + _RESERVE_SECONDS:
        raise SlackError("Slack was not asked, for the function's time is up; Lambda repeats it")
    while True:
        answer = _attempt(webhook, body)
        if answer.taken:
            return
        if not answer.may_pass:
            raise _refused(answer)
        # Never less than our own pause: a server that asks for none would be asked without end.
        wait = max(pause, answer.retry_after or 0)
        if wait + _ATTEMPT_SECONDS + _RESERVE_SECONDS > seconds_left():
            raise SlackError(
                f"Slack did not take the message in time: {answer}; Lambda repeats it",
                doubtful_webhook=answer.status == 0,
            )
        time.sleep(wait)
        pause *= 2


def _refused(answer: _Answer) -> SlackError:
    if answer.status in (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE):
        hint = "the message itself is at fault: mend services/notifier/blocks.py"
        return SlackError(f"Slack refused the message: {answer}; {hint}")
    if answer.status in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        hint = "the webhook or its channel is gone: make a new webhook and put it into the secret"
    else:
        hint = "the address is no incoming webhook of Slack: put one into the secret"
    return SlackError(f"Slack refused the message: {answer}; {hint}", doubtful_webhook=True)


def _attempt(webhook: Webhook, body: bytes) -> _Answer:
    """One request. Redirects are not followed: the message would become a GET."""
    kind = HTTPSConnection if webhook.tls else HTTPConnection
    connection = kind(webhook.host, webhook.port, timeout=_ATTEMPT_SECONDS)
    try:
        connection.request("POST", webhook.path, body, {"Content-Type": "application/json"})
        return _answer(connection.getresponse())
    except (OSError, HTTPException) as error:
        # Its name alone: some of these errors repeat the path, which is the secret.
        return _Answer(status=0, reason=f"no answer ({type(error).__name__})")
    finally:
        connection.close()


def _answer(response: HTTPResponse) -> _Answer:
    text = response.read(_LONGEST_CODE).decode("ascii", "replace").strip()
    after = response.getheader("Retry-After", "").strip()
    return _Answer(
        status=response.status,
        reason=text if _CODE.fullmatch(text) else "",
        retry_after=float(after) if re.fullmatch(r"[0-9]{1,6}", after) else None,
    )
