"""Tests of what calls of the models publish, and of the log of invocations."""

from __future__ import annotations

import gzip
import io
import json
import re
import threading
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from emulator.bedrock import CONTROL_PATH, with_models
from emulator.models.extractive import ExtractiveAnswerer
from emulator.models.hashing import HashingEmbedder
from emulator.models.invocation_log import STREAM, InvocationLog
from emulator.wsgi import Application
from services.rag.models import Passage
from services.rag.models.interface import Answer, Answerer, ModelTimeout
from services.rag.prompt import build
from tests.emulator.databases import ACCOUNT, REGION, mocked_aws
from tests.emulator.deployed import eventually
from tests.emulator.published import Published

TITAN = "amazon.titan-embed-text-v2:0"
CLAUDE = "anthropic.claude-haiku-4-5-20251001-v1:0"
PROFILE = f"global.{CLAUDE}"
PROFILE_ARN = f"arn:aws:bedrock:{REGION}:{ACCOUNT}:inference-profile/{PROFILE}"
EMBED = {"inputText": "Silk lanterns light the lanes."}
ASK: dict[str, Any] = {"messages": [{"role": "user", "content": [{"text": "What is it?"}]}]}
GROUP, BUCKET = "/aws/bedrock/modelinvocations", "bedrock-logs"
DELIVERED = "ModelInvocationLogs{}Delivery{}"


class Slow:
    """A model that never answers in time."""

    model_id = "slow"

    def answer(self, *_: object, **__: object) -> Answer:
        raise ModelTimeout("too slow")


@pytest.fixture(autouse=True)
def _aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with mocked_aws(monkeypatch):
        yield


@pytest.fixture
def published() -> Published:
    return Published()


@pytest.fixture
def lock() -> Any:
    return threading.Lock()


@pytest.fixture
def application(published: Published, lock: Any) -> Application:
    return serving(published, lock, ExtractiveAnswerer())


def serving(published: Published, lock: Any, answerer: Answerer) -> Application:
    def other(*_: object) -> list[bytes]:
        raise AssertionError("no call of a model")

    return with_models(
        other,
        publisher=published,
        log=InvocationLog(lock, published, time.time),
        embedder_of=lambda dimension: HashingEmbedder(dimension=dimension),
        answerer_of=lambda: answerer,
    )


def call(
    application: Application,
    model: str,
    body: Any = None,
    path: str | None = None,
    key_id: str = f"local-{ACCOUNT}",
) -> tuple[int, str, Any]:
    """Calls a model; gives status, id of the request, and answer."""
    operation = "converse" if "claude" in model else "invoke"
    content = json.dumps(body).encode()
    scope = f"20260101/{REGION}/bedrock/aws4_request"
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path or f"/model/{model}/{operation}",
        "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential={key_id}/{scope}, Signature=1",
        "CONTENT_LENGTH": str(len(content)),
        "wsgi.input": io.BytesIO(content),
    }
    started: list[tuple[int, dict[str, str]]] = []

    def start(status: str, headers: list[tuple[str, str]]) -> None:
        started.append((int(status.split()[0]), dict(headers)))

    answer = b"".join(application(environ, start))
    [(status, headers)] = started
    return status, headers.get("x-amzn-RequestId", ""), json.loads(answer)


def by(model: str) -> dict[str, str]:
    return {"ModelId": model}


@pytest.mark.parametrize("series", [{}, by(TITAN)])
def test_a_vector_publishes_what_it_took(
    application: Application, published: Published, series: dict[str, str]
) -> None:
    status, _, answer = call(application, TITAN, EMBED)
    assert status == 200
    assert published.values("Invocations", series) == [1]
    assert published.values("InputTokenCount", series) == [answer["inputTextTokenCount"]]
    assert 0 < published.values("InvocationLatency", series)[0] < 10_000
    assert published.names() == {"Invocations", "InputTokenCount", "InvocationLatency"}
    assert set(published.places) == {(ACCOUNT, REGION)}


