"""A call of a model that was answered, for its metrics and its log."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from emulator.models.wire import Headers

_TOKENS = "x-amzn-bedrock-input-token-count"


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call of a model, and its answer.

    Attributes:
        account_id, region: who calls, and where.
        access_key: whose it is.
        request_id: as the caller got it.
        operation: `InvokeModel` or `Converse`.
        model_id: of the model or the inference profile, without what an ARN has before it.
        profile: whether it is a profile's.
        embeds: whether the model makes vectors.
        request: the body.
        status: of HTTP.
        headers: of the answer.
        answer: the body.
        seconds: how long it took.
    """

    account_id: str
    region: str
    access_key: str
    request_id: str
    operation: str
    model_id: str
    profile: bool
    embeds: bool
    request: bytes = field(repr=False)
    status: int
    headers: Headers
    answer: bytes = field(repr=False)
    seconds: float

    @property
    def error(self) -> str | None:
        """AWS's name of the error; None for a success."""
        return dict(self.headers).get("x-amzn-errortype")

    @property
    def input_tokens(self) -> int | None:
        """How much the model read; None after an error."""
        if self.operation == "Converse":
            return self._usage("inputTokens")
        counted = dict(self.headers).get(_TOKENS)
        return None if counted is None else int(counted)

    @property
    def output_tokens(self) -> int | None:
        """How much it wrote; None after an error, and for a vector."""
        return self._usage("outputTokens") if self.operation == "Converse" else None

    def _usage(self, name: str) -> int | None:
        if self.error:
            return None
        answer: dict[str, Any] = json.loads(self.answer)
        return int(answer["usage"][name])
