"""SNS: subscriptions that lead to functions, and the topics' metrics."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.sns.models import Subscription, Topic, sns_backends
from moto.sqs.exceptions import QueueDoesNotExist

from emulator.gaps.registry import Gap, replace
from emulator.outlets import OUTLETS
from emulator.sns.metrics import DELIVERED, FAILED, FILTERED, PUBLISHED, SIZE, observed
from emulator.sns.notification import Notification

_MOST_KEPT: Final = 100
"""Messages of a topic, and certificates of a region, that moto keeps for nobody to read."""


def _functions_and_metrics() -> None:
    @replace(Subscription, "publish")
    def _(
        original: Callable[..., None],
        self: Subscription,
        message: str,
        message_id: str,
        subject: str | None = None,
        message_attributes: dict[str, Any] | None = None,
        **details: Any,
    ) -> None:
        matcher = self._filter_policy_matcher
        if matcher is not None and not matcher.matches(message_attributes, message):
            _count(self.topic, FILTERED)
            return
        if self.protocol == "lambda":
            if details.get("message_structure") == "json":
                message = self._parse_message_structure(message, self.protocol)
            posted = self.get_post_data(message, message_id, subject, message_attributes)
            OUTLETS.notify(_notification(self, posted))
            return
        attributes = {"subject": subject, "message_attributes": message_attributes}
        try:
            original(self, message, message_id, **attributes, **details)
        except QueueDoesNotExist:
            # SNS takes the message all the same: the publisher never learns who did not get it.
            _count(self.topic, FAILED)
        else:
            if self.protocol in ("http", "https", "sqs"):  # others reach nobody here
                _count(self.topic, DELIVERED)

    @replace(Topic, "publish")
    def _(original: Callable[..., str], self: Topic, message: str, *args: Any, **more: Any) -> str:
        message_id = original(self, message, *args, **more)
        _count(self, PUBLISHED)
        _count(self, SIZE, len(message.encode()))
        _forget(self)
        return message_id


def _notification(subscription: Subscription, posted: dict[str, Any]) -> Notification:
    redrive = json.loads(subscription.attributes.get("RedrivePolicy") or "{}")
    topic = subscription.topic
    return Notification(
        account_id=topic.account_id,
        region=topic.sns_backend.region_name,
        topic_arn=topic.arn,
        subscription_arn=subscription.arn,
        function_arn=subscription.endpoint,
        message=posted,
        dead_letter_arn=redrive.get("deadLetterTargetArn"),
    )


def _count(topic: Topic, name: str, value: float = 1.0) -> None:
    observation = observed(name, topic.arn, value)
    OUTLETS.publisher.publish(topic.account_id, topic.sns_backend.region_name, observation)


def _forget(topic: Topic) -> None:
    """Bounds what moto keeps of messages that were sent."""
    del topic.sent_notifications[:-_MOST_KEPT]
    certificates = sns_backends[DEFAULT_ACCOUNT_ID][
        topic.sns_backend.region_name
    ]._message_public_keys
    for key in list(certificates)[:-_MOST_KEPT]:
        del certificates[key]


GAPS = (
    Gap(
        service="sns",
        name="functions-and-metrics",
        moto="does not ask a function's policy, makes an event up, and has no metrics of topics",
        aws="invokes the function that lets the topic in, with the message; counts what was "
        "published, delivered, filtered out and failed",
        fill=_functions_and_metrics,
    ),
)
