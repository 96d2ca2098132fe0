"""What an account's guard rails cost at a small scale, with the settings that they have."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.cost.pricers import ENTRIES, USAGE_KEYS
from pipeline.cost.pricing import Pricing
from pipeline.cost.usage import load_usage
from tests.pipeline.cost.pricers.stacks import subjects
from tests.support.prices import CATALOGUE
from tests.support.stacks import Stack, account_stack

ROOT = Path(__file__).resolve().parents[3]
LONGEST_BILL = 8
"""USD a month."""


def monthly(name: str, stack: Stack) -> dict[str, Decimal]:
    """Type of resource to what all of it costs, with the stated usage."""
    found = subjects(stack)
    usage = load_usage(ROOT / f"pipeline/usage/account-{name}.yml", known=USAGE_KEYS)
    pricing = Pricing(found, region="ap-southeast-1", catalogue=CATALOGUE, usage=usage)
    total: dict[str, Decimal] = {}
    for subject in found:
        if subject.type not in ENTRIES:
            continue
        for line in ENTRIES[subject.type].pricer(subject, pricing.at(subject.region)):
            assert line.monthly is not None, (subject.address, line.what)
            total[subject.type] = total.get(subject.type, Decimal(0)) + line.monthly
    return total


def told(name: str, amount: Decimal) -> str:
    return f"{name} {amount:.2f} USD"


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_an_account_costs_at_most_eight_dollars_and_what_its_page_says(name: str) -> None:
    total = sum(monthly(name, account_stack(name)).values(), Decimal(0))
    assert 1 < total <= LONGEST_BILL
    assert told(name, total) in (ROOT / "docs/account.md").read_text()


def test_every_address_of_the_usage_file_is_there() -> None:
    for name in ("dev", "prod"):
        usage = load_usage(ROOT / f"pipeline/usage/account-{name}.yml", known=USAGE_KEYS)
        addresses = {address for address, _ in account_stack(name).everything()}
        assert usage.resources.keys() <= addresses


EXTRAS: dict[str, dict[str, object]] = {
    "guard_duty.rds_login_events": {"account__guard_duty__rds_login_events": True},
    "unused_access_days": {"account__unused_access_days": 90},
    "config": {"account__config": True},
    "security_hub": {"account__config": True, "account__security_hub": True},
}
"""A setting to the change that switches it on."""


@pytest.mark.parametrize("setting", EXTRAS)
def test_the_page_says_what_a_setting_would_cost(setting: str) -> None:
    def total(**changes: object) -> Decimal:
        return sum(monthly("prod", account_stack("prod", **changes)).values(), Decimal(0))

    base: dict[str, object] = {"account__config": True} if setting == "security_hub" else {}
    more = total(**EXTRAS[setting]) - total(**base)
    assert more > 0
    rows = (ROOT / "docs/account.md").read_text().splitlines()
    (row,) = [line for line in rows if line.startswith(f"| `{setting}`")]
    assert f" {more:.2f} " in row
