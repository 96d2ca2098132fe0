"""Extended Support is billed by engine, major version and day."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.cost.pricers.extended_support import charged_today, price_name
from tests.pipeline.cost.pricers.support import resource

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("engine", "version", "expected"),
    [
        ("postgres", "11.22", "year_3"),
        ("postgres", "11.22-RDS.20240418", "year_3"),
        ("postgres", "12.19", "year_1_2"),
        ("postgres", "12", "year_1_2"),
        ("postgres", "13.20", "year_1_2"),
        ("postgres", "14.17", ""),
        ("postgres", "17.4", ""),
        ("postgres", "", ""),
        ("mysql", "5.7.44", "year_3"),
        ("mysql", "8.0.40", "year_1_2"),
        ("mysql", "8.4.5", ""),
        ("aurora-postgresql", "12.22", "year_1_2"),
        ("aurora-mysql", "5.7.mysql_aurora.2.12.4", "year_1_2"),
        ("aurora-mysql", "8.0.mysql_aurora.3.08.0", ""),
        ("mariadb", "10.4", ""),
        ("sqlserver-se", "12.00", ""),
        ("oracle-ee", "12.1", ""),
    ],
)
def test_a_version_past_its_support_is_billed(engine: str, version: str, expected: str) -> None:
    assert price_name(engine, version, TODAY) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 2, 28), ""),
        (date(2025, 3, 1), "year_1_2"),
        (date(2027, 2, 28), "year_1_2"),
        (date(2027, 3, 1), "year_3"),
    ],
)
def test_each_year_begins_on_its_day(day: date, expected: str) -> None:
    assert price_name("postgres", "12.19", day) == expected


@pytest.mark.parametrize(
    ("lifecycle", "expected"),
    [
        (None, "year_3"),
        ("open-source-rds-extended-support", "year_3"),
        ("open-source-rds-extended-support-disabled", ""),
    ],
)
def test_who_does_not_say_otherwise_pays(lifecycle: str | None, expected: str) -> None:
    subject = resource("aws_db_instance.d", {"engine_lifecycle_support": lifecycle})

    assert charged_today(subject, "postgres", "11.22") == expected
