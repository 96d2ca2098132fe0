"""An alarm as a value: what it judges, when it goes off, and whom it tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from modules.alerting import Severity
from modules.errors import RefusedByAws
from modules.metrics import Metric
from modules.monitoring.formula import Band, Formula

Comparison = Literal[">", ">=", "<", "<=", "above the band", "outside the band"]
Missing = Literal["missing", "notBreaching", "breaching", "ignore"]

_OPERATORS: dict[Comparison, str] = {
    ">": "GreaterThanThreshold",
    ">=": "GreaterThanOrEqualToThreshold",
    "<": "LessThanThreshold",
    "<=": "LessThanOrEqualToThreshold",
    "above the band": "GreaterThanUpperThreshold",
    "outside the band": "LessThanLowerOrGreaterThanUpperThreshold",
}
"""Source:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"""

_DAY, _HOUR = 86_400, 3_600
_IGNORES_MISSING_DATA = "AWS/DynamoDB"
MOST_METRICS = 10


class AlarmError(RefusedByAws):
    """An alarm that AWS would refuse, or that could never go off."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """One alarm on a metric.

    Attributes:
        slug: the last part of its name, and the name of its runbook page.
        of: whose alarm it is, where several have the same slug.
        meaning: one sentence: what is wrong when it goes off.
        value: what is judged.
        comparison: how; a ``Band`` is compared with itself.
        threshold: with what, in the value's unit; none for a ``Band``.
        points: how many of the newest ``periods`` must breach.
        periods: how many are looked at; as many as ``points`` by default.
        period: length of one, seconds.
        missing: what a period without data counts as. No default: every alarm says why.
        severity: which topic it tells; None tells nobody, for what only a composite alarm reads.
    """

    slug: str
    of: str = ""
    meaning: str
    value: Metric | Formula | Band
    comparison: Comparison
    threshold: float | None = None
    points: int
    periods: int = 0
    period: int = 60
    missing: Missing
    severity: Severity | None = "warning"

    def __post_init__(self) -> None:
        """Raise an AlarmError for what AWS refuses.

        Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
        """
        if isinstance(self.value, Band) != self.comparison.endswith("band"):
            raise AlarmError(f"alarm {self.slug}: a band, and nothing else, is compared by it")
        if isinstance(self.value, Band) != (self.threshold is None):
            raise AlarmError(f"alarm {self.slug}: set a threshold, or judge by a band")
        if self.missing != "ignore" and _IGNORES_MISSING_DATA in self._namespaces:
            raise AlarmError(
                f"alarm {self.slug}: missing={self.missing}: with a metric of "
                f"{_IGNORES_MISSING_DATA} AWS ignores missing data, whatever is asked for; "
                "say ignore"
            )
        if self.evaluated < self.points:
            raise AlarmError(f"alarm {self.slug}: {self.points} of {self.evaluated} periods")
        longest = 7 * _DAY if self.period >= _HOUR else _DAY
        if self.period * self.evaluated > longest:
            raise AlarmError(
                f"alarm {self.slug}: {self.evaluated} periods of {self.period} s are longer than "
                f"{longest} s; look at fewer"
            )
        if isinstance(self.value, Formula) and len(self.value.metrics) > MOST_METRICS:
            raise AlarmError(f"alarm {self.slug}: more than {MOST_METRICS} metrics; use fewer")

    @property
    def role(self) -> str:
        """What stands after the environment in its name."""
        return f"{self.of}-{self.slug}" if self.of else self.slug

    @property
    def evaluated(self) -> int:
        """How many periods are looked at."""
        return self.periods or self.points

    @property
    def _namespaces(self) -> set[str]:
        value = self.value
        if isinstance(value, Formula):
            return {each.namespace for each in value.metrics.values()}
        return {(value.metric if isinstance(value, Band) else value).namespace}

    @property
    def operator(self) -> str:
        """AWS's name of the comparison."""
        return _OPERATORS[self.comparison]


@dataclass(frozen=True, slots=True)
class Rule:
    """When a composite alarm goes off: other alarms, joined by AND and OR.

    Attributes:
        operator: what joins the parts.
        parts: alarms, or rules.
    """

    operator: Literal["AND", "OR"]
    parts: tuple[Alarm | Rule, ...]

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """All alarms that it reads, each once."""
        nested = (part.alarms if isinstance(part, Rule) else (part,) for part in self.parts)
        by_role = {alarm.role: alarm for alarms in nested for alarm in alarms}
        return tuple(by_role.values())


def all_of(*parts: Alarm | Rule) -> Rule:
    """Every part is in ALARM."""
    return Rule("AND", parts)


def any_of(*parts: Alarm | Rule) -> Rule:
    """One part at least is in ALARM."""
    return Rule("OR", parts)
