"""Delivers a topic's messages to functions."""

from __future__ import annotations

import json
import logging
import threading

from emulator.cloudwatch.publisher import Publisher
from emulator.functions.dead_letters import DeadLetters
from emulator.functions.deployed import Functions
from emulator.functions.invoker import Invoker
from emulator.functions.permission import admits
from emulator.sns.metrics import DELIVERED, FAILED, observed
from emulator.sns.notification import Notification

_PRINCIPAL = "sns.amazonaws.com"
_LOGGER = logging.getLogger("emulator.sns")


class Delivery:
    """Invokes the functions that topics' subscriptions name.

    A delivery is done when Lambda has accepted the event, whatever the function makes of it. One that
    Lambda refuses is not tried again: SNS does so neither when a function is gone or lets it not in.
    """

    def __init__(
        self,
        *,
        functions: Functions,
        invoker: Invoker,
        dead_letters: DeadLetters,
        publisher: Publisher,
    ) -> None:
        """Takes what is deployed, what runs it, and who learns of it.

        Args:
            functions: that subscriptions may name.
            invoker: runs them.
            dead_letters: where a subscription's undelivered messages go.
            publisher: gets the topics' metrics.
        """
        self._functions = functions
        self._invoker = invoker
        self._dead_letters = dead_letters
        self._publisher = publisher

    def start(self, notification: Notification) -> None:
        """Delivers in the background: the caller holds the lock that the delivery needs."""
        threading.Thread(target=self.deliver, args=(notification,), daemon=True).start()

    def deliver(self, notification: Notification) -> None:
        """Hands a message to its function, and counts whether that went well."""
        refused = self._refusal(notification)
        topic = (notification.account_id, notification.region)
        self._publisher.publish(
            *topic, observed(FAILED if refused else DELIVERED, notification.topic_arn)
        )
        if not refused:
            return
        _LOGGER.error("%s: %s", notification.topic_arn, refused)
        if notification.dead_letter_arn:
            body = json.dumps(dict(notification.message), ensure_ascii=False)
            self._dead_letters.send(notification.dead_letter_arn, body, {})

    def _refusal(self, notification: Notification) -> str | None:
        """Hands the message over; says why that is refused."""
        arn = notification.function_arn
        parts = arn.split(":")
        function = self._functions.find(parts[4], parts[3], arn, None)
        if function is None:
            return f"{arn} does not exist"
        admitted = admits(
            function,
            service=_PRINCIPAL,
            source=notification.topic_arn,
            account_id=notification.account_id,
        )
        if not admitted:
            return f"{arn} does not let the topic in"
        if self._invoker.runs(function):
            self._invoker.invoke_later(function, notification.event())
        return None
