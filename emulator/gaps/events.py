"""EventBridge: rules that lead to topics and to other buses, and whose events those are.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from moto.events.models import EventsBackend, Rule
from moto.events.utils import EventMessageType, EventTemplateParser

from emulator.events.bus import deliver
from emulator.gaps.registry import Gap, replace
from emulator.service_policy import Caller
from emulator.sns.publishing import PublishError, publish

_LOGGER = logging.getLogger("emulator.events")

_EVENTBRIDGE = Caller(service="events.amazonaws.com")
"""It tells a topic and its key neither the rule nor the account.

Sources: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html and
https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
"""


def _topics() -> None:
    @replace(Rule, "send_to_targets")
    def _(
        original: Callable[..., None],
        self: Rule,
        original_event: EventMessageType,
        transform_input: bool = True,
    ) -> None:
        if self.state == "DISABLED" or not self.event_pattern.matches_event(original_event):
            return
        targets = self.targets
        topics = [target for target in targets if target["Arn"].split(":")[2] == "sns"]
        # moto knows no topics, and refuses the rest with them.
        self.targets = [target for target in targets if target not in topics]
        try:
            original(self, original_event, transform_input)
        finally:
            self.targets = targets
        for target in topics:
            _publish(self, target, original_event)


def _publish(rule: Rule, target: Mapping[str, Any], event: EventMessageType) -> None:
    """Publishes for a target. Nobody learns of a failure but the rule's metrics, as on AWS."""
    try:
        publish(
            _EVENTBRIDGE,
            target["Arn"],
            message=_message(target, event),
            subject=None,
            called="EventBridge",
        )
    except PublishError as error:
        _LOGGER.error("%s: %s", rule.arn, error)


def _message(target: Mapping[str, Any], event: EventMessageType) -> str:
    if target.get("Input"):
        return str(target["Input"])
    transformer = target.get("InputTransformer")
    if transformer:
        transformed = EventTemplateParser.parse(
            input_template=transformer.get("InputTemplate"),
            input_paths_map=transformer.get("InputPathsMap") or {},
            event=event,
        )
        return json.dumps(transformed)
    sent = {key: value for key, value in event.items() if key != "ingestion-time"}
    return json.dumps(sent | {"time": _time(event["time"])})


def _time(seconds: float | str) -> str:
    """ISO 8601 in UTC, without fractions, as events have it."""
    return datetime.fromtimestamp(float(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _other_buses() -> None:
    """Wraps what hands events to topics: buses are taken out before, and told afterwards."""

    @replace(Rule, "send_to_targets")
    def _(
        original: Callable[..., None],
        self: Rule,
        original_event: EventMessageType,
        transform_input: bool = True,
    ) -> None:
        targets = self.targets
        buses = [target for target in targets if ":event-bus/" in target["Arn"]]
        self.targets = [target for target in targets if target not in buses]
        try:
            original(self, original_event, transform_input)
        finally:
            self.targets = targets
        if self.state != "DISABLED" and self.event_pattern.matches_event(original_event):
            for target in buses:
                deliver(original_event, bus_arn=target["Arn"])


_OWN_SOURCE = "aws."
_REFUSED = {
    "ErrorCode": "NotAuthorizedForSourceException",
    "ErrorMessage": "Not authorized for the source.",
}


def _own_sources() -> None:
    @replace(EventsBackend, "put_events")
    def _(
        original: Callable[..., list[dict[str, Any]]], self: Any, events: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        refused = [str(event.get("Source", "")).startswith(_OWN_SOURCE) for event in events]
        taken = [event for event, no in zip(events, refused, strict=True) if not no]
        results = iter(original(self, taken))
        return [_REFUSED if no else next(results) for no in refused]


GAPS = (
    Gap(
        service="events",
        name="topics",
        moto="refuses an event whose rule leads to a topic, and lets disabled rules match",
        aws="publishes the event if the topic's policy and its key's let EventBridge",
        fill=_topics,
    ),
    Gap(
        service="events",
        name="other-buses",
        moto="makes a new event of one that a rule forwards: its account, region and time are lost",
        aws="hands the event on as it was",
        fill=_other_buses,
    ),
    Gap(
        service="events",
        name="own-sources",
        moto="lets anybody put events that look like AWS's own",
        aws="refuses a source that begins with aws.",
        fill=_own_sources,
    ),
)
