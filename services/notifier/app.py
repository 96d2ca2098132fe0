"""The function: what Amazon SNS sends becomes a message in a Slack channel."""

from __future__ import annotations

import logging
import os
from collections import deque
from typing import Any, Protocol

from . import blocks, slack
from .contract import NotifierSettings, SettingsError
from .event import EventError, read_event
from .history import lasted
from .message import AlarmChange, Message
from .slack import SlackError
from .webhook import Webhook, WebhookError, WebhookSecret

LOGGER = logging.getLogger(__name__)
LOGGER.setLevel(logging.INFO)

_SECRET = WebhookSecret()
_SENT: deque[str] = deque(maxlen=1_000)
"""Ids of messages that this process has sent; another one knows nothing of them."""


class NotSent(Exception):
    """Nobody was told; one line without secrets. Lambda repeats the event, then keeps it as a dead letter."""


class Context(Protocol):
    """What the function uses of Lambda's context."""

    def get_remaining_time_in_millis(self) -> int:
        """How long until Lambda stops the function."""
        ...


def handler(event: dict[str, Any], context: Context) -> None:
    """Tell Slack what an event of Amazon SNS says.

    Args:
        event: of Amazon SNS.
        context: Lambda's.

    Raises:
        NotSent: a message was not taken. The runtime writes its text into the log.
    """
    try:
        settings = NotifierSettings.load(os.environ)
        messages = read_event(event)
        webhook = _SECRET.read(settings.webhook_secret, region=os.environ["AWS_REGION"])
    except (SettingsError, EventError, WebhookError) as error:
        raise NotSent(str(error)) from None
    failures = []
    for message in messages:
        # One that Slack refuses must not keep those after it from anybody.
        try:
            _send_once(message, webhook, settings, context)
        except SlackError as error:
            failures.append(str(error))
    if failures:
        raise NotSent("; ".join(dict.fromkeys(failures))) from None


def _send_once(
    message: Message, webhook: Webhook, settings: NotifierSettings, context: Context
) -> None:
    """Send what was not sent before: Amazon SNS and Lambda may both deliver an event again."""
    own = message.source.message_id
    if own in _SENT:
        LOGGER.info("not sent again: %s", own)
        return
    _send(message, webhook, settings, context)
    if own:
        _SENT.append(own)


def _send(message: Message, webhook: Webhook, settings: NotifierSettings, context: Context) -> None:
    payload = blocks.payload(
        message,
        environment=settings.environment,
        dashboard=settings.dashboard,
        runbooks=settings.runbooks,
        lasted=lasted(message) if isinstance(message, AlarmChange) and message.is_over else None,
    )
    try:
        slack.post(
            webhook,
            payload,
            seconds_left=lambda: context.get_remaining_time_in_millis() / 1000,
        )
    except SlackError as error:
        if error.doubtful_webhook:
            _SECRET.forget()
        raise
    LOGGER.info("sent to Slack: %s", payload["text"])
