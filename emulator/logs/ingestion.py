"""What happens to events when they come: they make metrics, and the oldest make room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from moto.logs.models import LogGroup, LogsBackend, LogStream, logs_backends

from emulator.logs import embedded, metric_filters
from emulator.outlets import OUTLETS

MOST_EVENTS: Final = 20_000
MOST_BYTES: Final = 64 * 1024 * 1024
"""What a log group keeps here, whatever its retention; AWS has no such limits."""
_MOST_STREAMS: Final = 500
"""Streams of a group; of more, those whose events are gone go too."""
_ROOM: Final = 0.9
"""How full a group is after it made room: not every event shall make it anew."""


def backend_of(group: LogGroup) -> LogsBackend:
    """The account and region of a log group."""
    backend: LogsBackend = logs_backends[group.account_id][group.region]
    return backend


def ingested(stream: LogStream, messages: Sequence[str]) -> None:
    """Publishes the metrics of new events, and bounds what their group keeps.

    Args:
        stream: that has them already.
        messages: of the new events.
    """
    group = stream.log_group
    observations = [
        *(each for message in messages for each in embedded.observations(message)),
        *metric_filters.observations(backend_of(group), group.name, messages),
    ]
    if observations:
        OUTLETS.publisher.publish(group.account_id, group.region, *observations)
    kept = group.__dict__
    kept["kept_events"] = kept.get("kept_events", 0) + len(messages)
    kept["kept_bytes"] = kept.get("kept_bytes", 0) + sum(map(len, messages))
    if kept["kept_events"] > MOST_EVENTS or kept["kept_bytes"] > MOST_BYTES:
        _make_room(group)


def _make_room(group: LogGroup) -> None:
    """Forgets the events that came first."""
    newest = sorted(
        (event for stream in group.streams.values() for event in stream.events),
        key=lambda event: event.event_id,
        reverse=True,
    )
    count, size, oldest_kept = 0, 0, newest[0].event_id
    for event in newest:
        size += len(event.message)
        if count >= MOST_EVENTS * _ROOM or (count and size > MOST_BYTES * _ROOM):
            size -= len(event.message)
            break
        count, oldest_kept = count + 1, event.event_id
    for stream in group.streams.values():
        stream.events = [event for event in stream.events if event.event_id >= oldest_kept]
    empty = [name for name, stream in group.streams.items() if not stream.events]
    for name in empty[: max(0, len(group.streams) - _MOST_STREAMS)]:
        del group.streams[name]
    group.__dict__.update(kept_events=count, kept_bytes=size)
