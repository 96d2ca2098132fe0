"""The report: what CloudWatch counted, added up and priced. Nothing here asks anybody."""

from __future__ import annotations

import datetime as dt
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from pipeline.cost.catalogue import Catalogue
from usage.measures import LATENCY_COUNT, LATENCY_SUM, P95, TOKENS
from usage.models import Model
from usage.period import Period
from usage.prices import Cost, cost

HOURS_A_MONTH = 730

Points = Sequence[tuple[dt.datetime, float]]
"""Beginning of a step, in UTC, and the value in it."""
Series = Mapping[str, Points]
"""Measure to what CloudWatch has of it; a measure without data may be missing."""

DENOMINATOR = (
    "Error rate = (client + server errors) / invocations. Invocations are the requests that Bedrock "
    "accepted, those that failed later included; throttled requests are in neither. (Older "
    "pages of AWS say that failed requests are not among them; were it so, the rate would be lower.)"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Latency:
    """How long calls took, milliseconds; None where there was none.

    Attributes:
        average: over all calls.
        p95_worst, p95_median: of the p95s of the steps, for percentiles cannot be added up.
    """

    average: float | None = None
    p95_worst: float | None = None
    p95_median: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """What adds up over models.

    Attributes:
        invocations: requests that Bedrock accepted.
        client_errors, server_errors: of these, those that failed.
        throttles: requests that were refused, not among the invocations.
        tokens: kind to number, for each of ``TOKENS``.
        cost: what they cost at list prices.
    """

    invocations: int = 0
    client_errors: int = 0
    server_errors: int = 0
    throttles: int = 0
    tokens: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(TOKENS, 0))
    cost: Cost = field(default_factory=Cost)

    def __add__(self, other: Counts) -> Counts:
        """Both together."""
        return Counts(
            invocations=self.invocations + other.invocations,
            client_errors=self.client_errors + other.client_errors,
            server_errors=self.server_errors + other.server_errors,
            throttles=self.throttles + other.throttles,
            tokens={kind: self.tokens[kind] + other.tokens[kind] for kind in TOKENS},
            cost=self.cost + other.cost,
        )

    @property
    def errors(self) -> int:
        """Accepted requests that failed."""
        return self.client_errors + self.server_errors

    @property
    def error_rate(self) -> float | None:
        """See ``DENOMINATOR``; None without an invocation."""
        return self.errors / self.invocations if self.invocations else None

    @property
    def used(self) -> bool:
        """Whether anything happened at all."""
        return bool(self.invocations or self.errors or self.throttles or any(self.tokens.values()))


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelUsage:
    """One model's part of the report.

    Attributes:
        model: which.
        counts: over the whole period.
        latency: of its calls.
        days: what each day cost, in UTC.
    """

    model: Model
    counts: Counts
    latency: Latency
    days: Mapping[dt.date, Cost]


@dataclass(frozen=True, kw_only=True, slots=True)
class CallerUsage:
    """What one identity called.

    Attributes:
        arn: who.
        calls: records of the log.
        errors: of these, those with an error.
        tokens: kind to number.
        cost: at list prices.
    """

    arn: str
    calls: int
    errors: int
    tokens: Mapping[str, int]
    cost: Cost


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """All of it.

    Attributes:
        period: what it is about.
        region: where.
        environments: whose models are named although nobody called them.
        made: when it was made.
        models: the dearest first.
        callers: the dearest first; empty where the log was not read.
        notes: what a reader must know beside, one line each.
    """

    period: Period
    region: str
    environments: tuple[str, ...]
    made: dt.datetime
    models: tuple[ModelUsage, ...]
    callers: tuple[CallerUsage, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> Counts:
        """All models together."""
        return sum((each.counts for each in self.models), Counts())

    @property
    def empty(self) -> bool:
        """Whether nobody called any model."""
        return not self.total.used

    @property
    def month(self) -> Decimal:
        """USD a month at this pace, as far as prices are known."""
        return self.total.cost.usd * HOURS_A_MONTH / Decimal(str(self.period.hours))

    @property
    def basis(self) -> str:
        """What ``month`` rests on."""
        hours = f"{self.period.hours:.4g}"
        return f"from {hours} h of data, times {HOURS_A_MONTH}/{hours}"

    @property
    def without(self) -> tuple[str, ...]:
        """What the total lacks, one text for each model that has a use without a price."""
        return tuple(
            f"{each.model.id} ({', '.join(shown(each.counts.cost.unknown))})"
            for each in self.models
            if each.counts.cost.unknown
        )

    def share_of_cost(self, usage: ModelUsage) -> float | None:
        """A model's part of what has a price; None where nothing has, or its own is not known."""
        whole, own = self.total.cost.usd, usage.counts.cost
        return float(own.usd / whole) if whole and (own.usd or not own.unknown) else None

    def share_of_calls(self, usage: ModelUsage) -> float | None:
        """A model's part of all invocations."""
        whole = self.total.invocations
        return usage.counts.invocations / whole if whole else None

    @property
    def days(self) -> Mapping[dt.date, Cost]:
        """What each day of the period cost, also the days without a call."""
        last = self.period.end - dt.timedelta(microseconds=1)
        first = self.period.start.date()
        number = (last.date() - first).days + 1
        days = {first + dt.timedelta(days=each): Cost() for each in range(number)}
        for usage in self.models:
            for day, each in usage.days.items():
                days[day] = days.get(day, Cost()) + each
        return days


def shown(kinds: frozenset[str]) -> list[str]:
    """Kinds of tokens in words, in the order of ``TOKENS``."""
    return [f"{kind.replace('_', ' ')} tokens" for kind in TOKENS if kind in kinds]


def model_usage(model: Model, series: Series, *, catalogue: Catalogue, region: str) -> ModelUsage:
    """Add up what CloudWatch has of one model.

    Args:
        model: which.
        series: measure, of ``measures.MEASURES``, to its points.
        catalogue: prices.
        region: where it was called.
    """
    tokens_of: dict[dt.date, dict[str, int]] = defaultdict(lambda: dict.fromkeys(TOKENS, 0))
    for kind in TOKENS:
        for time, value in series.get(kind, ()):
            tokens_of[time.date()][kind] += round(value)
    tokens = {kind: sum(day[kind] for day in tokens_of.values()) for kind in TOKENS}
    return ModelUsage(
        model=model,
        counts=Counts(
            invocations=_whole(series, "invocations"),
            client_errors=_whole(series, "client_errors"),
            server_errors=_whole(series, "server_errors"),
            throttles=_whole(series, "throttles"),
            tokens=tokens,
            cost=cost(model, tokens, catalogue=catalogue, region=region),
        ),
        latency=_latency(series),
        days={
            day: cost(model, each, catalogue=catalogue, region=region)
            for day, each in sorted(tokens_of.items())
        },
    )


def dearest_first(models: Sequence[ModelUsage]) -> tuple[ModelUsage, ...]:
    """By cost, then by calls, then by id."""
    return tuple(
        sorted(models, key=lambda u: (-u.counts.cost.usd, -u.counts.invocations, u.model.id))
    )


def _whole(series: Series, measure: str) -> int:
    return round(sum(value for _, value in series.get(measure, ())))


def _latency(series: Series) -> Latency:
    calls = sum(value for _, value in series.get(LATENCY_COUNT, ()))
    p95s = [value for _, value in series.get(P95, ())]
    return Latency(
        average=sum(value for _, value in series.get(LATENCY_SUM, ())) / calls if calls else None,
        p95_worst=max(p95s) if p95s else None,
        p95_median=statistics.median(p95s) if p95s else None,
    )