@pytest.mark.parametrize("model", [PROFILE, PROFILE_ARN])
def test_a_conversation_is_counted_by_its_profile(
    application: Application, published: Published, model: str
) -> None:
    usage = call(application, model, ASK)[2]["usage"]
    for series in ({}, by(PROFILE)):
        assert published.values("Invocations", series) == [1]
        assert published.values("InputTokenCount", series) == [usage["inputTokens"]]
        assert published.values("OutputTokenCount", series) == [usage["outputTokens"]]


def test_what_is_refused_or_throttled_is_no_invocation(
    application: Application, published: Published
) -> None:
    assert call(application, TITAN, {"nonsense": 1})[0] == 400
    assert published.names() == {"InvocationClientErrors"}
    published.clear()
    call(application, "", {"throttle": 1}, path=CONTROL_PATH)
    assert call(application, TITAN, EMBED)[0] == 429
    assert published.names() == {"InvocationThrottles"}
    assert published.values("InvocationThrottles", by(TITAN)) == [1]
    published.clear()
    assert call(application, "no.such-model", EMBED)[0] == 400
    assert published.names() == set()


def test_what_was_accepted_and_failed_is_both(published: Published, lock: Any) -> None:
    prompt = build("What is it?", [Passage(title="Phở", text="Soup.")]).message
    body = {"messages": [{"role": "user", "content": [{"text": prompt}]}]}
    assert call(serving(published, lock, Slow()), CLAUDE, body)[0] == 408
    assert published.names() == {"Invocations", "InvocationClientErrors"}


def switch_on(**flags: Any) -> None:
    """Has invocations logged, to both places."""
    boto3.client("logs", region_name=REGION).create_log_group(logGroupName=GROUP)
    where = {"LocationConstraint": REGION}
    boto3.client("s3", region_name=REGION).create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration=where
    )
    configure(
        cloudWatchConfig={"logGroupName": GROUP, "roleArn": f"arn:aws:iam::{ACCOUNT}:role/log"},
        s3Config={"bucketName": BUCKET, "keyPrefix": "calls"},
        **flags,
    )


def configure(**settings: Any) -> None:
    boto3.client("bedrock", region_name=REGION).put_model_invocation_logging_configuration(
        loggingConfig=settings
    )


def logged(published: Published, records: int = 1) -> list[dict[str, Any]]:
    """Waits for records in the log group; the files in the bucket say the same."""
    success = DELIVERED.format("S3", "Success")
    assert eventually(lambda: len(published.values(success)) == records)
    assert len(published.values(DELIVERED.format("CloudWatch", "Success"))) == records
    events = boto3.client("logs", region_name=REGION).get_log_events(
        logGroupName=GROUP, logStreamName=STREAM
    )["events"]
    s3 = boto3.client("s3", region_name=REGION)
    lines = []
    for each in s3.list_objects_v2(Bucket=BUCKET)["Contents"]:
        pattern = (
            rf"calls/AWSLogs/{ACCOUNT}/BedrockModelInvocationLogs/{REGION}"
            r"/\d{4}/\d\d/\d\d/\d\d/\d{8}T\d{9}Z_[0-9a-f]{16}\.json\.gz"
        )
        assert re.fullmatch(pattern, each["Key"])
        body = s3.get_object(Bucket=BUCKET, Key=each["Key"])["Body"].read()
        lines += gzip.decompress(body).decode().splitlines()
    messages = [each["message"] for each in events]
    assert sorted(lines) == sorted(messages)
    return [json.loads(each) for each in messages]


def test_the_caller_is_the_role_that_it_has_assumed(
    application: Application, published: Published
) -> None:
    """As functions have their role's credentials; the log then tells them apart."""
    switch_on()
    sts = boto3.client("sts", region_name=REGION)
    for name in ("query", "ingest"):
        role = f"arn:aws:iam::{ACCOUNT}:role/{name}"
        key = sts.assume_role(RoleArn=role, RoleSessionName=name)["Credentials"]
        call(application, PROFILE, ASK, key_id=key["AccessKeyId"])
    assert {each["identity"]["arn"] for each in logged(published, 2)} == {
        f"arn:aws:sts::{ACCOUNT}:assumed-role/query/query",
        f"arn:aws:sts::{ACCOUNT}:assumed-role/ingest/ingest",
    }


