"""What PutMetricAlarm refuses.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from emulator.cloudwatch.distribution import SIMPLE, StatisticError, ranked
from emulator.cloudwatch.expression import Call, ExpressionError, Node, walk
from emulator.cloudwatch.metric_math import BAND, check
from emulator.cloudwatch.state import TREATMENTS
from emulator.cloudwatch.store import DAY, HOUR, MINUTE

MOST_METRICS: Final = 10
STATIC_OPERATORS: Final = {
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
}
BAND_OPERATORS: Final = {
    "LessThanLowerOrGreaterThanUpperThreshold",
    "LessThanLowerThreshold",
    "GreaterThanUpperThreshold",
}
_ALONE = ("Namespace", "MetricName", "Dimensions", "Period", "Unit", "Statistic")

Settings = Mapping[str, Any]


class AlarmError(ValueError):
    """An alarm that AWS refuses; the message says why."""


def validate(settings: Settings) -> None:
    """Looks whether AWS takes a metric alarm.

    Args:
        settings: as in the API's request.

    Raises:
        AlarmError: if it does not.
    """
    for problem in _problems(settings):
        raise AlarmError(problem)


def _problems(settings: Settings) -> Iterator[str]:
    """Gives what is wrong, the first of which is enough."""
    queries: Sequence[Settings] = settings.get("Metrics") or ()
    if not queries and not settings.get("MetricName"):
        yield "Exactly one element of the metrics list or a MetricName has to be given"
    yield from _query_problems(queries, settings) if queries else _metric_problems(settings)
    yield from _evaluation_problems(settings)
    operator = settings.get("ComparisonOperator")
    if settings.get("ThresholdMetricId"):
        if operator not in BAND_OPERATORS:
            yield f"ComparisonOperator {operator} is not valid with ThresholdMetricId"
        if settings.get("Threshold") is not None:
            yield "Threshold and ThresholdMetricId can't be given both"
    elif operator not in STATIC_OPERATORS:
        yield f"ComparisonOperator {operator} is only valid for an anomaly detection alarm"
    elif settings.get("Threshold") is None:
        yield "Threshold is required for an alarm that is not of anomaly detection"


def _metric_problems(settings: Settings) -> Iterator[str]:
    statistic, extended = settings.get("Statistic"), settings.get("ExtendedStatistic")
    if bool(statistic) == bool(extended):
        yield "Exactly one of Statistic and ExtendedStatistic must be specified"
    if not settings.get("Namespace"):
        yield "The parameter Namespace is required"
    if settings.get("Period") is None:
        yield "The parameter Period is required"
    yield from _stat_problems(settings.get("Period"), statistic or extended)


def _stat_problems(period: Any, statistic: Any) -> Iterator[str]:
    if period not in (10, 20, 30) and (not period or period % MINUTE):
        yield f"Period must be 10, 20, 30 or a multiple of 60, not {period}"
    if statistic not in SIMPLE:
        try:
            ranked(statistic or "")
        except StatisticError as error:
            yield str(error)


def _query_problems(queries: Sequence[Settings], settings: Settings) -> Iterator[str]:
    both = [name for name in _ALONE if settings.get(name)]
    if both:
        yield f"{', '.join(both)} can't be specified beside Metrics"
    trees = _trees(queries)
    stats = [query["MetricStat"] for query in queries if query.get("MetricStat")]
    if len(stats) > MOST_METRICS:
        yield f"An alarm can have at most {MOST_METRICS} metrics, not {len(stats)}"
    if not stats:
        yield "An alarm needs at least one metric"
    for stat in stats:
        yield from _stat_problems(stat.get("Period"), stat.get("Stat"))
    if len({stat["Period"] for stat in stats}) > 1:
        yield "All metrics of an alarm must have the same period"
    yield from _returned_problems(queries, trees, settings.get("ThresholdMetricId"))


def _trees(queries: Sequence[Settings]) -> dict[str, Node]:
    for query in queries:
        if "SEARCH" in (query.get("Expression") or "").split("("):
            raise AlarmError("Invalid metrics list: SEARCH is not supported on Metric Alarms")
    try:
        return check(queries, known=frozenset({BAND}))
    except ExpressionError as error:
        raise AlarmError(f"Invalid metrics list: {error}") from error


def _returned_problems(
    queries: Sequence[Settings], trees: Mapping[str, Node], band_id: str | None
) -> Iterator[str]:
    """One query is watched; beside it, the band if there is one."""
    bands = {
        name
        for name, tree in trees.items()
        if any(isinstance(node, Call) and node.function == BAND for node in walk(tree))
    }
    if band_id is None and bands:
        yield f"{BAND} needs ThresholdMetricId"
    if band_id is not None and band_id not in bands:
        yield f"ThresholdMetricId {band_id} is not the id of an {BAND}"
    watched = [query["Id"] for query in queries if query.get("ReturnData") is not False]
    if band_id is not None and band_id not in watched:
        yield f"The {BAND} {band_id} must return data"
    if len([name for name in watched if name != band_id]) != 1:
        yield (
            "Invalid metrics list: exactly one element should return data"
            + (" beside the band" if band_id else "")
            + f", not {', '.join(watched) or 'none'}"
        )


def period_of(settings: Settings) -> int:
    """Gives the seconds of an alarm's periods."""
    stats = [query.get("MetricStat") for query in settings.get("Metrics") or ()]
    return int(next((stat["Period"] for stat in stats if stat), settings.get("Period")) or MINUTE)


def _evaluation_problems(settings: Settings) -> Iterator[str]:
    periods = settings.get("EvaluationPeriods")
    if not periods:
        yield "The parameter EvaluationPeriods is required"
        return
    if (settings.get("DatapointsToAlarm") or 1) > periods:
        yield "DatapointsToAlarm must not be greater than EvaluationPeriods"
    period = period_of(settings)
    longest = 7 * DAY if period >= HOUR else DAY
    if period * periods > longest:
        yield (
            f"Metrics cannot be checked across more than {longest // DAY} "
            f"{'day' if longest == DAY else 'days'} (EvaluationPeriods * Period must be <= "
            f"{longest})."
        )
    missing = settings.get("TreatMissingData") or "missing"
    if missing not in TREATMENTS:
        yield f"TreatMissingData {missing} is none of {', '.join(TREATMENTS)}"
    low = settings.get("EvaluateLowSampleCountPercentile") or "evaluate"
    if low not in ("evaluate", "ignore"):
        yield (
            f"Option {low} is not supported. Supported options for parameter "
            "EvaluateLowSampleCountPercentile are evaluate and ignore."
        )
