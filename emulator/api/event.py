"""The event that a function gets, in payload format 2.0.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from __future__ import annotations

import base64
import re
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, unquote

from emulator.api.deployed import Api
from emulator.api.request import Request
from emulator.api.routes import Match

STAGE = "$default"

_TEXT = re.compile(r"text/.*|application/(json|xml|javascript|.+\+(json|xml))")
"""Content types whose bodies are handed over as they are; the others in base64."""


def build(
    request: Request,
    match: Match,
    api: Api,
    *,
    request_id: str,
    now: datetime,
    authorizer: dict[str, Any] | None,
) -> dict[str, Any]:
    """Builds the event of a request.

    Args:
        request: the request.
        match: the route that it takes.
        api: whose route.
        request_id: as in the answer's header.
        now: when it came, with a time zone.
        authorizer: what the authorizer found; None on an open route.
    """
    # An HTTP API hands the path over decoded, unlike a REST API or a function URL.
    path = unquote(request.raw_path)
    context: dict[str, Any] = {
        "accountId": api.account_id,
        "apiId": api.api_id,
        "domainName": api.domain_name,
        "domainPrefix": api.api_id,
        "http": {
            "method": request.method,
            "path": path,
            "protocol": request.protocol,
            "sourceIp": request.source_ip,
            "userAgent": request.headers.get("user-agent", ""),
        },
        "requestId": request_id,
        "routeKey": match.route.key,
        "stage": STAGE,
        "time": now.strftime("%d/%b/%Y:%H:%M:%S %z"),
        "timeEpoch": int(now.timestamp() * 1000),
    }
    if authorizer is not None:
        context["authorizer"] = authorizer
    body, encoded = _body(request)
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": match.route.key,
        "rawPath": path,
        "rawQueryString": request.query,
        "cookies": _cookies(request),
        "headers": _headers(request, api),
        "queryStringParameters": _query(request),
        "requestContext": context,
        "body": body,
        "pathParameters": match.parameters,
        "isBase64Encoded": encoded,
        "stageVariables": api.stage_variables,
    }
    # The event has no fields for parts that the request does not have.
    optional = ("cookies", "queryStringParameters", "body", "pathParameters", "stageVariables")
    return {name: value for name, value in event.items() if value or name not in optional}


def _headers(request: Request, api: Api) -> dict[str, str]:
    headers = {name: value for name, value in request.headers.items() if name != "cookie"}
    return headers | {
        "host": api.domain_name,
        "x-forwarded-for": request.source_ip,
        "x-forwarded-port": "443",
        "x-forwarded-proto": "https",
    }


def _cookies(request: Request) -> list[str]:
    cookies = re.split(r"[;,]\s*", request.headers.get("cookie", ""))
    return [cookie.strip() for cookie in cookies if cookie.strip()]


def _query(request: Request) -> dict[str, str]:
    parameters: dict[str, str] = {}
    for name, value in parse_qsl(request.query, keep_blank_values=True):
        parameters[name] = f"{parameters[name]},{value}" if name in parameters else value
    return parameters


def _body(request: Request) -> tuple[str, bool]:
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if _TEXT.fullmatch(content_type):
        try:
            return request.body.decode(), False
        except UnicodeDecodeError:
            # AWS does not document what it does with text that is not UTF-8; base64 loses nothing.
            pass
    return base64.b64encode(request.body).decode(), bool(request.body)
