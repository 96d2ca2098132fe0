"""Metric filters: which events make which values.

Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_MetricTransformation.html
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any, Final

from moto.core.utils import unix_time_millis, utcnow
from moto.logs.exceptions import InvalidParameterException, ResourceNotFoundException
from moto.logs.models import LogsBackend

from emulator.cloudwatch.publisher import Observation
from emulator.logs.patterns.matching import Match, Pattern, PatternError, numeric, shown
from emulator.logs.patterns.read import read

Filter = dict[str, Any]

_MOST_DIMENSIONS: Final = 3
_MOST_FILTERS: Final = 100
_MINUTE: Final = 60  # seconds


def pattern_of(text: str) -> Pattern:
    """Reads a filter pattern.

    Raises:
        LogsClientError: if it is none, or has something that the emulator lacks.
    """
    try:
        return read(text)
    except PatternError as error:
        raise InvalidParameterException(f"Invalid metric filter pattern: {error}") from None


def put(backend: LogsBackend, wanted: Filter) -> None:
    """Makes a filter, or changes the one of that name.

    Args:
        backend: of the caller.
        wanted: PutMetricFilter's parameters.

    Raises:
        LogsClientError: if the group does not exist, or such a filter can't be.
    """
    if wanted["logGroupName"] not in backend.groups:
        raise ResourceNotFoundException
    pattern_of(wanted["filterPattern"])
    for transformation in wanted["metricTransformations"]:
        _check(transformation)
    kept = [each for each in backend.filters.metric_filters if not _same(each, wanted)]
    of_group = [each for each in kept if each["logGroupName"] == wanted["logGroupName"]]
    if len(of_group) >= _MOST_FILTERS:
        raise InvalidParameterException(f"a log group has at most {_MOST_FILTERS} metric filters")
    made = {**wanted, "creationTime": int(unix_time_millis(utcnow()))}
    backend.filters.metric_filters = [*kept, made]


def _same(one: Filter, other: Filter) -> bool:
    return all(one[name] == other[name] for name in ("filterName", "logGroupName"))


def _check(transformation: dict[str, Any]) -> None:
    dimensions = transformation.get("dimensions") or {}
    if dimensions and transformation.get("defaultValue") is not None:
        raise InvalidParameterException(
            "Invalid metric transformation: dimensions and defaultValue are mutually exclusive."
        )
    if len(dimensions) > _MOST_DIMENSIONS:
        raise InvalidParameterException(
            f"Invalid metric transformation: at most {_MOST_DIMENSIONS} dimensions."
        )
    for value in (transformation["metricValue"], *dimensions.values()):
        if not value.startswith("$") and (value in dimensions.values() or numeric(value) is None):
            raise InvalidParameterException(
                f"Invalid metric transformation: {value} is no number and no field such as $.ms."
            )


def delete(backend: LogsBackend, filter_name: str, log_group_name: str) -> None:
    """Takes a filter away.

    Raises:
        LogsClientError: if there is none.
    """
    wanted = {"filterName": filter_name, "logGroupName": log_group_name}
    kept = [each for each in backend.filters.metric_filters if not _same(each, wanted)]
    if len(kept) == len(backend.filters.metric_filters):
        raise ResourceNotFoundException("The specified metric filter does not exist.")
    backend.filters.metric_filters = kept


def tried(pattern: str, messages: Sequence[str]) -> list[dict[str, Any]]:
    """TestMetricFilter's matches.

    Raises:
        LogsClientError: if the pattern is none.
    """
    read_pattern = pattern_of(pattern)
    return [
        {"eventNumber": n, "eventMessage": message, "extractedValues": dict(found.extracted)}
        for n, message in enumerate(messages, 1)
        if (found := read_pattern.match(message))
    ]


def observations(
    backend: LogsBackend, group: str, messages: Sequence[str]
) -> Iterator[Observation]:
    """The values that new events of a group make.

    Args:
        backend: of the group.
        group: its name.
        messages: of the events.
    """
    for each in backend.filters.metric_filters:
        if each["logGroupName"] != group or not messages:
            continue
        pattern = pattern_of(each["filterPattern"])
        found = [match for message in messages if (match := pattern.match(message))]
        silent = _first_of_minute(backend, each) and not found
        for transformation in each["metricTransformations"]:
            for match in found:
                yield from _observed(transformation, match)
            if silent and transformation.get("defaultValue") is not None:
                yield _observation(transformation, float(transformation["defaultValue"]), {})


def _observed(transformation: dict[str, Any], match: Match) -> Iterator[Observation]:
    written = transformation["metricValue"]
    value = numeric(match.value(written) if written.startswith("$") else written)
    chosen = {
        name: match.value(selector)
        for name, selector in (transformation.get("dimensions") or {}).items()
    }
    # An event without the value, or without a dimension, makes no point.
    if value is not None and None not in chosen.values():
        dimensions = {name: shown(each) for name, each in chosen.items()}
        yield _observation(transformation, value, dimensions)


def _first_of_minute(backend: LogsBackend, wanted: Filter) -> bool:
    """Whether no events have come yet in this minute: the default value is of a whole minute.

    An event that matches later in the minute adds its value to the default, where AWS, which waits
    for the end of the minute, has the value alone.
    """
    minutes: dict[tuple[str, str], int] = backend.__dict__.setdefault("filtered_minutes", {})
    key, now = (wanted["logGroupName"], wanted["filterName"]), int(time.time() // _MINUTE)
    known = minutes.get(key)
    minutes[key] = now
    return known != now


def _observation(
    transformation: dict[str, Any], value: float, dimensions: dict[str, str]
) -> Observation:
    return Observation(
        namespace=transformation["metricNamespace"],
        name=transformation["metricName"],
        value=value,
        unit=transformation.get("unit") or "None",
        dimension_sets=[dimensions],
    )
