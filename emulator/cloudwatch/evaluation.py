"""What a metric alarm finds when it looks at its metric."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from emulator.cloudwatch.alarm import Alarm
from emulator.cloudwatch.metric_math import Computation, check
from emulator.cloudwatch.metrics import fetch
from emulator.cloudwatch.series import Series
from emulator.cloudwatch.state import EXTRA_PERIODS, State, state_of
from emulator.cloudwatch.store import MINUTE, Store
from emulator.cloudwatch.times import iso, moment_of
from emulator.cloudwatch.validation import period_of

_COMPARISONS: dict[str, tuple[str, Callable[[float, float], bool]]] = {
    "GreaterThanOrEqualToThreshold": ("greater than or equal to", operator.ge),
    "GreaterThanThreshold": ("greater than", operator.gt),
    "LessThanThreshold": ("less than", operator.lt),
    "LessThanOrEqualToThreshold": ("less than or equal to", operator.le),
}
_TREATED = {"breaching": "Breaching", "notBreaching": "NonBreaching"}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The state that an alarm should have, and why."""

    state: State
    reason: str
    reason_data: str | None


@dataclass(frozen=True, kw_only=True)
class _Window:
    """The evaluation range: its data points and what they are compared with.

    Attributes:
        points: from the start of a period to its value or None, oldest first.
        settings: of the alarm.
        periods: N.
        to_alarm: M.
        now: of the evaluation, in seconds.
    """

    points: Mapping[int, float | None]
    settings: Mapping[str, Any]
    periods: int
    to_alarm: int
    now: float

    def breaches(self, value: float) -> bool:
        _, compare = _COMPARISONS[self.settings["ComparisonOperator"]]
        return compare(value, self.settings["Threshold"])

    def real(self) -> dict[int, float]:
        """The newest points that are there, at most as many as count."""
        there = [(second, value) for second, value in self.points.items() if value is not None]
        return dict(there[-self.periods :])


def evaluate(alarm: Alarm, store: Store, now: float) -> Finding | None:
    """Evaluates a metric alarm.

    Periods slide: one ends with the last whole minute, also if it is longer.

    Args:
        alarm: to be evaluated.
        store: of all metrics.
        now: of CloudWatch's clock, in seconds.

    Returns:
        The finding; None if the alarm keeps its state, as one of anomaly detection always does,
        because nothing trains a model here.

    Raises:
        emulator.cloudwatch.expression.ExpressionError: if its expression gives no time series.
    """
    settings = alarm.configuration
    if settings.get("ThresholdMetricId"):
        return None
    period = period_of(settings)
    end = int(now // min(period, MINUTE) * min(period, MINUTE))
    periods = settings["EvaluationPeriods"]
    if _too_few_samples(alarm, store, end - periods * period, end):
        return None
    seconds = range(end - (periods + EXTRA_PERIODS) * period, end, period)
    series = _watched(alarm, store, seconds)
    window = _Window(
        points={second: series.points.get(second) for second in seconds},
        settings=settings,
        periods=periods,
        to_alarm=settings.get("DatapointsToAlarm") or periods,
        now=now,
    )
    missing = _missing(alarm)
    state = state_of(
        [None if value is None else window.breaches(value) for value in window.points.values()],
        periods=periods,
        to_alarm=window.to_alarm,
        missing=missing,
        now=alarm.state,
    )
    if state == alarm.state:
        return None
    return Finding(
        state=state,
        reason=_reason(window, state, missing),
        reason_data=json.dumps(_reason_data(window, period), separators=(",", ":")),
    )


def _watched(alarm: Alarm, store: Store, seconds: range) -> Series:
    def read(stat: Mapping[str, Any]) -> Series:
        return fetch(
            store,
            alarm.account_id,
            alarm.region,
            stat,
            start=seconds.start,
            end=seconds.stop,
            origin=seconds.stop,
        )

    queries = alarm.configuration.get("Metrics")
    if not queries:
        return read(next(alarm.stats()))
    computation = Computation(
        queries=queries, trees=check(queries), fetch=read, seconds=lambda _period: seconds
    )
    watched = next(query["Id"] for query in queries if query.get("ReturnData") is not False)
    return computation.series(watched)[0]


def _missing(alarm: Alarm) -> str:
    """DynamoDB's metrics are only published when something happens: their gaps say nothing."""
    if any(stat["Metric"]["Namespace"] == "AWS/DynamoDB" for stat in alarm.stats()):
        return "ignore"
    return alarm.configuration.get("TreatMissingData") or "missing"


def _too_few_samples(alarm: Alarm, store: Store, start: int, end: int) -> bool:
    settings = alarm.configuration
    statistic = settings.get("ExtendedStatistic") or ""
    ignores = settings.get("EvaluateLowSampleCountPercentile") == "ignore"
    if not ignores or not statistic.startswith("p"):
        return False
    share = float(statistic[1:]) / 100
    rarer = min(share, 1 - share)
    stat = {**next(alarm.stats()), "Stat": "SampleCount"}
    counts = fetch(
        store, alarm.account_id, alarm.region, stat, start=start, end=end, origin=end
    ).points.values()
    # Nothing at all is missing data, which has its own setting. The product says the same as
    # AWS's 10/(1 - percentile), without its error of rounding.
    return bool(counts) and (round(sum(counts) * rarer, 6) < 10)


def _reason(window: _Window, state: State, missing: str) -> str:
    real = window.real()
    lacking = window.periods - len(real)
    if state == "INSUFFICIENT_DATA":
        return f"Insufficient Data: {_count(lacking)} {_was(lacking)} unknown."
    if lacking and missing in _TREATED:
        count = _count(len(real)) if real else "no datapoints"
        return (
            f"Threshold Crossed: {count} {'was' if len(real) == 1 else 'were'} received for "
            f"{window.periods} {'period' if window.periods == 1 else 'periods'} and {lacking} "
            f"missing {'datapoint' if lacking == 1 else 'datapoints'} {_was(lacking)} treated as "
            f"[{_TREATED[missing]}]."
        )
    alarming = state == "ALARM"
    shown = {s: value for s, value in real.items() if window.breaches(value) == alarming}
    values = ", ".join(
        f"{value} ({moment_of(second):%d/%m/%y %H:%M:%S})"
        for second, value in reversed(shown.items())
    )
    least = window.to_alarm if alarming else window.periods - window.to_alarm + 1
    comparison, _ = _COMPARISONS[window.settings["ComparisonOperator"]]
    return (
        f"Threshold Crossed: {len(shown)} out of the last {len(real)} datapoints [{values}] "
        f"{_was(len(shown))} {'' if alarming else 'not '}{comparison} the threshold "
        f"({float(window.settings['Threshold'])}) (minimum {_count(least)} for "
        f"{'OK -> ALARM' if alarming else 'ALARM -> OK'} transition)."
    )


def _count(number: int) -> str:
    return f"{number} {'datapoint' if number == 1 else 'datapoints'}"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"


def _reason_data(window: _Window, period: int) -> dict[str, Any]:
    real = window.real()
    statistic = window.settings.get("Statistic") or window.settings.get("ExtendedStatistic")
    newest: Sequence[int] = list(reversed(real))
    return {
        "version": "1.0",
        "queryDate": iso(window.now),
        **({"startDate": iso(min(real))} if real else {}),
        **({"statistic": statistic} if statistic else {}),
        "period": period,
        "recentDatapoints": list(real.values()),
        "threshold": float(window.settings["Threshold"]),
        "evaluatedDatapoints": [
            {"timestamp": iso(second), "value": real[second]} for second in newest
        ],
    }
