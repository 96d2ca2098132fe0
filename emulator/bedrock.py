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

from emulator.models import conversation, embedding, select, wire
from emulator.models.embedding import EmbedderOf
from emulator.models.faults import Faults
from emulator.models.wire import Answer, Refusal
from emulator.wsgi import Application, StartResponse, read_body, respond
from services.rag.models.interface import Answerer

CONTROL_PATH = "/_emulator/models"

_MAX_BODY_BYTES = 25_000_000
_PATH = re.compile(r"/model/(?P<model>.+)/(?P<operation>invoke|converse)")
# Other services have paths like these too: a bucket may be called model.
_SIGNED = re.compile(r"Credential=[^/,\s]+/\d{8}/[a-z0-9-]+/bedrock/aws4_request")
_ID = re.compile(
    r"(?:arn:aws[a-z-]*:bedrock:[a-z0-9-]*:\d*:(?:inference-profile|foundation-model)/)?"
    r"(?:(?:global|us-gov|us|eu|apac|jp|au|ca)\.)?(?P<model>[a-z0-9-]+\.[a-z0-9.:-]+)"
)


def with_models(
    application: Application,
    *,
    embedder_of: EmbedderOf = select.embedder,
    answerer_of: Callable[[], Answerer] = select.answerer,
) -> Application:
    """Answers what is signed for Bedrock and calls a model.

    Belongs outside every lock of the emulator: the models load with the first call and take their
    time, and calls may come at once.

    Args:
        application: gets every other request.
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
        try:
            _inject(faults)
            models = embedder_of, answerer_of
            status, headers, text = _call(found["model"], found["operation"], body, *models)
        except Refusal as refusal:
            status, headers, text = refusal.answer()
        named = [*headers, ("x-amzn-RequestId", str(uuid.uuid4()))]
        return respond(start_response, status, named, text)

    return answered


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
