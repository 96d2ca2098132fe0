"""What Bedrock's requests, answers and refusals have in common."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

Headers = list[tuple[str, str]]
Answer = tuple[int, Headers, bytes]

_STATUS = {"ValidationException": 400, "ThrottlingException": 429, "ModelTimeoutException": 408}


@dataclass(frozen=True)
class Refusal(Exception):
    """A call that is answered with an error.

    Attributes:
        message: for the caller; quotes nothing that was sent.
        code: AWS's name of the error.
    """

    message: str
    code: str = "ValidationException"

    def answer(self) -> Answer:
        """Gives it as Bedrock sends it."""
        body = json.dumps({"message": self.message}).encode()
        headers = [("Content-Type", "application/json"), ("x-amzn-errortype", self.code)]
        return _STATUS[self.code], headers, body


def malformed(what: str) -> Refusal:
    """Gives the refusal of a body that breaks the model's schema."""
    return Refusal(f"Malformed input request: {what}, please reformat your input and try again.")


def answer(body: dict[str, Any], *more: tuple[str, str]) -> Answer:
    """Gives a success."""
    return 200, [("Content-Type", "application/json"), *more], json.dumps(body).encode()


def parse(body: bytes) -> dict[str, Any]:
    """Reads a request's body.

    Raises:
        Refusal: if it is no JSON object.
    """
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict):
        raise malformed("#: expected type: JSONObject")
    return parsed


def check_keys(
    body: dict[str, Any], *, required: Collection[str], optional: Collection[str]
) -> None:
    """Refuses what a model's schema doesn't know, and what lacks.

    Raises:
        Refusal: naming the keys.
    """
    missing = [f"#: required key [{key}] not found" for key in required if key not in body]
    known = {*required, *optional}
    extra = sum(key not in known for key in body)
    if missing or extra:
        raise malformed("".join([*missing, *["#: extraneous key is not permitted"] * bool(extra)]))


def check_text(text: object, where: str, longest: int) -> str:
    """Gives a text back, unless it is empty, too long or none.

    Raises:
        Refusal: saying which.
    """
    if not isinstance(text, str):
        raise malformed(f"{where}: expected type: String")
    if not text:
        raise malformed(f"{where}: expected minLength: 1, actual: 0")
    if len(text) > longest:
        raise malformed(f"{where}: expected maxLength: {longest}, actual: {len(text)}")
    return text


def check_choice(value: object, where: str, allowed: Collection[object]) -> None:
    """Refuses a value that is not one of those.

    Raises:
        Refusal: if it is none.
    """
    # A list is not hashable, and True must not count as 1.
    if not any(type(value) is type(one) and value == one for one in allowed):
        raise malformed(f"{where}: not a valid enum value")
