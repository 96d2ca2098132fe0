"""SQS: attributes that come back changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.sqs.models import Queue

from emulator.gaps.registry import Gap, replace, replace_property


def _compact_redrive_policy() -> None:
    @replace_property(Queue, "attributes")
    def _(attributes: dict[str, Any], _queue: Queue) -> dict[str, Any]:
        policy = attributes.get("RedrivePolicy")
        if policy is None:
            return attributes
        compact = json.dumps(json.loads(policy), separators=(",", ":"))
        return attributes | {"RedrivePolicy": compact}


def _kept_policy() -> None:
    @replace(Queue, "_set_attributes")
    def _(
        original: Callable[..., None],
        self: Queue,
        attributes: dict[str, Any],
        now: float | None = None,
    ) -> None:
        kept = getattr(self, "policy", None)  # not there yet when the queue is being made
        original(self, attributes, now)
        if "Policy" not in attributes and kept:
            self.policy = kept


GAPS = (
    Gap(
        service="sqs",
        name="compact-redrive-policy",
        moto="returns the redrive policy with spaces after its separators",
        aws="returns it compact; the provider compares the text",
        fill=_compact_redrive_policy,
    ),
    Gap(
        service="sqs",
        name="kept-policy",
        moto="drops a queue's policy when any other attribute is set",
        aws="changes the attributes that were sent and no others",
        fill=_kept_policy,
    ),
)
