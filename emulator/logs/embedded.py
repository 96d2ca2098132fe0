"""The embedded metric format: metrics that an event in JSON carries.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html.
The event's own time is not looked at: a value counts when it comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from emulator.cloudwatch.publisher import Observation
from emulator.logs.patterns.structured import json_object

_KEY: Final = "_aws"
_MOST_VALUES: Final = 100


def observations(message: str) -> Iterator[Observation]:
    """The values that an event carries; none if it is no such event.

    Args:
        message: of the event.
    """
    # Most events have none, and are not parsed to find that out.
    event = json_object(message) if f'"{_KEY}"' in message else None
    if not isinstance(event, dict):
        return
    metadata = event.get(_KEY)
    directives = metadata.get("CloudWatchMetrics") if isinstance(metadata, dict) else None
    for directive in directives if isinstance(directives, list) else ():
        try:
            yield from _directed(event, directive)
        except (KeyError, TypeError, AttributeError):
            continue  # what the format does not allow carries nothing, and fails nobody


def _directed(event: dict[str, Any], directive: dict[str, Any]) -> Iterator[Observation]:
    sets = [
        {name: str(event[name]) for name in names}
        for names in directive["Dimensions"]
        if all(isinstance(event.get(name), str | int | float) for name in names)
    ]
    if not sets:
        return
    for metric in directive["Metrics"]:
        given = event.get(metric["Name"])
        for value in (given if isinstance(given, list) else [given])[:_MOST_VALUES]:
            if isinstance(value, int | float) and not isinstance(value, bool):
                yield Observation(
                    namespace=directive["Namespace"],
                    name=metric["Name"],
                    value=float(value),
                    unit=metric.get("Unit", "None"),
                    dimension_sets=sets,
                )
