"""The sums that are worked out by hand, and what counts as a difference."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import yaml

from benchmarks.estimate import PLANS, Compared, compare, worked_out


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("730 * 0.225", "164.25"),
        ("20000000000 * 0.0000133334", "266668"),
        ("(12 - 5) * 0.020 + 1", "1.14"),
        ("3", "3"),
    ],
)
def test_a_sum_loses_no_digit(text: str, expected: str) -> None:
    assert worked_out(text) == Decimal(expected)


@pytest.mark.parametrize("text", ["2 ** 9", "f(1)", "'a'", "x + 1", "1 / 3"])
def test_a_sum_holds_numbers_only(text: str) -> None:
    with pytest.raises(ValueError, match="is no number, sum, difference or product"):
        worked_out(text)


@pytest.mark.parametrize(
    ("ours", "unnamed", "explained", "kept"),
    [
        ("1.009", (), "", True),
        ("1.01", (), "", False),
        ("0.99", (), "", False),
        ("2", (), "because", True),
        ("1", ("tenancy",), "", False),
        ("2", ("tenancy",), "because", False),
    ],
)
def test_a_difference_is_explained_and_what_has_no_price_is_named(
    ours: str, unnamed: tuple[str, ...], explained: str, kept: bool
) -> None:
    assert Compared("a plan", Decimal(ours), Decimal(1), unnamed, explained).kept is kept


def plan(**changes: Any) -> dict[str, Any]:
    return {
        "plan": "a key",
        "region": "us-east-1",
        "resources": {"aws_kms_key.x": {"values": {}}},
        "by_hand": [{"sum": "1 * 1.00"}],
        "named": ["monthly_requests"],
        **changes,
    }


def test_a_plan_is_priced_as_the_report_does_it() -> None:
    assert compare(plan()) == Compared("a key", Decimal(1), Decimal(1), (), "")
    stated = plan(usage={"aws_kms_key.x": {"monthly_requests": 10000}})
    assert compare(stated) == Compared(
        "a key", Decimal("1.03"), Decimal(1), ("monthly_requests",), ""
    )


def test_a_plan_that_is_refused_is_none_that_is_right() -> None:
    found = compare(plan(usage={"aws_kms_key.x": {"monthly_request": 1}}))
    assert not found.kept
    assert "unknown usage key" in found.unnamed[0]


FILE = yaml.safe_load(PLANS.read_text(encoding="utf-8"))


def test_every_plan_of_the_file_has_a_sum_and_a_source() -> None:
    assert len({each["plan"] for each in FILE}) == len(FILE) >= 20
    for each in FILE:
        assert each["source"]
        assert each["by_hand"] or each.get("named") or each["plan"] == "what costs nothing"
        assert all(line["what"] and worked_out(line["sum"]) for line in each["by_hand"])


@pytest.mark.parametrize("made_up", FILE, ids=[each["plan"] for each in FILE])
def test_each_plan_costs_what_is_worked_out_by_hand(made_up: dict[str, Any]) -> None:
    found = compare(made_up)
    assert found.unnamed == ()
    assert found.explained or (found.ours - found.by_hand).copy_abs() < Decimal("0.01")
