"""Where events go that nobody could handle: a queue, or a topic.

Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

_LOGGER = logging.getLogger("emulator.functions")


class Target(Protocol):
    """Takes what nobody could handle."""

    def send(self, target_arn: str, body: str, attributes: Mapping[str, tuple[str, str]]) -> None:
        """Keeps a message; see `DeadLetters.send`."""


class DeadLetters:
    """The queues and topics of every account and region."""

    def __init__(self, lock: AbstractContextManager[Any]) -> None:
        """Sends by way of moto, under the lock that every request holds while it is inside."""
        self._lock = lock

    def send(self, target_arn: str, body: str, attributes: Mapping[str, tuple[str, str]]) -> None:
        """Sends a message; one that its target refuses is lost, as on AWS, with a line in the log.

        Args:
            target_arn: of a queue or a topic.
            body: of the message.
            attributes: type (`String`, `Number`) and value by name.
        """
        _, _, service, region, account_id, name = target_arn.split(":", 5)
        try:
            with self._lock:
                if service == "sqs":
                    queue_attributes = {
                        key: {"DataType": kind, "StringValue": value}
                        for key, (kind, value) in attributes.items()
                    }
                    sqs_backends[account_id][region].send_message(
                        name, body, message_attributes=queue_attributes
                    )
                else:
                    topic_attributes = {
                        key: {"Type": kind, "Value": value}
                        for key, (kind, value) in attributes.items()
                    }
                    sns_backends[account_id][region].publish(
                        message=body, arn=target_arn, message_attributes=topic_attributes
                    )
        except Exception as error:  # noqa: BLE001 - moto raises many kinds; all mean the same here
            _LOGGER.error("%s: a dead letter is lost: %s", target_arn, error)
