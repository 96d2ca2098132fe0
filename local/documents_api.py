"""Sends documents to POST /documents, retries while the API is busy, and explains refusals."""

from __future__ import annotations

import http.client
import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from pydantic import ValidationError
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from local.document_files import DocumentFile, LoadError
from services.rag.schemas import ProblemDetails, StoredDocuments

_ATTEMPTS = 5
_LONGEST_WAIT_SECONDS = 60
_TIMEOUT_SECONDS = 40
"""API Gateway itself gives up after 30."""

_RETRIED_STATUSES = (429, 503, 504)
"""504 is among them: nothing was stored then, and slow models may be faster the next time."""
_LOOPBACK = ("127.0.0.1", "::1", "localhost")

_HINTS = {
    401: "it wants a token; give one with --token",
    403: "the token may not do this; give another one with --token",
    404: "there is no such route; check the URL",
}
"""What to do about an answer of API Gateway itself, which has no body that explains it."""


def request_body(files: Sequence[DocumentFile]) -> bytes:
    """Return the body of a request that stores these documents."""
    items = {"documents": [file.item() for file in files]}
    return json.dumps(items, ensure_ascii=False).encode()


class DocumentsApi:
    """The route POST /documents of one deployment."""

    def __init__(
        self,
        url: str,
        *,
        token: str | None,
        show: Callable[[str], object],
        sleep: Callable[[float], None],
    ) -> None:
        """Check address and token.

        Args:
            url: of the API, without ``/documents``.
            token: a bearer token, if the API wants one.
            show: gets a line before each wait.
            sleep: waits that many seconds.

        Raises:
            LoadError: that is no URL, or no token.
        """
        try:
            parts = urlsplit(url)
            valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            valid = False
        if not valid:
            raise LoadError(f"'{url}' is no URL of an API; write it like https://host/stage")
        self._url = f"{url.rstrip('/')}/documents"
        self._headers = {"Content-Type": "application/json", **_authorization(token)}
        # A proxy cannot reach this machine's own addresses.
        proxies: dict[str, str] | None = {} if parts.hostname in _LOOPBACK else None
        self._opener = urllib.request.build_opener(
            _NoRedirect, urllib.request.ProxyHandler(proxies)
        )
        self._show = show
        self._sleep = sleep

    def store(self, body: bytes, *, names: Sequence[str]) -> StoredDocuments:
        """Send one request; ask again a few times while the API is busy.

        Args:
            body: made by ``request_body``.
            names: of the files in it, in their order, for the message of an error.

        Returns:
            The answer.

        Raises:
            LoadError: the API did not take it, or cannot be reached.
        """
        retrying = Retrying(
            sleep=self._sleep,
            stop=stop_after_attempt(_ATTEMPTS),
            wait=_wait_seconds,
            retry=retry_if_exception_type(_Busy),
            before_sleep=self._announce,
            reraise=True,
        )
        return retrying(self._post, body, names)

    def _post(self, body: bytes, names: Sequence[str]) -> StoredDocuments:
        request = urllib.request.Request(self._url, body, self._headers)  # noqa: S310 - checked
        try:
            with self._opener.open(request, timeout=_TIMEOUT_SECONDS) as answer:
                content = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                raise self._error_of(error, names) from None
        except (OSError, ValueError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", None) or error or type(error).__name__
            raise LoadError(
                f"{self._url} cannot be reached ({reason}); look whether the API runs there"
            ) from None
        try:
            return StoredDocuments.model_validate_json(content)
        except ValidationError:
            raise LoadError(
                f"{self._url} answered something else than this API does; check the URL"
            ) from None

    def _error_of(self, error: urllib.error.HTTPError, names: Sequence[str]) -> LoadError:
        message = f"{self._url} answered {error.code}: {_detail(error, names)}"
        if error.code not in _RETRIED_STATUSES:
            return LoadError(message)
        after = error.headers.get("Retry-After", "")
        return _Busy(message, int(after) if re.fullmatch(r"[0-9]{1,9}", after) else None)

    def _announce(self, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        self._show(f"{error}; trying again in {state.upcoming_sleep:.0f} s")


def _authorization(token: str | None) -> dict[str, str]:
    if not token:
        return {}
    if not re.fullmatch(r"[\x21-\x7e]+", token.strip()):
        # http.client would say so with the token in its message.
        raise LoadError("the token holds what no token can hold; give it without blanks and quotes")
    return {"Authorization": f"Bearer {token.strip()}"}


class _Busy(LoadError):
    """The API asks to come back later."""

    def __init__(self, message: str, retry_after_seconds: int | None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    # urllib would follow with a GET, and send the token to another host.
    def redirect_request(self, *_: object) -> None:
        """Treat a redirect as an error."""


def _detail(error: urllib.error.HTTPError, names: Sequence[str]) -> str:
    """Give an answer's reason in one line, with a file's name in place of its number."""
    try:
        problem = ProblemDetails.model_validate_json(error.read())
    except (OSError, http.client.HTTPException, ValidationError):
        return _HINTS.get(error.code, error.reason or "without a reason")
    detail = " ".join(problem.detail.split())
    found = re.search(r"#/documents/([0-9]{1,9})\b", detail)
    if found and int(found[1]) < len(names):
        detail = detail.replace(found[0], names[int(found[1])])
    return f"{detail} (request {problem.request_id})"


def _wait_seconds(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    after = error.retry_after_seconds if isinstance(error, _Busy) else None
    return min(2 ** (state.attempt_number - 1) if after is None else after, _LONGEST_WAIT_SECONDS)
