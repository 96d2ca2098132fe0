"""Figures as a reader sees them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.report.numbers import counted, difference, money, price, quantity


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("0", "0.00"),
        ("0.001", "<0.01"),
        ("-0.001", "-<0.01"),
        ("0.005", "<0.01"),
        ("0.01", "0.01"),
        ("0.125", "0.13"),
        ("1234567.5", "1,234,567.50"),
        ("-1234.5", "-1,234.50"),
        ("123456789012345678901234567890.123", "123,456,789,012,345,678,901,234,567,890.12"),
    ],
)
def test_money_has_two_decimals_and_is_never_a_silent_zero(amount: str, shown: str) -> None:
    assert money(Decimal(amount)) == shown


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("0", "0.00"),
        ("41.2", "+41.20"),
        ("-1041.2", "-1,041.20"),
        ("0.001", "+<0.01"),
        ("-0.001", "-<0.01"),
    ],
)
def test_a_difference_has_its_sign(amount: str, shown: str) -> None:
    assert difference(Decimal(amount)) == shown


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("0.0000002", "0.0000002"),
        ("2E-7", "0.0000002"),
        ("0.1", "0.10"),
        ("3", "3.00"),
        ("1E+3", "1,000.00"),
        ("0.0250", "0.025"),
    ],
)
def test_a_price_keeps_every_digit(amount: str, shown: str) -> None:
    assert price(Decimal(amount)) == shown


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("0", "0"),
        ("730", "730"),
        ("1460", "1,460"),
        ("999999", "999,999"),
        ("2500000", "2.5 million"),
        ("1200001", "1.2 million"),
        ("3000000000", "3 billion"),
        ("0.000375", "0.00038"),
        ("12.3456", "12.35"),
        ("1E+3", "1,000"),
    ],
)
def test_a_quantity_is_read_at_a_glance(amount: str, shown: str) -> None:
    assert quantity(Decimal(amount)) == shown


def test_a_noun_follows_its_number() -> None:
    assert counted(1, "job") == "1 job"
    assert counted(1234, "job") == "1,234 jobs"
    assert counted(2, "quantity", "quantities") == "2 quantities"
