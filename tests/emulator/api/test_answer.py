"""Tests of the answers that clients get."""

from __future__ import annotations

import json
from typing import Any

import pytest

from emulator.api.answer import Answer, MalformedError, translate
from emulator.functions.invoker import Outcome


def _translate(given: Any) -> Answer:
    return translate(Outcome(payload=json.dumps(given).encode(), failed=False))


JSON = ("content-type", "application/json")
PLAIN = ("content-type", "text/plain;charset=UTF-8")


@pytest.mark.parametrize(
    ("given", "status", "headers", "body"),
    [
        # The first two are those of AWS's documentation.
        ("Hello from Lambda!", 200, [JSON], b"Hello from Lambda!"),
        ({"message": "Hello"}, 200, [JSON], b'{"message": "Hello"}'),
        ([1], 200, [JSON], b"[1]"),
        (None, 200, [JSON], b"null"),
        ({"statusCode": 404}, 404, [PLAIN], b""),
        ({"statusCode": "204", "body": None}, 204, [PLAIN], b""),
        (
            {"statusCode": 200, "headers": {"Content-Type": "a/b", "N": 1, "T": True}, "body": "é"},
            200,
            [("content-type", "a/b"), ("n", "1"), ("t", "true")],
            "é".encode(),
        ),
        (
            {"statusCode": 200, "cookies": ["a=1", "b=2"], "headers": {"content-type": "x/y"}},
            200,
            [("content-type", "x/y"), ("set-cookie", "a=1"), ("set-cookie", "b=2")],
            b"",
        ),
        ({"statusCode": 200, "body": "AP8=", "isBase64Encoded": True}, 200, [PLAIN], b"\x00\xff"),
        ({"statusCode": 200, "headers": {"Content-Length": "9"}}, 200, [PLAIN], b""),
    ],
)
def test_answers_are_translated(
    given: Any, status: int, headers: list[tuple[str, str]], body: bytes
) -> None:
    assert _translate(given) == Answer(status=status, headers=headers, body=body)


@pytest.mark.parametrize(
    "given",
    [
        {"statusCode": "nonsense"},
        {"statusCode": 99},
        {"statusCode": 600},
        {"statusCode": True},
        {"statusCode": None},
        {"statusCode": 200, "body": {"a": 1}},
        {"statusCode": 200, "body": "AP8=!", "isBase64Encoded": True},
        {"statusCode": 200, "headers": ["a"]},
        {"statusCode": 200, "headers": {"a": ["b"]}},
        {"statusCode": 200, "headers": {"a": "b\r\nc: d"}},
        {"statusCode": 200, "headers": {"a b": "c"}},
        {"statusCode": 200, "headers": {"a": "phở"}},
        {"statusCode": 200, "cookies": "a=1"},
    ],
)
def test_malformed_answers_are_told_apart(given: Any) -> None:
    with pytest.raises(MalformedError):
        _translate(given)


def test_an_error_of_the_function_is_no_answer() -> None:
    with pytest.raises(MalformedError):
        translate(Outcome(payload=b'{"errorMessage": "x"}', failed=True))
