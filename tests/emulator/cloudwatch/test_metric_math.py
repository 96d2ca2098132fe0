"""AWS's own tables of metric math, and what its page says of each function.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

from __future__ import annotations

import pytest

from emulator.cloudwatch.expression import ExpressionError, parse
from emulator.cloudwatch.metric_math import Computation, Query, check
from emulator.cloudwatch.series import Series

PERIOD = 60
Points = list[float | None]


def series(points: Points) -> Series:
    found = {PERIOD * i: value for i, value in enumerate(points) if value is not None}
    return Series(points=found, period=PERIOD)


def compute(expression: str, length: int = 5, **metrics: Points) -> list[Points]:
    """The result's series; the metrics and the result begin at the same time."""
    queries: list[Query] = [
        {"Id": "result", "Expression": expression},
        *({"Id": name, "MetricStat": points} for name, points in metrics.items()),
    ]
    computation = Computation(
        queries=queries,
        trees=check(queries),
        fetch=lambda points: series(points),  # type: ignore[arg-type]
        seconds=lambda period: range(0, length * period, period),
    )
    return [
        [each.points.get(PERIOD * i) for i in range(length)]
        for each in computation.series("result")
    ]


def one(expression: str, **metrics: Points) -> Points:
    length = max(len(points) for points in metrics.values())
    [result] = compute(expression, length, **metrics)
    return result


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("(metric1 < metric2)", [0, 0, 1, 0]),
        ("(metric1 >= 30)", [1, 0, 0, 0]),
        ("(metric1 > 15 AND metric2 > 15)", [1, 0, 0, 0]),
        ("metric1 > 15 && metric2 > 15", [1, 0, 0, 0]),
        ("metric1 == 30 OR metric2 == 20", [1, 0, 1, 0]),
        ("metric1 == 30 || metric2 != 20", [1, 0, 0, 0]),
    ],
)
def test_comparison_and_logic(expression: str, expected: Points) -> None:
    """The first three rows are AWS's table."""
    assert one(expression, metric1=[30, 20, 0, 0], metric2=[20, None, 20, None]) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("IF(metric1, metric2, metric3)", [30, 0, 20, None, None]),
        ("IF(metric1, 5, metric3)", [5, 5, 20, None, None]),
        ("IF(metric1, metric2, 5)", [30, 0, 5, 5, None]),
        ("IF(metric1, metric2)", [30, 0, None, None, None]),
        ("IF(metric1, 5, 6)", [5, 5, 6, 6, None]),
        ("IF(1, metric2, metric3)", [30, None, 0, 0, 30]),
        ("IF(0, metric2, metric3)", [0, 0, 20, None, 20]),
        ("IF(0, metric2)", [None] * 5),
        ("IF(metric3 >= 20, 1, 0)", [0, 0, 1, None, 1]),
        ("IF(-metric1, 1, 0)", [1, 1, 0, 0, None]),
    ],
)
def test_if(expression: str, expected: Points) -> None:
    """The first three rows are AWS's tables, the others its sentences."""
    assert (
        one(
            expression,
            metric1=[1, 1, 0, 0, None],
            metric2=[30, None, 0, 0, 30],
            metric3=[0, 0, 20, None, 20],
        )
        == expected
    )


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("m1 + m2", [5, 2, 3, None]),
        ("m1 - m2", [-1, 2, -3, None]),
        ("m1 / m2", [2 / 3, None, 0, None]),  # by a missing value: by zero
        ("100 * m1 / m1", [100, 100, None, None]),
        ("1 / (m1 - 2)", [None, None, None, None]),
        ("-m1 ^ 2", [-4, -4, None, None]),
        ("2 ^ 3 ^ 2 + m1 * 0", [512, 512, None, None]),
        ("(m1 - 4) ^ 0.5", [None, None, None, None]),
        ("1 + 2 * m1 - 4 / 2", [3, 3, None, None]),
        ("m1/PERIOD(m1)", [2 / 60, 2 / 60, None, None]),
        ("m2 * SUM(m1)", [12, None, 12, None]),
        ("m1 - AVG(m2)", [-1, -1, None, None]),
        ("SUM([m1, m2])", [5, 2, 3, None]),
        ("AVG([m1, m2])", [2.5, 1, 1.5, None]),
        ("MIN([m1, m2])", [2, 2, 3, None]),
        ("MAX([m1, m2])", [3, 2, 3, None]),
        ("SUM(METRICS())", [5, 2, 3, None]),
        ('SUM(METRICS("1"))', [2, 2, None, None]),
        ("SUM(METRICS('m')) * 1", [5, 2, 3, None]),
        ("SUM(100/[m1, m2])", [pytest.approx(50 + 100 / 3), 50, pytest.approx(100 / 3), None]),
        ("FILL(m1, 7)", [2, 2, 7, 7]),
        ("FILL(m2, REPEAT)", [3, 3, 3, 3]),
        ("FILL(m2, LINEAR)", [3, 3, 3, None]),
        ("FILL(m2, m1)", [3, 2, 3, None]),
        ("FILL(m1, MIN(m2))", [2, 2, 3, 3]),
        ("ABS(m1 - 5)", [3, 3, None, None]),
        ("CEIL(m1 / 3)", [1, 1, None, None]),
        ("FLOOR(m1 / 3)", [0, 0, None, None]),
        ("DIFF(m2)", [None, None, 0, None]),
    ],
)
def test_arithmetic_and_functions(expression: str, expected: Points) -> None:
    assert one(expression, m1=[2, 2, None, None], m2=[3, None, 3, None]) == expected


