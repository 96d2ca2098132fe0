"""Converse of models that write, with answers that are quoted from the prompt's passages.

Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html.
Guardrails, tools, streams and what stands in `system` are left aside.
"""

from __future__ import annotations

import re
import time
from typing import Any

from emulator.models import wire
from emulator.models.wire import Answer, Refusal
from emulator.models.words import count_tokens, cut
from services.rag.deadline import Deadline
from services.rag.models.interface import Answerer, ModelTimeout
from services.rag.prompt import NOT_FOUND, parse_prompt

OTHER_PROMPT = "This stand-in for a model only answers the prompts of the service itself."
"""The answer to any other message."""

_SECONDS = 60.0
_MAX_TOKENS = 4096
"""Used where the request sets none: the model's own maximum."""

_MODEL = re.compile(
    r"(?:anthropic\.claude|amazon\.nova|amazon\.titan-text|meta\.llama|mistral\.|cohere\.command"
    r"|deepseek\.|qwen\.|openai\.gpt-oss)[a-z0-9.:-]+"
)


def is_known(model: str) -> bool:
    """Whether this looks like a model that writes."""
    return bool(_MODEL.fullmatch(model))


def converse(body: dict[str, Any], answerer: Answerer) -> Answer:
    """Answers a call.

    Args:
        body: of the request.
        answerer: writes the answers.

    Raises:
        Refusal: if Bedrock would refuse it.
    """
    started = time.monotonic()
    message = _last_message(body)
    most = _most_tokens(body)
    text, stop = _write(message, answerer, most)
    read = count_tokens(message) + sum(count_tokens(part) for part in _texts(body.get("system")))
    wrote = count_tokens(text)
    return wire.answer(
        {
            "output": {"message": {"role": "assistant", "content": [{"text": text}]}},
            "stopReason": stop,
            "usage": {"inputTokens": read, "outputTokens": wrote, "totalTokens": read + wrote},
            "metrics": {"latencyMs": round((time.monotonic() - started) * 1000)},
        }
    )


def _write(message: str, answerer: Answerer, most: int) -> tuple[str, str]:
    try:
        prompt = parse_prompt(message)
    except ValueError:
        return _limited(OTHER_PROMPT, most)
    if not prompt.passages:
        return _limited(NOT_FOUND, most)
    deadline = Deadline.after(_SECONDS)
    try:
        answer = answerer.answer(
            prompt.question, prompt.passages, max_tokens=most, deadline=deadline
        )
    except ModelTimeout:
        raise Refusal("The model timed out.", "ModelTimeoutException") from None
    if not answer.found:
        return _limited(NOT_FOUND, most)
    return answer.text, "max_tokens" if answer.stop == "max_tokens" else "end_turn"


def _limited(text: str, most: int) -> tuple[str, str]:
    written = cut(text, most)
    return written, "end_turn" if written == text else "max_tokens"


def _last_message(body: dict[str, Any]) -> str:
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages or not _is_of_user(messages[0]):
        raise Refusal(
            "A conversation must start with a user message. Try again with a conversation that"
            " starts with a user message."
        )
    if not _is_of_user(messages[-1]):
        raise Refusal("This model does not support assistant message prefill.")
    last = len(messages) - 1
    texts = _texts(messages[last].get("content"))
    if not texts or not all(text.strip() for text in texts):
        raise Refusal(
            f"The text field in the ContentBlock object at messages.{last}.content.0 is blank. Add"
            " text to the text field, and try again."
        )
    return "\n".join(texts)


def _is_of_user(message: object) -> bool:
    return isinstance(message, dict) and message.get("role") == "user"


def _texts(blocks: object) -> list[str]:
    if not isinstance(blocks, list):
        return []
    texts = (block.get("text") for block in blocks if isinstance(block, dict))
    return [text for text in texts if isinstance(text, str)]


def _most_tokens(body: dict[str, Any]) -> int:
    settings = body.get("inferenceConfig", {})
    most = settings.get("maxTokens", _MAX_TOKENS) if isinstance(settings, dict) else None
    if type(most) is not int or most < 1:
        raise Refusal("Value at 'inferenceConfig.maxTokens' must be at least 1.")
    return most