def test_a_conversation_is_logged_as_aws_does(
    application: Application, published: Published
) -> None:
    switch_on()
    _, request_id, answer = call(application, PROFILE, ASK)
    [record] = logged(published)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", record.pop("timestamp"))
    assert record == {
        "schemaType": "ModelInvocationLog",
        "schemaVersion": "1.0",
        "accountId": ACCOUNT,
        "identity": {"arn": f"arn:aws:sts::{ACCOUNT}:user/moto"},
        "region": REGION,
        "requestId": request_id,
        "operation": "Converse",
        "modelId": PROFILE_ARN,
        "inferenceRegion": REGION,
        "input": {
            "inputContentType": "application/json",
            "inputBodyJson": ASK,
            "inputTokenCount": answer["usage"]["inputTokens"],
        },
        "output": {
            "outputContentType": "application/json",
            "outputBodyJson": answer,
            "outputTokenCount": answer["usage"]["outputTokens"],
        },
    }


def test_an_error_is_logged_without_an_answer(
    application: Application, published: Published
) -> None:
    switch_on()
    call(application, TITAN, {"nonsense": 1})
    [record] = logged(published)
    assert record["errorCode"] == "ValidationException"
    assert record["modelId"] == TITAN
    assert record["input"]["inputBodyJson"] == {"nonsense": 1}
    assert "output" not in record
    assert "inferenceRegion" not in record


@pytest.mark.parametrize(
    ("flags", "model", "body", "has_input", "has_output"),
    [
        ({}, TITAN, EMBED, True, True),
        ({"textDataDeliveryEnabled": False}, CLAUDE, ASK, False, False),
        ({"textDataDeliveryEnabled": False}, TITAN, EMBED, False, True),
        ({"embeddingDataDeliveryEnabled": False}, TITAN, EMBED, True, False),
        ({"embeddingDataDeliveryEnabled": False}, CLAUDE, ASK, True, True),
    ],
)
def test_only_what_is_wanted_is_delivered(
    application: Application,
    published: Published,
    flags: dict[str, bool],
    model: str,
    body: Any,
    has_input: bool,
    has_output: bool,
) -> None:
    switch_on(**flags)
    call(application, model, body)
    [record] = logged(published)
    assert ("inputBodyJson" in record["input"]) is has_input
    assert ("outputBodyJson" in record["output"]) is has_output
    assert record["input"]["inputTokenCount"] > 0


def test_pictures_and_films_are_left_out_where_they_are_not_wanted(
    application: Application, published: Published
) -> None:
    switch_on(imageDataDeliveryEnabled=False)
    blocks = [{"text": "What is it?"}, {"image": {"format": "png"}}, {"video": {"format": "mp4"}}]
    call(application, CLAUDE, {"messages": [{"role": "user", "content": blocks}]})
    [record] = logged(published)
    [message] = record["input"]["inputBodyJson"]["messages"]
    assert message["content"] == [blocks[0], blocks[2]]


def test_a_large_body_is_left_out(application: Application, published: Published) -> None:
    switch_on()
    call(application, TITAN, {"inputText": "lantern " * 20_000})
    [record] = logged(published)
    assert "inputBodyJson" not in record["input"]


def test_a_missing_group_and_bucket_are_failures(
    application: Application, published: Published
) -> None:
    configure(
        cloudWatchConfig={"logGroupName": "/missing", "roleArn": "arn:aws:iam::1:role/log"},
        s3Config={"bucketName": "missing"},
    )
    call(application, TITAN, EMBED)
    failures = [DELIVERED.format(where, "Failure") for where in ("CloudWatch", "S3")]
    assert eventually(lambda: [published.values(name) for name in failures] == [[1], [1]])


def test_without_a_configuration_nothing_is_logged(
    application: Application, published: Published
) -> None:
    call(application, TITAN, EMBED)
    switch_on()
    call(application, PROFILE, ASK)
    assert [each["operation"] for each in logged(published)] == ["Converse"]


def test_no_answer_waits_for_the_log(
    application: Application, published: Published, lock: Any
) -> None:
    switch_on()
    with lock:
        assert call(application, TITAN, EMBED)[0] == 200
        assert published.values(DELIVERED.format("S3", "Success")) == []
    assert len(logged(published)) == 1
