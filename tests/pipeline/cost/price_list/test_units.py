"""Units that AWS writes in many ways, and those that are really another."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.cost.price_list.units import units_agree


@pytest.mark.parametrize(
    ("ours", "theirs", "per"),
    [
        ("Hrs", "Hrs", "1"),
        ("vCPU-Hrs", "hours", "1"),
        ("vCPU-Hrs", "vCPU-Hours", "1"),
        ("GB-Hrs", "hours", "1"),
        ("GB-Mo", "GB-month", "1"),
        ("GB-Second", "Lambda-GB-Second", "1"),
        ("GB-Second", "seconds", "1"),
        ("1M requests", "Requests", "1000000"),
        ("10k requests", "Requests", "10000"),
        ("1000 requests", "Requests", "1000"),
        ("1M tokens", "1K tokens", "1000"),
        ("1M tokens", "1M tokens", "1"),
        ("MiBps-Mo", "GiBps-mo", "0.0009765625"),
        ("1M minutes", "minutes", "1000000"),
        ("Keys", "Months", "1"),
        ("vCPU-Mo", "vCPU-Months", "1"),
        ("IOPS-Mo", "IOPS-Mo", "1"),
    ],
)
def test_these_are_the_same(ours: str, theirs: str, per: str) -> None:
    assert units_agree(ours, theirs, Decimal(per))


@pytest.mark.parametrize(
    ("ours", "theirs", "per"),
    [
        ("Hrs", "Months", "1"),
        ("Hrs", "seconds", "1"),
        ("GB-Mo", "GB", "1"),
        ("GB", "TB", "1"),
        ("GB", "MB", "1"),
        ("1M tokens", "1M tokens", "1000"),
        ("1M requests", "1M requests", "1000000"),
        ("1M requests", "Requests", "1000"),
        ("MiBps-Mo", "MiBps-mo", "0.0009765625"),
        ("Minutes", "Hrs", "1"),
        ("GB", "Requests", "1"),
    ],
)
def test_these_are_not(ours: str, theirs: str, per: str) -> None:
    assert not units_agree(ours, theirs, Decimal(per))
