"""An HTTP endpoint on this machine that answers like Amazon Bedrock, or fails as scripted.

botocore's real client calls it. It checks no signature and has no model: it shows what the service
sends and how it handles responses, not that Bedrock would answer the same.

    with running(monkeypatch) as endpoint:
        endpoint.script = [throttle(), throttle()]    # then as usual
        endpoint.write = lambda prompt: "It is in Hue [1]."
"""

from __future__ import annotations

import functools
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import botocore.session
import pytest

from services.rag.models import clients
from services.rag.prompt import Prompt
from tests.support.misbehaving_server import Call, Fault, Reply, serving

_VARIABLES = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "a secret of tests",
    "AWS_REGION": "ap-southeast-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "NO_PROXY": "127.0.0.1",
}
_UNSET = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")


Behaviour = Callable[[Call], Reply]


def as_json(body: Any, **headers: str) -> Reply:
    """Return a reply with status 200; underscores in headers' names stand for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(body=json.dumps(body).encode(), headers=named)


def error(status: int, code: str, message: str = "no", **headers: str) -> Behaviour:
    """Fail as AWS does, with a code in a header and a message that may quote what was sent."""
    body = json.dumps({"message": message}).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda call: Reply(
        status=status, body=body, headers={"x-amzn-ErrorType": f"{code}:http://aws/", **named}
    )


def throttle(retry_after: int | None = None) -> Behaviour:
    """Throttle."""
    headers = {} if retry_after is None else {"Retry_After": str(retry_after)}
    return error(429, "ThrottlingException", "Too many requests", **headers)


def fault(kind: Fault) -> Behaviour:
    """Break the connection, see `Reply.fault`."""
    return lambda call: Reply(body=b'{"embeddings": [[0.1, 0.2', fault=kind)


def garbage(body: bytes = b"<html>Bad gateway</html>") -> Behaviour:
    """Answer with status 200 and no JSON."""
    return lambda call: Reply(body=body)


class ModelEndpoint:
    """The endpoint.

    Attributes:
        script: behaviours of the next requests, in order of arrival.
        otherwise: behaviour once the script is used up; None to answer as the model would.
        write: writes the answers of Converse.
        stop_reason: what Converse says why it stopped.
        dimension: numbers in a vector.
        calls: what arrived.
    """

    def __init__(self) -> None:
        """It does not listen yet."""
        self.script: list[Behaviour] = []
        self.otherwise: Behaviour | None = None
        self.write: Callable[[Prompt], str] = lambda prompt: "An answer [1]."
        self.stop_reason = "end_turn"
        self.dimension = 1024
        self.calls: list[Call] = []
        self._lock = threading.Lock()

    def take(self, call: Call) -> Reply:
        """Record a request and decide what goes back."""
        with self._lock:
            self.calls.append(call)
            behaviour = self.script.pop(0) if self.script else self.otherwise
        return (behaviour or self.answer)(call)

    def answer(self, call: Call) -> Reply:
        """Answer as the model would."""
        if call.operation == "converse":
            return self._converse(call)
        if "inputText" in call.body:
            return self._vectors({"embedding": self.vector(call.body["inputText"])}, call)
        vectors: Any = [self.vector(text) for text in call.body["texts"]]
        if "embedding_types" in call.body:
            vectors = {"float": vectors}
        return self._vectors({"embeddings": vectors}, call)

    def slowly(self, seconds: float) -> Behaviour:
        """Answer as the model would, but late."""
        return lambda call: replace(self.answer(call), after_seconds=seconds)

    def vector(self, text: str) -> list[float]:
        """Return the vector of a text: other texts have others, and it means nothing."""
        digest = hashlib.shake_128(text.encode()).digest(self.dimension)
        return [byte / 255 for byte in digest]

    def _vectors(self, body: dict[str, Any], call: Call) -> Reply:
        words = len(json.dumps(call.body.get("texts") or call.body["inputText"]).split())
        return as_json(body, X_Amzn_Bedrock_Input_Token_Count=str(words))

    def _converse(self, call: Call) -> Reply:
        text = self.write(call.prompt)
        usage = {"inputTokens": 321, "outputTokens": len(text.split()), "totalTokens": 0}
        usage["totalTokens"] = usage["inputTokens"] + usage["outputTokens"]
        message = {"role": "assistant", "content": [{"text": text}]}
        return as_json(
            {
                "output": {"message": message},
                "stopReason": self.stop_reason,
                "usage": usage,
                "metrics": {"latencyMs": 1},
            }
        )


def close_clients() -> None:
    """Close the service's clients of Bedrock; the next ones see the environment as it is then."""
    for client in clients._clients.values():
        client.close()
    clients._clients.clear()
    clients._session = None


@functools.cache
def _session() -> Any:
    """A session with the credentials of ``_VARIABLES``; making one reads botocore's data anew."""
    return botocore.session.get_session()


@contextmanager
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelEndpoint]:
    """Run an endpoint, to which the process environment leads all calls of Bedrock.

    Args:
        monkeypatch: sets the variables.

    Yields:
        The endpoint.
    """
    endpoint = ModelEndpoint()
    for name, value in _VARIABLES.items():
        monkeypatch.setenv(name, value)
    for name in _UNSET:
        monkeypatch.delenv(name, raising=False)
    with serving(endpoint.take) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", url)
        close_clients()
        clients._session = _session()
        try:
            yield endpoint
        finally:
            close_clients()
