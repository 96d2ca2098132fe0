"""What is published is found again, in periods, by whole dimension sets."""

from __future__ import annotations

import pytest

from emulator.cloudwatch import store as module
from emulator.cloudwatch.clock import Clock
from emulator.cloudwatch.distribution import Distribution, StatisticError
from emulator.cloudwatch.publisher import Observation, Publisher
from emulator.cloudwatch.store import DAY, HOUR, MINUTE, Metric, Store

START = 1_800_000_000 // DAY * DAY
ERRORS = Metric(account_id="1" * 12, region="eu-west-1", namespace="AWS/Lambda", name="Errors")


class Time:
    """Real time, moved by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def store(time: Time) -> Store:
    return Store(Clock(time, START))


def one(value: float, count: float = 1) -> Distribution:
    made = Distribution()
    made.add(value, count)
    return made


def sums(
    store: Store, metric: Metric = ERRORS, period: int = MINUTE, origin: int = 0
) -> list[tuple[int, float]]:
    points = store.points(metric, start=0, end=START + 99 * DAY, period=period, origin=origin)
    return [(second - START, points[second].total) for second in sorted(points)]


def test_observations_land_in_each_dimension_set(store: Store) -> None:
    publisher: Publisher = store
    named = {"FunctionName": "f"}
    seen = Observation(
        namespace="AWS/Lambda", name="Errors", value=2, unit="Count", dimension_sets=[{}, named]
    )

    publisher.publish(ERRORS.account_id, ERRORS.region, seen, seen)

    by_function = Metric(
        account_id="1" * 12,
        region="eu-west-1",
        namespace="AWS/Lambda",
        name="Errors",
        dimensions=frozenset(named.items()),
    )
    assert sums(store) == sums(store, by_function) == [(0, 4.0)]
    assert store.metrics("1" * 12, "eu-west-1") == [ERRORS, by_function]
    assert store.metrics("2" * 12, "eu-west-1") == store.metrics("1" * 12, "us-east-1") == []


def test_periods_begin_at_multiples_or_where_one_says(store: Store) -> None:
    for minute in range(6):
        store.put(ERRORS, one(minute), unit="Count", timestamp=START + minute * MINUTE + 7)

    assert sums(store, period=300) == [(0, 10.0), (300, 5.0)]
    assert sums(store, period=300, origin=START + 60) == [(-240, 0.0), (60, 15.0)]


def test_units_are_kept_apart(store: Store) -> None:
    store.put(ERRORS, one(1), unit="Count", timestamp=START)
    store.put(ERRORS, one(5), unit="None", timestamp=START)

    assert sums(store) == [(0, 6.0)]
    points = store.points(ERRORS, start=START, end=START + 60, period=60, unit="Count")
    assert points[START].total == 1
    assert store.points(ERRORS, start=START, end=START + 60, period=60, unit="Bytes") == {}


def test_seconds_become_minutes_and_old_points_go(store: Store, time: Time) -> None:
    for second in (1, 2):
        store.put(ERRORS, one(1), unit="Count", timestamp=START + second, resolution=1)
    assert sums(store, period=1) == [(1, 1.0), (2, 1.0)]

    time.seconds = 4.0 * HOUR
    store.put(ERRORS, one(1), unit="Count", timestamp=store.clock.now())
    assert sums(store, period=1) == [(0, 2.0), (4 * HOUR, 1.0)]

    time.seconds = 15.0 * DAY + HOUR
    other = Metric(account_id="1" * 12, region="eu-west-1", namespace="Own", name="Late")
    store.put(other, one(1), unit="Count", timestamp=store.clock.now())
    assert sums(store, period=1) == [(4 * HOUR, 1.0)]
    assert store.metrics("1" * 12, "eu-west-1") == [other]


def test_the_number_of_points_is_bounded(
    store: Store, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_POINTS", 3)
    for minute in range(6):
        store.put(ERRORS, one(minute), unit="Count", timestamp=START + minute * MINUTE)

    time.seconds = 1.0 * HOUR
    store.put(ERRORS, one(6), unit="Count", timestamp=START + 6 * MINUTE)

    assert [total for _, total in sums(store)] == [4.0, 5.0, 6.0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SampleCount", 100),
        ("Sum", 5050),
        ("Average", 50.5),
        ("Minimum", 1),
        ("Maximum", 100),
        ("p50", 50),
        ("p99.5", 100),
        ("p0", 1),
        ("p100", 100),
        ("tm90", 45.5),
    ],
)
def test_statistics(name: str, value: float) -> None:
    values = Distribution()
    for each in range(1, 101):
        values.add(each)

    assert values.statistic(name) == pytest.approx(value)


def test_percentiles_need_the_values() -> None:
    values = one(5, 3)
    values.add_statistics(count=2, total=4, minimum=2, maximum=2)
    assert values.statistic("p50") == 5
    values.add_statistics(count=2, total=5, minimum=2, maximum=3)

    assert (values.statistic("p50"), values.statistic("tm50")) == (None, None)
    assert values.statistic("Sum") == 24
    for name in ("p", "p101", "iqm", "average", "tm(10%:90%)"):
        with pytest.raises(StatisticError, match="not computed by the emulator"):
            values.statistic(name)


def test_many_different_values_are_kept_in_three_digits() -> None:
    values = Distribution()
    for each in range(100_000):
        values.add(each + 0.5)

    assert len(values.values) < 5000
    assert values.statistic("p90") == pytest.approx(90_000, rel=0.01)


def test_the_clock_runs_faster_and_never_back(time: Time) -> None:
    clock = Clock(time, START)
    time.seconds = 10
    clock.set_speed(12)
    assert clock.now() == START + 10
    time.seconds = 15
    assert clock.now() == START + 70
    clock.set_speed(1)
    time.seconds = 16
    assert clock.now() == START + 71
    for speed in (0.5, 121, -1, float("nan")):
        with pytest.raises(ValueError, match="speed must be from 1 to 120"):
            clock.set_speed(speed)
