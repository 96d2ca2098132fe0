"""Calls of Amazon Bedrock with retries, all within one deadline."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from ..deadline import Deadline
from .clients import MIN_SECONDS, client
from .failures import Failure, classify, unreadable
from .interface import ModelError, ModelTimeout

if TYPE_CHECKING:
    from tenacity import RetryCallState

Result = TypeVar("Result")

_FIRST_WAIT_SECONDS = 0.5
_MAX_WAIT_SECONDS = 8.0
"""Waits are random between 0 and a bound that doubles from the first to the maximum (full jitter),
so that clients which were throttled together don't retry together."""


def call(
    send: Callable[[Any], Result],
    *,
    region: str,
    deadline: Deadline,
    cancelled: threading.Event,
    max_seconds: float = math.inf,
) -> Result:
    """Call Bedrock, and retry failures that may pass.

    It never sleeps past the deadline and starts no call that has no time for its answer.

    Args:
        send: makes one call with the client that it gets, and reads the whole answer. It may
            raise ``Failure`` itself.
        region: where the model is called.
        deadline: when the caller stops waiting.
        cancelled: once set, there are no more retries.
        max_seconds: how long one call may take.

    Returns:
        What ``send`` returned.

    Raises:
        ModelError: what the last attempt ended with.
    """
    # Imported here because it loads asyncio, which would slow down every cold start.
    from tenacity import Retrying, retry_if_exception, wait_random_exponential
    from tenacity.nap import sleep_using_event

    jitter = wait_random_exponential(multiplier=_FIRST_WAIT_SECONDS, max=_MAX_WAIT_SECONDS)
    failed: ModelError
    try:
        result: Result = Retrying(
            retry=retry_if_exception(_is_transient),
            wait=lambda state: max(jitter(state), _requested_wait(state)),
            stop=lambda state: (
                cancelled.is_set() or deadline.remaining - state.upcoming_sleep < MIN_SECONDS
            ),
            sleep=sleep_using_event(cancelled),
            reraise=True,
        )(_attempt, send, region, deadline, cancelled, max_seconds)
    except Failure as failure:
        failed = failure.error
    else:
        return result
    # Outside of the handler: the error must not have botocore's as its context, which may quote
    # what was sent.
    raise failed


def _attempt(
    send: Callable[[Any], Result],
    region: str,
    deadline: Deadline,
    cancelled: threading.Event,
    max_seconds: float,
) -> Result:
    from botocore.exceptions import BotoCoreError, ClientError

    # Cancelling ends a sleep between two attempts, so it is checked here too.
    remaining = deadline.remaining
    if cancelled.is_set() or remaining < MIN_SECONDS:
        raise Failure(ModelTimeout("no time left for the model"))
    try:
        return send(client(region, min(remaining, max_seconds)))
    except UnicodeDecodeError:
        raise unreadable() from None  # botocore lets it through
    except (ClientError, BotoCoreError) as error:
        raise classify(error) from None


def _is_transient(error: BaseException) -> bool:
    return isinstance(error, Failure) and error.is_transient


def _requested_wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    return error.wait_seconds if isinstance(error, Failure) else 0
