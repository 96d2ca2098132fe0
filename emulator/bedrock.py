"""Bedrock's models in its own wire format, so that the service's real code runs unchanged.

    POST /model/<id or ARN>/invoke       Cohere Embed v3 and v4, Titan Text Embeddings V2
    POST /model/<id or ARN>/converse     any model that writes
    POST /_emulator/models               {"throttle": 3}, {"delay_seconds": 0.5}, {"reset": true}
    GET  /_emulator/models               what is set, and what is missing on this machine

It proves what is sent and how the answers are taken, not what a real model would say.
"""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from emulator.cloudwatch.publisher import Publisher
from emulator.models import conversation, embedding, metrics, select, wire
from emulator.models.call import Call
from emulator.models.embedding import EmbedderOf
from emulator.models.faults import Faults
from emulator.models.invocation_log import InvocationLog
from emulator.models.wire import Answer, Refusal
from emulator.wsgi import Application, StartResponse, caller_of, read_body, respond
from services.rag.models.interface import Answerer

CONTROL_PATH = "/_emulator/models"

_MAX_BODY_BYTES = 25_000_000
_PATH = re.compile(r"/model/(?P<model>.+)/(?P<operation>invoke|converse)")
# Other services have paths like these too: a bucket may be called model.
_SIGNED = re.compile(r"Credential=[^/,\s]+/\d{8}/[a-z0-9-]+/bedrock/aws4_request")
_ID = re.compile(
    r"(?:arn:aws[a-z-]*:bedrock:[a-z0-9-]*:\d*:(?:inference-profile|foundation-model)/)?"
    r"(?P<id>(?P<profile>(?:global|us-gov|us|eu|apac|jp|au|ca)\.)?(?P<model>[a-z0-9-]+\.[a-z0-9.:-]+))"
)
_ACCESS_KEY = re.compile(r"Credential=([^/,\s]+)/")
_OPERATIONS = {"invoke": "InvokeModel", "converse": "Converse"}


def with_models(
    application: Application,
    *,
    publisher: Publisher,
    log: InvocationLog,
    embedder_of: EmbedderOf = select.embedder,
    answerer_of: Callable[[], Answerer] = select.answerer,
) -> Application:
    """Answers what is signed for Bedrock and calls a model.

    Belongs outside every lock of the emulator: the models load with the first call and take their
    time, and calls may come at once.

    Args:
        application: gets every other request.
        publisher: of the metrics of calls.
        log: of the calls, where an account wants one.
        embedder_of: gives the embedder of a dimension.
        answerer_of: gives what writes answers.
    """
    faults = Faults()

    def answered(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path, method = environ.get("PATH_INFO", ""), environ["REQUEST_METHOD"]
        if path == CONTROL_PATH:
            return respond(start_response, *_control(method, environ, faults))
        found = _PATH.fullmatch(path)
        signed = _SIGNED.search(environ.get("HTTP_AUTHORIZATION", ""))
        if method != "POST" or not found or not signed:
            return application(environ, start_response)
        body = read_body(environ, _MAX_BODY_BYTES)
        began = time.monotonic()
        try:
            _inject(faults)
            models = embedder_of, answerer_of
            answer = _call(found["model"], found["operation"], body, *models)
        except Refusal as refusal:
            answer = refusal.answer()
        request_id = str(uuid.uuid4())
        call = _described(environ, found, body, answer, request_id, time.monotonic() - began)
        if call:
            publisher.publish(call.account_id, call.region, *metrics.observations(call))
            log.record(call)
        status, headers, text = answer
        named = [*headers, ("x-amzn-RequestId", request_id)]
        return respond(start_response, status, named, text)

    return answered


def _described(
    environ: dict[str, Any],
    found: re.Match[str],
    body: bytes | None,
    answer: Answer,
    request_id: str,
    seconds: float,
) -> Call | None:
    """Gives a call for its metrics and its log; None if there is no such model."""
    named = _ID.fullmatch(found["model"])
    if named is None or not (
        embedding.is_known(named["model"]) or conversation.is_known(named["model"])
    ):
        return None
    account_id, region = caller_of(environ)
    key = _ACCESS_KEY.search(environ["HTTP_AUTHORIZATION"])
    status, headers, text = answer
    return Call(
        account_id=account_id,
        region=region,
        access_key=key[1] if key else "",
        request_id=request_id,
        operation=_OPERATIONS[found["operation"]],
        model_id=named["id"],
        profile=named["profile"] is not None,
        embeds=embedding.is_known(named["model"]),
        request=body or b"",
        status=status,
        headers=headers,
        answer=text,
        seconds=seconds,
    )


def _call(
    model_id: str,
    operation: str,
    body: bytes | None,
    embedder_of: EmbedderOf,
    answerer_of: Callable[[], Answerer],
) -> Answer:
    found = _ID.fullmatch(model_id)
    model = found["model"] if found else ""
    embeds, writes = embedding.is_known(model), conversation.is_known(model)
    if not (embeds or writes):
        raise Refusal("The provided model identifier is invalid.")
    if body is None:
        raise wire.malformed(f"#: expected at most {_MAX_BODY_BYTES} bytes")
    if operation == "invoke":
        if not embeds:
            raise Refusal("This stand-in invokes models that embed only; use Converse.")
        return embedding.invoke(model, wire.parse(body), embedder_of)
    if not writes:
        raise Refusal(
            "This action doesn't support the model that you provided. Try again with a supported"
            " text or chat model."
        )
    return conversation.converse(wire.parse(body), answerer_of())


def _inject(faults: Faults) -> None:
    throttled, delay_seconds = faults.next_call()
    time.sleep(delay_seconds)
    if throttled:
        text = "Too many requests, please wait before trying again."
        raise Refusal(text, "ThrottlingException")


def _control(method: str, environ: dict[str, Any], faults: Faults) -> Answer:
    body = read_body(environ, 10_000) or b""
    headers = [("Content-Type", "application/json")]
    if method not in ("GET", "POST"):
        return 405, [*headers, ("Allow", "GET, POST")], b'{"message": "use GET or POST"}'
    if method == "POST":
        try:
            wanted = json.loads(body)
            if not isinstance(wanted, dict):
                raise ValueError("the body is no JSON object")
            faults.change(wanted)
        except (ValueError, RecursionError) as error:
            return 400, headers, json.dumps({"message": f"{CONTROL_PATH}: {error}"}).encode()
    return wire.answer({**faults.state(), "shortcoming": select.shortcoming()})
