"""A check: how old the prices are, and what AWS lists otherwise."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pipeline.cost.catalogue import Catalogue, Row, first_day
from pipeline.cost.price_list import CheckResult, check, check_lines
from tests.pipeline.cost.price_list.offers import TODAY, files, recorded, row, serving

OLD = row("AmazonEC2", "APS1-BoxUsage:t3.micro", operation="RunInstances", as_of="2025-06")
NEW = row("AmazonEC2", "APS1-EBS:VolumeUsage.gp3", unit="GB-Mo", usd="0.096", as_of="2026-11-20")
SPOT = row("AmazonECS", "(fargate-spot feed)", as_of="2026-11")
GONE = row("AmazonEC2", "APS1-BoxUsage:t1.nano", as_of="2026-10-01")


def checked(*rows: Row) -> CheckResult:
    with serving(recorded) as url:
        return check(Catalogue(rows), today=TODAY, source=files(url), max_age_days=100)


def test_the_ages_are_told_by_service() -> None:
    result = check(Catalogue((OLD, NEW, SPOT)), today=TODAY, max_age_days=100)
    assert [(age.service, age.rows, age.old) for age in result.services] == [
        ("AmazonEC2", 2, 1),
        ("AmazonECS", 1, 0),
    ]
    assert (result.rows, result.old) == (3, 1)
    assert (result.oldest, result.newest) == (date(2025, 6, 1), date(2026, 11, 20))
    assert not result.compared


@pytest.mark.parametrize(
    ("as_of", "day"),
    [("2026-10-01", date(2026, 10, 1)), ("2026-11", date(2026, 11, 1))],
)
def test_a_month_counts_from_its_first_day(as_of: str, day: date) -> None:
    assert first_day(as_of) == day


@pytest.mark.parametrize(("days", "old"), [(30, 0), (29, 1)])
def test_a_price_is_old_one_day_after_the_age(days: int, old: int) -> None:
    catalogue = Catalogue((row("AmazonEC2", "X", as_of="2026-10-22"),))
    result = check(catalogue, today=TODAY, max_age_days=days)
    assert (result.old, result.ok) == (old, old == 0)


def test_aws_is_asked_only_where_a_source_is_given() -> None:
    assert check(Catalogue((GONE,)), today=TODAY).ok
    assert not checked(GONE).ok


def test_what_differs_is_told_with_the_old_and_the_new_price() -> None:
    result = checked(OLD, NEW, GONE)
    (change,) = result.changes
    assert (change.row, change.usd) == (OLD, Decimal("0.0132"))
    (failure,) = result.failures
    assert failure.row == GONE
    assert not result.ok


def test_a_catalogue_that_is_young_and_equal_is_well() -> None:
    result = checked(NEW, SPOT)
    assert result.ok
    assert [kept.row for kept in result.kept] == [SPOT]


def test_the_lines_show_ages_and_differences() -> None:
    dear = row(
        "AmazonRDS",
        "APS1-Multi-AZUsage:db.t4g.micro",
        usd="0.068",
        from_aws="yes",
        as_of="2026-09-24",
    )
    assert check_lines(checked(OLD, NEW, SPOT, GONE, dear)) == [
        (
            "5 prices, of 2025-06-01 to 2026-11-20; 1 older than 100 days; "
            "1 read from AWS itself, 4 from copies"
        ),
        "  AmazonEC2     3  2025-06-01 to 2026-11-20  1 old",
        "  AmazonECS     1  2026-11-01 to 2026-11-01",
        "  AmazonRDS     1  2026-09-24 to 2026-09-24",
        "against AWS's Price List: 2 differ, 1 not found",
        (
            "  CHANGED    test.APS1-BoxUsage:t3.micro in ap-southeast-1: 99 -> 0.0132 USD per Hrs "
            "(-100.0 %)"
        ),
        (
            "  CHANGED    test.APS1-Multi-AZUsage:db.t4g.micro in ap-southeast-1: 0.068 -> 0.051 USD "
            "per Hrs (-25.0 %)"
        ),
        (
            "  NOT FOUND  test.APS1-BoxUsage:t1.nano in ap-southeast-1: AWS does not list it: "
            "no on-demand price of APS1-BoxUsage:t1.nano"
        ),
        "  by hand    1 row of AmazonECS: its usagetype is none of AWS's",
    ]


def test_the_lines_say_nothing_of_aws_where_it_was_not_asked() -> None:
    assert check_lines(check(Catalogue((NEW,)), today=TODAY, max_age_days=100)) == [
        (
            "1 price, of 2026-11-20 to 2026-11-20; 0 older than 100 days; "
            "0 read from AWS itself, 1 from copies"
        ),
        "  AmazonEC2     1  2026-11-20 to 2026-11-20",
    ]
