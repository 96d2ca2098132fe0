"""Tests of the events that functions get."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

import pytest

from emulator.api.event import build
from emulator.api.request import Request
from emulator.api.routes import Match, Route
from tests.emulator.api.described import an_api

# The documentation's example without client certificate and Lambda authorizer, with the host and
# the forwarding headers that its headers leave out:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
DOCUMENTED = {
    "version": "2.0",
    "routeKey": "$default",
    "rawPath": "/my/path",
    "rawQueryString": "parameter1=value1&parameter1=value2&parameter2=value",
    "cookies": ["cookie1", "cookie2"],
    "headers": {
        "header1": "value1",
        "header2": "value1,value2",
        "content-type": "text/plain",
        "user-agent": "agent",
        "host": "id.execute-api.us-east-1.amazonaws.com",
        "x-forwarded-for": "IP",
        "x-forwarded-port": "443",
        "x-forwarded-proto": "https",
    },
    "queryStringParameters": {"parameter1": "value1,value2", "parameter2": "value"},
    "requestContext": {
        "accountId": "123456789012",
        "apiId": "id",
        "authorizer": {
            "jwt": {
                "claims": {"claim1": "value1", "claim2": "value2"},
                "scopes": ["scope1", "scope2"],
            }
        },
        "domainName": "id.execute-api.us-east-1.amazonaws.com",
        "domainPrefix": "id",
        "http": {
            "method": "POST",
            "path": "/my/path",
            "protocol": "HTTP/1.1",
            "sourceIp": "IP",
            "userAgent": "agent",
        },
        "requestId": "id",
        "routeKey": "$default",
        "stage": "$default",
        "time": "12/Mar/2020:19:03:58 +0000",
        "timeEpoch": 1584039838390,
    },
    "body": "Hello from Lambda",
    "pathParameters": {"parameter1": "value1"},
    "isBase64Encoded": False,
    "stageVariables": {"stageVariable1": "value1", "stageVariable2": "value2"},
}


def _request(**changes: Any) -> Request:
    described: dict[str, Any] = {
        "method": "POST",
        "raw_path": "/my/path",
        "query": "",
        "headers": {},
        "body": b"",
        "source_ip": "IP",
        "protocol": "HTTP/1.1",
    }
    return Request(**(described | changes))


def _build(request: Request) -> dict[str, Any]:
    found = Match(route=Route(key="$default"))
    now = datetime.now(UTC)
    return build(request, found, an_api(), request_id="id", now=now, authorizer=None)


def test_the_event_is_the_documented_one() -> None:
    request = _request(
        query="parameter1=value1&parameter1=value2&parameter2=value",
        headers={
            "header1": "value1",
            "header2": "value1,value2",
            "content-type": "text/plain",
            "user-agent": "agent",
            "cookie": "cookie1; cookie2",
        },
        body=b"Hello from Lambda",
    )

    event = build(
        request,
        Match(route=Route(key="$default"), parameters={"parameter1": "value1"}),
        an_api(stage_variables=DOCUMENTED["stageVariables"]),
        request_id="id",
        now=datetime(2020, 3, 12, 19, 3, 58, 390_000, tzinfo=UTC),
        authorizer={
            "jwt": {
                "claims": {"claim1": "value1", "claim2": "value2"},
                "scopes": ["scope1", "scope2"],
            }
        },
    )

    assert event == DOCUMENTED


def test_what_a_request_lacks_is_not_in_its_event() -> None:
    event = _build(_request())

    assert DOCUMENTED.keys() - event.keys() == {
        "body",
        "cookies",
        "pathParameters",
        "queryStringParameters",
        "stageVariables",
    }
    assert "authorizer" not in event["requestContext"]
    assert (event["rawQueryString"], event["isBase64Encoded"]) == ("", False)


def test_paths_and_parameters_are_decoded() -> None:
    event = _build(_request(raw_path="/a%20b/ph%E1%BB%9F", query="q=a+b%26c&empty=&q=%C3%A9"))

    assert event["rawPath"] == event["requestContext"]["http"]["path"] == "/a b/phở"
    assert event["rawQueryString"] == "q=a+b%26c&empty=&q=%C3%A9"
    assert event["queryStringParameters"] == {"q": "a b&c,é", "empty": ""}


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        ("application/json", b'{"a": 1}', True),
        ("Application/JSON; charset=utf-8", '"phở"'.encode(), True),
        ("application/problem+json", b"{}", True),
        ("text/html", b"<p>", True),
        ("application/xml", b"<a/>", True),
        ("application/javascript", b"1", True),
        ("application/octet-stream", b"plain", False),
        ("application/x-www-form-urlencoded", b"a=b", False),
        ("image/png", b"\x89PNG", False),
        ("application/json", b"\xff\xfe", False),
        ("", b"plain", False),
    ],
)
def test_bodies_that_are_no_text_are_encoded(content_type: str, body: bytes, text: bool) -> None:
    event = _build(_request(headers={"content-type": content_type}, body=body))

    assert event["isBase64Encoded"] is not text
    assert event["body"] == (body.decode() if text else base64.b64encode(body).decode())
