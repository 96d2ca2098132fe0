"""Lambda's Invoke over HTTP, for functions whose code is in `services/`; moto answers the rest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs, unquote

from emulator.functions.deployed import Function, Functions
from emulator.functions.invoker import MAX_ASYNCHRONOUS_EVENT_BYTES, MAX_EVENT_BYTES, Invoker
from emulator.functions.pool import Throttled
from emulator.wsgi import Application, Headers, StartResponse, caller_of, read_body, respond

_PATH = re.compile(r"/2015-03-31/functions/(.+)/invocations/?")

Answer = tuple[int, Headers, bytes]


def with_functions(
    application: Application, *, functions: Functions, invoker: Invoker
) -> Application:
    """Answers invocations of functions whose code is here.

    Args:
        application: gets every other request.
        functions: what is deployed.
        invoker: runs it, outside every lock: the code calls back into the emulator.
    """

    def answered(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        found = _PATH.fullmatch(environ.get("PATH_INFO", ""))
        if environ["REQUEST_METHOD"] != "POST" or not found:
            return application(environ, start_response)
        name = unquote(found[1])
        function = _wanted(environ, name, functions)
        if function and not invoker.runs(function):
            return application(environ, start_response)
        status, headers, body = (
            _invoke(environ, function, invoker) if function else _unknown(environ, name)
        )
        return respond(start_response, status, headers, body)

    return answered


def _wanted(environ: dict[str, Any], name: str, functions: Functions) -> Function | None:
    account_id, region = caller_of(environ)
    return functions.find(account_id, region, name, _qualifier(environ))


def _qualifier(environ: dict[str, Any]) -> str | None:
    parameters = parse_qs(environ.get("QUERY_STRING", ""))
    return parameters["Qualifier"][0] if "Qualifier" in parameters else None


def _unknown(environ: dict[str, Any], name: str) -> Answer:
    """Refuses what moto would echo: a deployment that invokes no function would be green."""
    read_body(environ, 0)
    named = ":".join(filter(None, [name, _qualifier(environ)]))
    return _refused(404, "ResourceNotFoundException", f"Function not found: {named}")


def _invoke(environ: dict[str, Any], function: Function, invoker: Invoker) -> Answer:
    kind = environ.get("HTTP_X_AMZ_INVOCATION_TYPE", "RequestResponse")
    limit = MAX_ASYNCHRONOUS_EVENT_BYTES if kind == "Event" else MAX_EVENT_BYTES
    event = read_body(environ, limit)
    if event is None:
        text = f"Request must be smaller than {limit} bytes for the InvokeFunction operation"
        return _refused(413, "RequestEntityTooLargeException", text)
    event = event or b"{}"
    try:
        json.loads(event)
    except (ValueError, RecursionError) as error:
        text = f"Could not parse request body into json: {error}"
        return _refused(400, "InvalidRequestContentException", text)
    if kind == "DryRun":
        return 204, [], b""
    if kind == "Event":
        invoker.invoke_later(function, event)
        return 202, [], b""
    return _answer(function, event, invoker)


def _answer(function: Function, event: bytes, invoker: Invoker) -> Answer:
    try:
        outcome = invoker.invoke(function, event)
    except Throttled:
        reason = {"Reason": "ReservedFunctionConcurrentInvocationLimitExceeded"}
        return _refused(429, "TooManyRequestsException", "Rate Exceeded.", **reason)
    headers = [
        ("Content-Type", "application/json"),
        ("X-Amz-Executed-Version", function.version),
    ]
    if outcome.failed:
        headers.append(("X-Amz-Function-Error", "Unhandled"))
    return 200, headers, outcome.payload


def _refused(status: int, kind: str, message: str, **more: str) -> Answer:
    headers = [("Content-Type", "application/json"), ("x-amzn-errortype", kind)]
    return status, headers, json.dumps({"Type": "User", "message": message, **more}).encode()
