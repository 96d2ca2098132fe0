"""Hands an event to the rules of an event bus.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from moto.events.models import events_backends

_REQUIRED = ("account", "detail", "detail-type", "region", "source", "time")


def deliver(event: Mapping[str, Any], *, bus_arn: str) -> None:
    """Lets every rule of a bus look at an event. The caller holds moto's lock.

    Args:
        event: as moto keeps one, its time in seconds.
        bus_arn: which bus.

    Raises:
        moto.events.exceptions.ResourceNotFoundException: if there is no such bus.
    """
    region, account_id, resource = bus_arn.split(":", 5)[3:]
    backend = events_backends[account_id][region]
    bus = backend.describe_event_bus(resource.partition("/")[2])
    for rule in list(bus.rules.values()):
        rule.send_to_targets(dict(event))  # type: ignore[arg-type]


def tell(event: Mapping[str, Any]) -> None:
    """Tells an event as AWS's services do: to the default bus of the account and region in it.

    Args:
        event: as AWS's documentation shows them, its time in ISO 8601.

    Raises:
        ValueError: if it lacks something that every event has.
    """
    missing = [name for name in _REQUIRED if not event.get(name)]
    if missing:
        raise ValueError(f"an event has {', '.join(missing)}, too")
    seconds = datetime.fromisoformat(str(event["time"])).timestamp()
    whole = {"version": "0", "id": "", "resources": [], **event}
    kept = {**whole, "time": seconds, "ingestion-time": seconds}
    deliver(kept, bus_arn=f"arn:aws:events:{event['region']}:{event['account']}:event-bus/default")
