"""Bedrock's log of invocations, where an account has switched it on.

Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html
"""

from __future__ import annotations

import gzip
import json
import logging
import threading
import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from queue import SimpleQueue
from typing import Any

from emulator.cloudwatch.publisher import Observation, Publisher
from emulator.models.call import Call

STREAM = "aws/bedrock/modelinvocations"

_LONGEST_BODY = 100 * 1024
_JSON = "application/json"
_LOGGER = logging.getLogger("emulator.models")


class InvocationLog:
    """Writes records in a thread of its own, so that no answer waits for moto."""

    def __init__(
        self,
        lock: AbstractContextManager[Any],
        publisher: Publisher,
        now: Callable[[], float],
    ) -> None:
        """Takes what it needs to write; the thread starts with the first call.

        Args:
            lock: that everybody holds who uses what moto has.
            publisher: learns whether a record was delivered.
            now: tells the emulator's time, seconds.
        """
        self._moto = lock
        self._publisher = publisher
        self._now = now
        self._queue: SimpleQueue[tuple[Call, float]] = SimpleQueue()
        self._start = threading.Lock()
        self._started = False

    def record(self, call: Call) -> None:
        """Has a call written, if its account logs there."""
        self._queue.put((call, self._now()))
        with self._start:
            if not self._started:
                self._started = True
                threading.Thread(target=self._run, name="invocation-log", daemon=True).start()

    def _run(self) -> None:
        while True:
            call, at = self._queue.get()
            try:
                self._deliver(call, datetime.fromtimestamp(at, UTC))
            except Exception:  # the next record must not miss it
                _LOGGER.exception("the log of invocations")

    def _deliver(self, call: Call, at: datetime) -> None:
        with self._moto:
            settings = _settings(call)
            if not settings:
                return
            record = json.dumps(_record(call, at, settings), ensure_ascii=False)
            done = {
                "CloudWatch": _to_logs(call, at, record, settings.get("cloudWatchConfig")),
                "S3": _to_bucket(call, at, record, settings.get("s3Config")),
            }
        for where, delivered in done.items():
            if delivered is not None:
                end = "Success" if delivered else "Failure"
                value = Observation(
                    namespace="AWS/Bedrock",
                    name=f"ModelInvocationLogs{where}Delivery{end}",
                    value=1,
                    unit="Count",
                    dimension_sets=({},),
                )
                self._publisher.publish(call.account_id, call.region, value)


def _settings(call: Call) -> dict[str, Any]:
    from moto.bedrock.models import bedrock_backends

    backend = bedrock_backends[call.account_id][call.region]
    return backend.get_model_invocation_logging_configuration() or {}


def _record(call: Call, at: datetime, settings: Mapping[str, Any]) -> dict[str, Any]:
    arn = f"arn:aws:bedrock:{call.region}:{call.account_id}:inference-profile/{call.model_id}"
    texts = bool(settings.get("textDataDeliveryEnabled", True))
    vectors = bool(settings.get("embeddingDataDeliveryEnabled", True))
    output = vectors if call.embeds else texts
    record: dict[str, Any] = {
        "schemaType": "ModelInvocationLog",
        "schemaVersion": "1.0",
        "timestamp": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "accountId": call.account_id,
        "identity": {"arn": _caller(call)},
        "region": call.region,
        "requestId": call.request_id,
        "operation": call.operation,
        "modelId": arn if call.profile else call.model_id,
        "input": _side("input", _request(call, settings) if texts else None, call.input_tokens),
    }
    if call.error:
        return record | {"errorCode": call.error}
    answer = json.loads(call.answer) if output else None
    record["output"] = _side("output", answer, call.output_tokens)
    return record | ({"inferenceRegion": call.region} if call.profile else {})


def _side(name: str, body: object, tokens: int | None) -> dict[str, Any]:
    """A body is left out if it is too large: AWS has it in a file of its own."""
    side: dict[str, Any] = {f"{name}ContentType": _JSON}
    if body is not None and len(json.dumps(body).encode()) <= _LONGEST_BODY:
        side[f"{name}BodyJson"] = body
    if tokens is not None:
        side[f"{name}TokenCount"] = tokens
    return side


def _request(call: Call, settings: Mapping[str, Any]) -> object:
    """The request without pictures and films, if these are not wanted."""
    try:
        body = json.loads(call.request)
    except (ValueError, RecursionError):
        return None
    dropped = {
        kind for kind in ("image", "video") if not settings.get(f"{kind}DataDeliveryEnabled", True)
    }
    messages = body.get("messages") if isinstance(body, dict) else None
    for message in messages if isinstance(messages, list) else ():
        if isinstance(message, dict) and isinstance(message.get("content"), list):
            message["content"] = [
                block
                for block in message["content"]
                if not (isinstance(block, dict) and dropped & block.keys())
            ]
    return body


def _caller(call: Call) -> str:
    from moto.sts.models import sts_backends

    backend = sts_backends[call.account_id]["aws"]
    return str(backend.get_caller_identity(call.access_key, call.region)[1])


def _to_logs(
    call: Call, at: datetime, record: str, settings: Mapping[str, Any] | None
) -> bool | None:
    """Writes to the log group; None if there is to be none, False if it is missing."""
    from moto.logs.exceptions import LogsClientError
    from moto.logs.models import logs_backends

    if not settings or not settings.get("logGroupName"):
        return None
    backend, group = logs_backends[call.account_id][call.region], settings["logGroupName"]
    event = {"timestamp": int(at.timestamp() * 1000), "message": record}
    try:
        backend.ensure_log_stream(group, STREAM)
        backend.put_log_events(group, STREAM, [event])
    except LogsClientError:
        return False
    return True


def _to_bucket(
    call: Call, at: datetime, record: str, settings: Mapping[str, Any] | None
) -> bool | None:
    """Writes to the bucket, a file each; None if there is to be none, False if it is missing."""
    from moto.s3.exceptions import MissingBucket
    from moto.s3.models import s3_backends

    if not settings or not settings.get("bucketName"):
        return None
    prefix = f"{settings['keyPrefix'].strip('/')}/" if settings.get("keyPrefix") else ""
    folder = f"AWSLogs/{call.account_id}/BedrockModelInvocationLogs/{call.region}"
    file = f"{at:%Y%m%dT%H%M%S}{at.microsecond // 1000:03}Z_{uuid.uuid4().hex[:16]}.json.gz"
    key = f"{prefix}{folder}/{at:%Y/%m/%d/%H}/{file}"
    body = gzip.compress(f"{record}\n".encode())
    try:
        s3_backends[call.account_id]["aws"].put_object(settings["bucketName"], key, body)
    except MissingBucket:
        return False
    return True
