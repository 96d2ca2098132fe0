"""Where moto's fillings hand over what is done outside moto; the application connects it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from emulator.cloudwatch.publisher import Nowhere, Publisher
from emulator.sns.notification import Notification


def _refuse(notification: Notification) -> None:
    raise NotImplementedError(f"{notification.function_arn}: nothing here runs functions")


@dataclass(kw_only=True)
class Outlets:
    """What a process connects once, before its first request.

    Attributes:
        publisher: gets every metric that moto's services cause.
        notify: takes a topic's message to a function; called under moto's lock, so it must not wait.
    """

    publisher: Publisher
    notify: Callable[[Notification], None]


OUTLETS = Outlets(publisher=Nowhere(), notify=_refuse)
