"""What the emulator lacks is said at once, in words, and tried once."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterable
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from emulator.control import Emulator
from emulator.errors import NOT_IMPLEMENTED, with_errors
from emulator.identity import access_key_id
from tests.emulator.conftest import REGION

# One operation that moto lacks for each of AWS's protocols.
LACKING = {
    "query": ("rds", "describe_certificates", {}, "DescribeCertificates"),
    "ec2": ("ec2", "describe_fpga_images", {}, "DescribeFpgaImages"),
    "json": ("kms", "describe_custom_key_stores", {}, "DescribeCustomKeyStores"),
    "rest-json": (
        "apigatewayv2",
        "create_deployment",
        {"ApiId": "a"},
        "POST /v2/apis/a/deployments",
    ),
    "rest-xml": ("route53", "list_cidr_collections", {}, "GET /2013-04-01/cidrcollection"),
    "a whole service": ("freetier", "get_free_tier_usage", {}, "GetFreeTierUsage"),
}


@pytest.mark.parametrize("protocol", LACKING)
def test_what_is_lacking_is_named_and_not_tried_again(
    emulator: Emulator, account_id: str, protocol: str
) -> None:
    service, call, arguments, operation = LACKING[protocol]
    client = boto3.client(
        service,
        endpoint_url=emulator.url,
        region_name=REGION,
        aws_access_key_id=access_key_id(account_id),
        aws_secret_access_key="local",
        config=Config(retries={"mode": "standard", "total_max_attempts": 5}),
    )

    with pytest.raises(ClientError) as refused:
        getattr(client, call)(**arguments)

    answer = refused.value.response
    assert answer["Error"]["Code"] == "NotImplemented"
    assert f"the emulator cannot do {client.meta.service_model.signing_name}: " in str(
        refused.value
    )
    assert operation in answer["Error"]["Message"]
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == NOT_IMPLEMENTED
    assert answer["ResponseMetadata"]["RetryAttempts"] == 0


def _ask(application: Any, **environ: Any) -> tuple[str, bytes]:
    """Sends a request through the errors' layer; gives status and body."""
    started: list[str] = []
    body = with_errors(application)(
        {"REQUEST_METHOD": "GET", "PATH_INFO": "/", **environ},
        lambda status, _headers: started.append(status),
    )
    return started[-1], b"".join(body)


def test_a_mistake_of_the_emulators_own_is_logged_and_not_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(_environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
        raise KeyError("proxy")

    with caplog.at_level(logging.ERROR):
        status, body = _ask(broken, HTTP_X_AMZ_TARGET="TrentService.ListKeys")

    assert status.startswith(str(NOT_IMPLEMENTED))
    answer = json.loads(body)
    assert answer["__type"] == "EmulatorError"
    assert "ListKeys (KeyError: 'proxy'" in answer["message"]
    assert "Traceback" in caplog.text


def test_what_is_not_found_and_a_page_that_somebody_stored_pass_as_they_are() -> None:
    page = b"<!doctype html><title>stored</title>"
    for status, body in (("404 Not Found", b'{"message": "no such key"}'), ("200 OK", page)):

        def passing(
            _environ: dict[str, Any], start: Any, status: str = status, body: bytes = body
        ) -> Iterable[bytes]:
            start(status, [("Content-Type", "text/html")])
            return [body]

        assert _ask(passing) == (status, body)


def test_a_form_can_still_be_read() -> None:
    form = b"Action=ListTopics&Version=2010-03-31"

    def reads(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        start("200 OK", [])
        return [environ["wsgi.input"].read()]

    assert _ask(
        reads,
        CONTENT_TYPE="application/x-www-form-urlencoded; charset=utf-8",
        CONTENT_LENGTH=str(len(form)),
        **{"wsgi.input": io.BytesIO(form)},
    ) == ("200 OK", form)
