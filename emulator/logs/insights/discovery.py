"""The fields that Insights finds in an event by itself.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html.
It names a flow log's times `startTime` and `endTime`, the record itself `start` and `end`: both are
found here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from emulator.logs.insights.values import Instant, Value, number

_FLOW: Final = (
    *("version", "accountId", "interfaceId", "srcAddr", "dstAddr", "srcPort", "dstPort"),
    *("protocol", "packets", "bytes", "start", "end", "action", "logStatus"),
)
"""A flow log's fields in the default format; in any other, nothing is found."""
_FLOW_RECORD: Final = re.compile(r"\d+ \d{12} eni-[0-9a-f]+( \S+){11}")
_LAMBDA: Final = re.compile(r"(START|END|REPORT) RequestId: (\S+)")
_FIGURE: Final = re.compile(r"([A-Z][A-Za-z ]+): ([\d.]+) (ms|MB)")
_REPORTED: Final = {
    "Duration": "@duration",
    "Billed Duration": "@billedDuration",
    "Memory Size": "@memorySize",
    "Max Memory Used": "@maxMemoryUsed",
    "Init Duration": "@initDuration",
}
_MEGABYTE: Final = 1_000_000
_MOST_FIELDS: Final = 200
"""Of an event in JSON, as on AWS."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """A stored event.

    Attributes:
        timestamp, ingestion_time: milliseconds since 1970.
        message: its text, masked where a data protection policy says so.
        log: `<account>:<group>`.
        stream: its stream.
        pointer: names it among all.
    """

    timestamp: int
    ingestion_time: int
    message: str
    log: str
    stream: str
    pointer: str


def discover(event: Event) -> dict[str, Value]:
    """Finds an event's fields.

    Args:
        event: of any form.
    """
    found: dict[str, Value] = {
        "@timestamp": Instant(event.timestamp),
        "@ingestionTime": Instant(event.ingestion_time),
        "@message": event.message,
        "@logStream": event.stream,
        "@log": event.log,
        "@ptr": event.pointer,
    }
    message = event.message
    if _FLOW_RECORD.fullmatch(message.strip()):
        found |= _flow(message)
    elif report := _LAMBDA.match(message):
        found |= _lambda(message, report)
    else:
        for name, value in _json(message):
            if len(found) == _MOST_FIELDS:
                break
            found.setdefault(name, value)
    return found


def _flow(message: str) -> dict[str, Value]:
    fields: dict[str, Value] = dict(zip(_FLOW, message.split(), strict=True))
    return fields | {"startTime": fields["start"], "endTime": fields["end"]}


def _lambda(message: str, report: re.Match[str]) -> dict[str, Value]:
    found: dict[str, Value] = {"@type": report[1], "@requestId": report[2]}
    for label, figure, unit in _FIGURE.findall(message[report.end() :]):
        if label in _REPORTED:
            value = number(figure) or 0
            found[_REPORTED[label]] = value * _MEGABYTE if unit == "MB" else value
    return found


def _json(message: str) -> Iterator[tuple[str, Value]]:
    """The members of the first JSON object in a message."""
    start = message.find("{")
    if start < 0:
        return iter(())
    try:
        value, _ = json.JSONDecoder().raw_decode(message, start)
    except (ValueError, RecursionError):
        return iter(())
    return _flat("", value)


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, Value]]:
    members: Iterator[tuple[str, Any]]
    match value:
        case dict():
            members = iter(value.items())
        case list():
            members = ((str(index), each) for index, each in enumerate(value))
        case None:
            return
        case _:
            yield prefix, int(value) if isinstance(value, bool) else value
            return
    for name, each in members:
        # Names of Insights' own begin with one @, those of an event with another before it.
        own = f"@{name}" if not prefix and name.startswith("@") else name
        yield from _flat(f"{prefix}.{own}" if prefix else own, each)
