"""Answers from Amazon Bedrock."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from typing import Any

from ..contract.settings import Guardrail
from ..deadline import Deadline
from ..prompt import build, parse
from .failures import Failure, safe_code, unreadable
from .interface import Answer, ModelRefused, Passage, StopReason, Usage
from .parallel import run_all
from .retry import call

_STOPS: dict[str, StopReason] = {
    "end_turn": "end",
    "stop_sequence": "end",
    "max_tokens": "max_tokens",
    "guardrail_intervened": "guardrail",
}


class BedrockAnswerer:
    """Answers from passages with the Converse API, which is the same for every model."""

    def __init__(self, *, model_id: str, region: str, guardrail: Guardrail | None = None) -> None:
        """Prepare; nothing is called yet.

        Args:
            model_id: id or ARN of a model or inference profile.
            region: where the model is called.
            guardrail: checks prompts and answers, if there is one.
        """
        self._model_id = model_id
        self._region = region
        self._guardrail = guardrail
        self._takes_temperature = True

    @property
    def model_id(self) -> str:
        """The model."""
        return self._model_id

    def answer(
        self, question: str, passages: Sequence[Passage], *, max_tokens: int, deadline: Deadline
    ) -> Answer:
        """Answer, citing passages by their number, or say that they don't hold the answer.

        Args:
            question: what is asked.
            passages: at least one; the first has the number 1.
            max_tokens: how much the model may write.
            deadline: when the caller stops waiting.

        Returns:
            The answer; without text if a guardrail stepped in.

        Raises:
            ModelError: one of its kinds.
        """
        request = self._request(question, passages, max_tokens)

        def task(cancelled: threading.Event) -> Answer:
            return call(
                partial(self._send, request, len(passages)),
                region=self._region,
                deadline=deadline,
                cancelled=cancelled,
            )

        return run_all([task], deadline=deadline)[0]

    def _request(
        self, question: str, passages: Sequence[Passage], max_tokens: int
    ) -> dict[str, Any]:
        prompt = build(question, passages)
        request: dict[str, Any] = {
            "modelId": self._model_id,
            "system": [{"text": prompt.system}],
            "messages": [{"role": "user", "content": [{"text": prompt.message}]}],
            # Bedrock reserves the model's maximum against the quota where maxTokens is missing.
            "inferenceConfig": {"maxTokens": max_tokens},
        }
        if self._guardrail:
            request["guardrailConfig"] = {
                "guardrailIdentifier": self._guardrail.id,
                "guardrailVersion": self._guardrail.version,
                "trace": "disabled",  # a trace quotes what the guardrail found
            }
        return request

    def _send(self, request: dict[str, Any], passage_count: int, client: Any) -> Answer:
        try:
            response = self._converse(request, client)
        except (AttributeError, TypeError):
            response = {}  # what botocore raises for JSON that is no object
        return _answer(response, passage_count)

    def _converse(self, request: dict[str, Any], client: Any) -> Any:
        """Ask with temperature 0, where the model accepts a temperature.

        Newer models refuse any. No API of Bedrock tells which, so the first refusal is remembered.
        """
        if self._takes_temperature:
            deterministic = {**request["inferenceConfig"], "temperature": 0.0}
            try:
                response = client.converse(**request | {"inferenceConfig": deterministic})
            except client.exceptions.ValidationException as error:
                if "temperature" not in error.response["Error"].get("Message", ""):
                    raise
                self._takes_temperature = False
            else:
                return response
        return client.converse(**request)


def _answer(response: dict[str, Any], passage_count: int) -> Answer:
    if "stopReason" not in response:
        raise unreadable()  # botocore makes an empty response of a body that is no JSON
    reason = response["stopReason"]
    stop = _STOPS.get(reason)
    if stop is None:
        raise Failure(ModelRefused(f"the model stopped for another reason: {safe_code(reason)}"))
    text, found, cited = parse(_text(response), passage_count)
    counts = response.get("usage", {})
    if stop == "guardrail":
        text, found, cited = "", False, ()  # the text is the guardrail's own message
    return Answer(
        text=text,
        found=found,
        cited=cited,
        stop=stop,
        usage=Usage(
            input_tokens=counts.get("inputTokens", 0), output_tokens=counts.get("outputTokens", 0)
        ),
    )


def _text(response: dict[str, Any]) -> str:
    content = response.get("output", {}).get("message", {}).get("content", [])
    # Other kinds of blocks hold the model's reasoning.
    return "".join(block.get("text", "") for block in content)