def test_rate_is_change_per_second() -> None:
    assert one("RATE(m1)", m1=[600, 600, 1200, None, 0]) == [None, 0, 10, None, -10]


def test_linear_filling_is_between_the_values_beside_the_gap() -> None:
    assert one("FILL(m1, LINEAR)", m1=[None, 1, None, None, 4, None]) == [None, 1, 2, 3, 4, None]


def test_an_array_is_one_result_each() -> None:
    assert compute("METRICS()/2", 2, m1=[2, 4], m2=[None, 8]) == [[1, 2], [None, 4]]
    assert compute("FILL([m1, m2], 0)", 2, m1=[2, 4], m2=[None, 8]) == [[2, 4], [0, 8]]


def test_expressions_refer_to_each_other() -> None:
    queries: list[Query] = [
        {"Id": "e1", "Expression": "e2 * 2", "Label": "doubled"},
        {"Id": "e2", "Expression": "m1 + 1"},
        {"Id": "m1", "MetricStat": [1]},
    ]
    done = Computation(
        queries=queries,
        trees=check(queries),
        fetch=lambda points: series(points),  # type: ignore[arg-type]
        seconds=lambda period: range(0, period, period),
    )

    [result] = done.series("e1")

    assert (result.points, result.label) == ({0: 4.0}, "doubled")


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("SEARCH('{AWS/Lambda} Errors', 'Sum')", "the emulator does not compute SEARCH"),
        ("SELECT AVG(x) FROM y", "the emulator does not compute SELECT"),
        ("ANOMALY_DETECTION_BAND(m1)", "does not compute ANOMALY_DETECTION_BAND"),
        ("SLICE(METRICS(), 1)", "the emulator does not compute SLICE"),
        ("sum(m1)", "the emulator does not compute sum"),
        ("m1 + m9", "there is no metric or expression 'm9'"),
        ("m1 +", "unexpected 'the end'"),
        ("m1 m1", "unexpected 'm1'"),
        ("(m1", "unexpected 'the end'"),
        ("m1; 1", "unexpected '; 1'"),
        ("__import__('os')", "does not compute __import__"),
        ("FILL(m1)", "FILL takes 2 to 2 arguments, not 1"),
        ("5", "has to be a time series, not a number"),
        ("AVG(m1)", "has to be a time series, not a number"),
        ("PERIOD(m1 + 1) * m1", "PERIOD takes the id of a metric"),
        ("METRICS() + METRICS()", "two arrays"),
        ("SUM(3) * m1", "SUM wants time series"),
        ("ABS(3) * m1", "ABS wants a time series"),
        ("result + 1", "refer to themselves"),
        ("m1 + 'x'", "can only stand in METRICS"),
        ("IF(METRICS(), 1, 0)", "not an array"),
        ("1 / 0 * m1", "1 / 0 is no number"),
        ("", "needs either MetricStat or Expression"),
    ],
)
def test_what_is_wrong_or_not_computed_is_named(expression: str, message: str) -> None:
    with pytest.raises(ExpressionError) as error:
        compute(expression, m1=[1])
    assert message in str(error.value)


@pytest.mark.parametrize("name", ["if", "in", "is", "or", "and", "not", "lambda", "none"])
def test_an_id_may_be_any_word(name: str) -> None:
    points: Points = [1]
    assert one(f"{name} * 2", **{name: points}) == [2]


def test_ids_are_checked() -> None:
    stat: dict[str, object] = {"Metric": {}}
    for queries, message in (
        ([{"Id": "M1", "MetricStat": stat}], "lowercase"),
        ([{"MetricStat": stat}], "lowercase"),
        ([{"Id": "m", "MetricStat": stat}, {"Id": "m", "MetricStat": stat}], "not unique"),
        ([{"Id": "m", "MetricStat": stat, "Expression": "m"}], "not both"),
    ):
        with pytest.raises(ExpressionError, match=message):
            check(queries)


def test_text_may_be_empty() -> None:
    assert parse("METRICS('')") == parse('METRICS("")')
    assert compute("METRICS('')", 1, m1=[1]) == [[1]]
