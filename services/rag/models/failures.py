"""What a failed call of Amazon Bedrock means: which kind of error it is, and whether to try again.

Only error codes and names of exceptions go into messages: botocore's own texts may quote what was
sent.
"""

from __future__ import annotations

import re
from typing import Any

from .interface import ModelError, ModelRefused, ModelThrottled, ModelTimeout, ModelUnavailable

DEFAULT_RETRY_AFTER_SECONDS = 10
"""For throttled calls without a Retry-After header. Quotas are refilled every minute."""

_MAX_RETRY_AFTER_SECONDS = 3600

_THROTTLES = frozenset({"ThrottlingException", "TooManyRequestsException"})
_QUOTAS = frozenset({"ServiceQuotaExceededException"})
_TIMEOUTS = frozenset({"ModelTimeoutException"})
_OUTAGES = frozenset(
    {
        "InternalServerException",
        "ModelErrorException",
        "ModelNotReadyException",
        "ModelStreamErrorException",
        "ServiceUnavailableException",
    }
)
_STATUS_THROTTLED = 429
_STATUS_TIMEOUT = 408
_STATUS_MODEL_ERROR = 424
_STATUS_SERVER_ERROR = 500

_SAFE_CODE = re.compile(r"[A-Za-z0-9_.]{1,64}")


class Failure(Exception):
    """One call failed; never leaves this package.

    Attributes:
        error: what the caller gets if no other call succeeds.
        is_transient: whether the same call may succeed later.
        wait_seconds: how long the endpoint asked to wait.
    """

    def __init__(
        self, error: ModelError, *, is_transient: bool = False, wait_seconds: float = 0
    ) -> None:
        """Keep what happened."""
        super().__init__(str(error))
        self.error = error
        self.is_transient = is_transient
        self.wait_seconds = wait_seconds


def classify(error: Exception) -> Failure:
    """Tell what an error of botocore means.

    Args:
        error: a ``ClientError`` or a ``BotoCoreError``.

    Returns:
        What it means.
    """
    from botocore.exceptions import ClientError

    if isinstance(error, ClientError):
        return _of_response(error.response)
    return _of_transport_error(error)


def unreadable() -> Failure:
    """Return the failure of a response that is no JSON: it was cut off, or is not Bedrock's."""
    return Failure(ModelUnavailable("the answer can't be read"), is_transient=True)


def _of_response(response: dict[str, Any]) -> Failure:
    code = safe_code(response.get("Error", {}).get("Code"))
    metadata = response.get("ResponseMetadata", {})
    status = metadata.get("HTTPStatusCode", 0)
    retry_after = _retry_after(metadata.get("HTTPHeaders", {}).get("retry-after", ""))
    if code in _QUOTAS:
        return Failure(_throttled(code, retry_after))
    if code in _OUTAGES:  # before the status is looked at: ModelNotReadyException has 429
        return Failure(ModelUnavailable(code), is_transient=True, wait_seconds=retry_after)
    if code in _THROTTLES or status == _STATUS_THROTTLED:
        return Failure(_throttled(code, retry_after), is_transient=True, wait_seconds=retry_after)
    if code in _TIMEOUTS or status == _STATUS_TIMEOUT:
        return Failure(ModelTimeout(code), is_transient=True)
    if status == _STATUS_MODEL_ERROR or status >= _STATUS_SERVER_ERROR:
        return Failure(ModelUnavailable(code), is_transient=True, wait_seconds=retry_after)
    return Failure(ModelRefused(code))


def _of_transport_error(error: Exception) -> Failure:
    from botocore import exceptions
    from botocore.parsers import ResponseParserError

    name = type(error).__name__
    if isinstance(error, exceptions.ReadTimeoutError | exceptions.ConnectTimeoutError):
        return Failure(ModelTimeout(name), is_transient=True)
    if isinstance(error, ResponseParserError):
        return unreadable()
    if isinstance(
        error,
        exceptions.HTTPClientError
        | exceptions.ConnectionError
        | exceptions.ResponseStreamingError
        | exceptions.IncompleteReadError,
    ):
        return Failure(ModelUnavailable(name), is_transient=True)
    return Failure(ModelRefused(name))  # credentials, region, parameters


def safe_code(code: object) -> str:
    """Return a code that the endpoint sent, if it looks like one.

    Args:
        code: anything.

    Returns:
        The code, or ``unknown``: anything else could be text that was sent.
    """
    text = str(code)
    return text if _SAFE_CODE.fullmatch(text) else "unknown"


def _throttled(code: str, retry_after: int) -> ModelThrottled:
    return ModelThrottled(code, retry_after_seconds=retry_after or DEFAULT_RETRY_AFTER_SECONDS)


def _retry_after(header: str) -> int:
    """Read the header in seconds; its other form, a date, counts as missing."""
    text = header.strip()
    if not re.fullmatch("[0-9]{1,9}", text):
        return 0
    return min(int(text), _MAX_RETRY_AFTER_SECONDS)
