"""The answer that a client gets, from what the function gave.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from emulator.functions.invoker import Outcome
from emulator.wsgi import Headers

_JSON = ("content-type", "application/json")
_OWN = {"connection", "content-length", "transfer-encoding"}
"""Headers that the web server sets itself."""
_FIRST_STATUS, _LAST_STATUS = 200, 599
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer to a client.

    Attributes:
        status: of HTTP.
        headers: names in lower case.
        body: the bytes.
        integration_seconds: how long the function took; None if it was not called.
        about: variables of the access log by which it came about, such as `routeKey`.
    """

    status: int
    headers: Headers = field(default_factory=list)
    body: bytes = b""
    integration_seconds: float | None = None
    about: Mapping[str, str] = field(default_factory=dict)


class MalformedError(Exception):
    """The function's answer is none that API Gateway understands; the message says why."""


def message(status: int, text: str, *headers: tuple[str, str]) -> Answer:
    """An answer of API Gateway itself.

    Args:
        status: of HTTP.
        text: in the body.
        headers: beside the content type.
    """
    body = json.dumps({"message": text}, separators=(",", ":")).encode()
    return Answer(status=status, headers=[_JSON, *headers], body=body)


def translate(outcome: Outcome) -> Answer:
    """Translates what a function gave.

    Args:
        outcome: of its invocation.

    Raises:
        MalformedError: if it is an error, or no answer.
    """
    if outcome.failed:
        raise MalformedError("the function failed")
    given = json.loads(outcome.payload)
    if isinstance(given, dict) and "statusCode" in given:
        return _from_response(given)
    body = given.encode() if isinstance(given, str) else outcome.payload
    return Answer(status=200, headers=[_JSON], body=body)


def _from_response(given: dict[str, Any]) -> Answer:
    return Answer(
        status=_status(given["statusCode"]),
        headers=_headers(given.get("headers") or {}, given.get("cookies") or []),
        body=_body(given.get("body"), encoded=given.get("isBase64Encoded") is True),
    )


def _status(value: Any) -> int:
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    if not isinstance(value, int) or not _FIRST_STATUS <= value <= _LAST_STATUS:
        raise MalformedError("statusCode is not a status from 200 to 599")
    return value


def _headers(given: Any, cookies: Any) -> Headers:
    if not isinstance(given, dict) or not isinstance(cookies, list):
        raise MalformedError("headers is not an object or cookies not a list")
    headers = [(name.lower(), _text(value)) for name, value in given.items()]
    headers += [("set-cookie", _text(cookie)) for cookie in cookies]
    for name, value in headers:
        if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
            raise MalformedError("a header can't be sent as it is")
    if "content-type" not in dict(headers):
        headers.append(("content-type", "text/plain;charset=UTF-8"))
    return [(name, value) for name, value in headers if name not in _OWN]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    raise MalformedError("the value of a header or cookie is no text")


def _body(given: Any, *, encoded: bool) -> bytes:
    if given is None:
        return b""
    if not isinstance(given, str):
        raise MalformedError("body is no text")
    try:
        return base64.b64decode(given, validate=True) if encoded else given.encode()
    except (binascii.Error, UnicodeEncodeError):
        raise MalformedError("body is not in base64, or no text") from None
