"""SQS's queues, as long as they are active.

Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html.
On AWS any request makes a queue active for six hours; here it is its creation, and its messages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

from moto.sqs.models import sqs_backends

from emulator.every_minute.reading import Reading, reading

_ACTIVE_SECONDS = 6 * 3600


class QueueReadings:
    """Reads the queues."""

    def __init__(self, lock: AbstractContextManager[Any], now: Callable[[], float]) -> None:
        """Takes the lock that everybody holds who reads what moto has, and the emulator's clock."""
        self._moto = lock
        self._now = now
        self._active: dict[str, float] = {}

    def __call__(self) -> Iterator[Reading]:
        """Gives each queue's values."""
        with self._moto:
            found = {
                queue.queue_arn: (account_id, region, queue.name, len(queue.messages))
                for account_id, regions in sqs_backends.items()
                for region, backend in regions.items()
                for queue in backend.queues.values()
            }
        now = self._now()
        self._active = {
            arn: now if each[-1] else self._active.get(arn, now) for arn, each in found.items()
        }
        for arn, (account_id, region, name, visible) in found.items():
            if now - self._active[arn] <= _ACTIVE_SECONDS:
                value = ("ApproximateNumberOfMessagesVisible", float(visible), "Count")
                yield reading(account_id, region, "AWS/SQS", {"QueueName": name}, value)
