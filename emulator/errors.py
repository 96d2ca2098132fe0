"""Errors for what the emulator cannot do, which SDKs report at once instead of retrying.

moto's server answers 500 both to an operation that it lacks and to a mistake of its own. AWS's SDKs
take a 500 for a passing fault: Terraform's provider tries such a call 25 times, for minutes and
without a word. 501 is not tried again, and its message is in Terraform's error.
"""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from emulator.wsgi import Application, Headers, StartResponse, respond

NOT_IMPLEMENTED = 501
_MISSING = "NotImplemented"
_BROKEN = "EmulatorError"

_SERVICE = re.compile(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/aws4_request")
_XML_OVER_REST = frozenset({"cloudfront", "route53", "s3"})
_FORM = "application/x-www-form-urlencoded"
_LONGEST_FORM = 1 << 20
_PAGE = b"<!doctype html>"
"""How the web server's own pages begin, such as that of a path that it does not know."""

_LOGGER = logging.getLogger("emulator.errors")


def with_errors(application: Application) -> Application:
    """Turns what an application fails at into errors that AWS's SDKs understand.

    Args:
        application: moto's server, which raises, or answers with a page of HTML.
    """

    def answered(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        action = _form_action(environ)
        started: list[tuple[str, Headers]] = []

        def start(status: str, headers: Headers, *_error: Any) -> None:
            started[:] = [(status, headers)]

        try:
            body = list(application(environ, start))
        except NotImplementedError as error:
            return _refuse(environ, action, start_response, _MISSING, str(error))
        except Exception as error:
            _LOGGER.exception("the emulator failed")
            reason = f"{type(error).__name__}: {error}; its log has the traceback"
            return _refuse(environ, action, start_response, _BROKEN, reason)
        [(status, headers)] = started
        if status[:3] in ("404", "405") and b"".join(body[:1]).startswith(_PAGE):
            return _refuse(environ, action, start_response, _MISSING, "moto has no such operation")
        start_response(status, headers)
        return body

    return answered


def _form_action(environ: dict[str, Any]) -> str | None:
    """Gives the operation that a form asks for, and leaves the form to be read again."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if not environ.get("CONTENT_TYPE", "").startswith(_FORM) or length > _LONGEST_FORM:
        return None
    form: bytes = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = io.BytesIO(form)
    return parse_qs(form.decode(errors="replace")).get("Action", [None])[0]


def _refuse(
    environ: dict[str, Any],
    action: str | None,
    start_response: StartResponse,
    code: str,
    reason: str,
) -> Iterable[bytes]:
    signed = _SERVICE.search(environ.get("HTTP_AUTHORIZATION", ""))
    service = signed.group(1) if signed else "?"
    target = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
    request = f"{environ['REQUEST_METHOD']} {environ.get('PATH_INFO', '/')}"
    message = f"the emulator cannot do {service}: {action or target or request} ({reason})"
    error = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    if action and service == "ec2":
        kind, body = "text/xml", f"<Response><Errors>{error}</Errors></Response>"
    elif action:
        kind, body = "text/xml", f"<ErrorResponse>{error}</ErrorResponse>"
    elif service in _XML_OVER_REST:
        kind, body = "application/xml", error
    else:
        kind, body = "application/json", json.dumps({"__type": code, "message": message})
    headers = [("Content-Type", kind), ("x-amzn-errortype", code)]
    return respond(start_response, NOT_IMPLEMENTED, headers, body.encode())
