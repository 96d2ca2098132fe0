"""PutMetricData, GetMetricData, GetMetricStatistics and ListMetrics on the store."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from moto.cloudwatch.exceptions import (
    InvalidParameterCombination,
    InvalidParameterValue,
    ValidationError,
)

from emulator.cloudwatch.distribution import SIMPLE, Distribution, StatisticError, ranked
from emulator.cloudwatch.expression import ExpressionError
from emulator.cloudwatch.metric_math import Computation, check
from emulator.cloudwatch.series import Series
from emulator.cloudwatch.store import DAY, HOUR, MINUTE, Metric, Store
from emulator.cloudwatch.times import moment_of, seconds_of

Item = Mapping[str, Any]

_PAST, _FUTURE = 14 * DAY, 2 * HOUR
_MOST_POINTS = 1440  # in an answer of GetMetricStatistics


def put(store: Store, account_id: str, region: str, namespace: str, data: Sequence[Item]) -> None:
    """Publishes what PutMetricData brings.

    Raises:
        InvalidParameterValue: for a time that AWS does not take; nothing is published then.
    """
    now = store.clock.now()
    times = [_timestamp(item, number, now) for number, item in enumerate(data, start=1)]
    for item, timestamp in zip(data, times, strict=True):
        store.put(
            Metric.of(account_id, region, {"Namespace": namespace, **item}),
            _distribution(item),
            unit=item.get("Unit") or "None",
            timestamp=timestamp,
            resolution=1 if item.get("StorageResolution") == 1 else MINUTE,
        )


def _timestamp(item: Item, number: int, now: float) -> float:
    if not item.get("Timestamp"):
        return now
    timestamp = seconds_of(item["Timestamp"])
    name = f"The parameter MetricData.member.{number}.Timestamp must specify a time"
    if timestamp < now - _PAST:
        raise InvalidParameterValue(f"{name} no more than two weeks in the past.")
    if timestamp > now + _FUTURE:
        raise InvalidParameterValue(f"{name} no more than two hours in the future.")
    return timestamp


def _distribution(item: Item) -> Distribution:
    made = Distribution()
    statistics = item.get("StatisticValues")
    if statistics:
        made.add_statistics(
            count=float(statistics["SampleCount"]),
            total=float(statistics["Sum"]),
            minimum=float(statistics["Minimum"]),
            maximum=float(statistics["Maximum"]),
        )
    elif item.get("Values"):
        counts = item.get("Counts") or [1] * len(item["Values"])
        for value, count in zip(item["Values"], counts, strict=True):
            made.add(float(value), float(count))
    else:
        made.add(float(item.get("Value") or 0))
    return made


def fetch(
    store: Store, account_id: str, region: str, stat: Item, *, start: int, end: int, origin: int = 0
) -> Series:
    """Reads one metric.

    Args:
        store: of all metrics.
        account_id: twelve digits.
        region: such as `ap-southeast-1`.
        stat: metric, period, statistic and unit as the API's `MetricStat`.
        start: the first second of the asked time.
        end: the second after it.
        origin: a second at which a period begins.

    Raises:
        StatisticError: if the statistic is not computed here.
    """
    metric = Metric.of(account_id, region, stat["Metric"])
    period = int(stat["Period"])
    first = start - (start - origin) % period
    last = end + (origin - end) % period
    if stat["Stat"] not in SIMPLE:
        ranked(stat["Stat"])
    points = store.points(
        metric, start=first, end=last, period=period, unit=stat.get("Unit"), origin=origin
    )
    shape = Series(points={}, period=period, label=metric.name)
    return shape.with_points(
        {second: values.statistic(stat["Stat"]) for second, values in points.items()}
    )


def data(store: Store, account_id: str, region: str, request: Item) -> list[dict[str, Any]]:
    """Answers GetMetricData.

    Raises:
        ValidationError: if the queries are wrong, or have what is not computed here.
    """
    start, end = _range(request)
    queries = request.get("MetricDataQueries") or []
    for number, query in enumerate(queries, start=1):
        if not query.get("MetricStat") and not query.get("Expression"):
            raise ValidationError(
                f"The parameter MetricDataQueries.member.{number}.MetricStat is required.\n"
            )

    def read(stat: Item) -> Series:
        return fetch(store, account_id, region, stat, start=start, end=end)

    def seconds(period: int) -> Iterable[int]:
        return range(start - start % period, end, period)

    try:
        computation = Computation(
            queries=queries, trees=check(queries), fetch=read, seconds=seconds
        )
        found = [
            (query["Id"], series)
            for query in queries
            if query.get("ReturnData") is not False
            for series in computation.series(query["Id"])
        ]
    except (ExpressionError, StatisticError) as error:
        raise ValidationError(str(error)) from error
    newest_first = request.get("ScanBy") != "TimestampAscending"
    return [_result(name, series, newest_first) for name, series in found]


def _result(name: str, series: Series, newest_first: bool) -> dict[str, Any]:
    seconds = sorted(series.points, reverse=newest_first)
    return {
        "Id": name,
        "Label": series.label,
        "Timestamps": [moment_of(second) for second in seconds],
        "Values": [series.points[second] for second in seconds],
        "StatusCode": "Complete",
    }


def _range(request: Item) -> tuple[int, int]:
    start, end = (seconds_of(request[name]) for name in ("StartTime", "EndTime"))
    if start > end:
        raise ValidationError("The parameter EndTime must be greater than StartTime.")
    if start == end:
        raise ValidationError("The parameter StartTime must not equal parameter EndTime.")
    return int(start), math.ceil(end)


def statistics(store: Store, account_id: str, region: str, request: Item) -> list[dict[str, Any]]:
    """Answers GetMetricStatistics: each unit has its own points, unless one is asked for.

    Raises:
        InvalidParameterValue: if the time or a statistic is wrong.
        InvalidParameterCombination: if no statistic is asked for, or too many points.
    """
    simple, extended = (request.get(key) or [] for key in ("Statistics", "ExtendedStatistics"))
    if not simple and not extended:
        raise InvalidParameterCombination("Must specify either Statistics or ExtendedStatistics")
    start, end = (seconds_of(request[name]) for name in ("StartTime", "EndTime"))
    if start >= end:
        raise InvalidParameterValue(
            "The parameter StartTime must be less than the parameter EndTime."
        )
    period = int(request["Period"])
    if (end - start) / period > _MOST_POINTS:
        raise InvalidParameterCombination(
            f"You have requested up to {math.ceil((end - start) / period)} datapoints, which "
            f"exceeds the limit of {_MOST_POINTS}. You may reduce the datapoints requested by "
            "increasing Period, or decreasing the time range."
        )
    metric = Metric.of(account_id, region, request)
    units = [request["Unit"]] if request.get("Unit") else sorted(store.units(metric))
    first, last = int(start // period * period), math.ceil(end / period) * period
    try:
        return [
            _datapoint(second, values, unit, simple, extended)
            for unit in units
            for second, values in store.points(
                metric, start=first, end=last, period=period, unit=unit
            ).items()
        ]
    except StatisticError as error:
        raise InvalidParameterValue(str(error)) from error


def _datapoint(
    second: int, values: Distribution, unit: str, simple: Sequence[str], extended: Sequence[str]
) -> dict[str, Any]:
    ranks = {name: values.statistic(name) for name in extended}
    known = {name: value for name, value in ranks.items() if value is not None}
    return {
        "Timestamp": moment_of(second),
        "Unit": unit,
        **{name: values.statistic(name) for name in simple},
        **({"ExtendedStatistics": known} if known else {}),
    }


def listed(store: Store, account_id: str, region: str, request: Item) -> list[dict[str, Any]]:
    """Answers ListMetrics; a dimension without a value is one that a metric has to have."""
    recent = request.get("RecentlyActive") == "PT3H"
    since = store.clock.now() - 3 * HOUR if recent else None
    return [
        metric.describe()
        for metric in store.metrics(account_id, region, since)
        if request.get("Namespace") in (None, metric.namespace)
        and request.get("MetricName") in (None, metric.name)
        and all(_has(metric, wanted) for wanted in request.get("Dimensions") or ())
    ]


def _has(metric: Metric, wanted: Item) -> bool:
    value = dict(metric.dimensions).get(wanted["Name"])
    return value is not None and wanted.get("Value") in (None, value)
