"""A row's price: the whole usagetype, the operation, the tier, and one price only."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pipeline.cost.catalogue import Row
from pipeline.cost.price_list import ListedPrice
from pipeline.cost.price_list.matching import NoPrice, Reason, RowMatcher
from tests.pipeline.cost.price_list.offers import row


def listed(usagetype: str, usd: str, **changes: Any) -> ListedPrice:
    values = {"sku": usagetype, "operation": "", "unit": "Hrs", "begin": "0", "end": "", **changes}
    end = Decimal(values["end"]) if values["end"] else None
    return ListedPrice(
        usagetype=usagetype,
        usd=Decimal(usd),
        published=date(2026, 10, 1),
        source="a list",
        **{**values, "begin": Decimal(values["begin"]), "end": end},
    )


def price(wanted: Row, *prices: ListedPrice, others: tuple[Row, ...] = ()) -> Decimal:
    among = RowMatcher(list(dict.fromkeys((wanted, *others))), region=wanted.region)
    for each in prices:
        among.offer(each)
    return among.price(wanted).usd


def reason(wanted: Row, *prices: ListedPrice, others: tuple[Row, ...] = ()) -> tuple[Reason, str]:
    with pytest.raises(NoPrice) as caught:
        price(wanted, *prices, others=others)
    return caught.value.reason, str(caught.value)


@pytest.mark.parametrize(
    ("wanted", "other"),
    [
        ("APS1-BoxUsage:t3.micro", "APS1-HostBoxUsage:t3.micro"),
        ("APS1-BoxUsage:t3.micro", "APS1-BoxUsage:t3.micro.large"),
        ("APS1-BoxUsage:t3.micro", "APS1-BoxUsage:t3xmicro"),
        ("APS1-Requests-Tier1", "APS1-Requests-Tier10"),
        ("APS1-Request", "APS1-Request-ARM"),
        ("APS1-RDS:GP3-Storage", "APS1-RDS:Multi-AZ-GP3-Storage"),
        ("APS1-DataTransfer-Out-Bytes", "APS1-USE1-DataTransfer-Out-Bytes"),
        ("ap-southeast-1-KMS-Keys", "ap-southeast-2-KMS-Keys"),
        ("KMS-Keys", "APS1-Keys"),
        ("APS1-Keys", "KMS-Keys"),
        ("APS1:PI_LTR_FMR:Provisioned", "APS1-PI_LTR_FMR:Provisioned"),
    ],
)
def test_a_usagetype_is_matched_whole(wanted: str, other: str) -> None:
    assert reason(row("AmazonEC2", wanted), listed(other, "7"))[0] is Reason.NOT_LISTED
    found = price(row("AmazonEC2", wanted), listed(other, "7"), listed(wanted, "1"))
    assert found == Decimal(1)


@pytest.mark.parametrize(
    ("region", "ours", "theirs"),
    [
        ("us-east-1", "USE1-RDS:GP3-Storage", "RDS:GP3-Storage"),
        ("us-east-1", "BoxUsage:t3.micro", "USE1-BoxUsage:t3.micro"),
        ("ap-southeast-1", "APS1-KMS-Keys", "ap-southeast-1-KMS-Keys"),
        ("ap-southeast-1", "ap-southeast-1-KMS-Keys", "APS1-KMS-Keys"),
        ("us-east-1", "KMS-Keys", "us-east-1-KMS-Keys"),
        ("us-east-1", "us-east-1-KMS-Keys", "KMS-Keys"),
        ("eu-west-1", "EUW1-Requests-Tier1", "EU-Requests-Tier1"),
    ],
)
def test_another_prefix_or_none_is_the_same(region: str, ours: str, theirs: str) -> None:
    assert price(row("AmazonRDS", ours, region=region), listed(theirs, "3")) == Decimal(3)


def test_the_usagetype_as_written_comes_before_another_prefix() -> None:
    wanted = row("AmazonRDS", "APS1-Multi-AZUsage:db.t3.micro")
    bare = listed("Multi-AZUsage:db.t3.micro", "8")
    assert price(wanted, bare, listed("APS1-Multi-AZUsage:db.t3.micro", "3")) == Decimal(3)


def test_two_rows_that_write_one_usagetype_otherwise_both_find_it() -> None:
    bare = row("AmazonRDS", "RDS:GP2-Storage", region="us-east-1", unit="GB-Mo")
    prefixed = row("AmazonRDS", "USE1-RDS:GP2-Storage", region="us-east-1", unit="GB-Mo")
    only = listed("RDS:GP2-Storage", "0.115", unit="GB-Mo")
    assert price(bare, only, others=(prefixed,)) == Decimal("0.115")
    assert price(prefixed, only, others=(bare,)) == Decimal("0.115")


def test_a_prefix_is_part_of_the_name_where_there_is_no_region() -> None:
    wanted = row("AmazonCloudFront", "EU-DataTransfer-Out-Bytes", region="global", unit="GB")
    others = [
        listed(f"{edge}DataTransfer-Out-Bytes", "0.114", unit="GB") for edge in ("", "JP-", "USE1-")
    ]
    assert reason(wanted, *others)[0] is Reason.NOT_LISTED
    europe = listed("EU-DataTransfer-Out-Bytes", "0.085", unit="GB")
    assert price(wanted, *others, europe) == Decimal("0.085")


def test_one_usagetype_with_two_operations_needs_the_row_to_say_which() -> None:
    usagetype = "APS1-LoadBalancerUsage"
    both = (
        listed(usagetype, "0.0252", operation="LoadBalancing:Application", sku="A"),
        listed(usagetype, "0.028", operation="LoadBalancing", sku="B"),
    )
    named = row("AWSELB", usagetype, operation="LoadBalancing:Application")
    assert price(named, *both) == Decimal("0.0252")
    said = (
        "AWS lists 0.0252 per Hrs (LoadBalancing:Application), 0.028 per Hrs (LoadBalancing); "
        "give the row an operation"
    )
    assert reason(row("AWSELB", usagetype), *both) == (Reason.SEVERAL, said)


def test_an_operation_is_equal_and_not_a_beginning() -> None:
    wanted = row("AmazonEC2", "APS1-BoxUsage:t3.micro", operation="RunInstances")
    windows = listed("APS1-BoxUsage:t3.micro", "0.0224", operation="RunInstances:0002")
    assert reason(wanted, windows) == (
        Reason.NOT_LISTED,
        "APS1-BoxUsage:t3.micro has no operation RunInstances; AWS lists RunInstances:0002",
    )


def test_several_products_at_one_price_are_no_doubt() -> None:
    wanted = row("AmazonRDS", "APS1-RDS:ProxyUsage")
    both = [listed("APS1-RDS:ProxyUsage", "0.018", sku=sku, operation=sku) for sku in "AB"]
    assert price(wanted, *both) == Decimal("0.018")


FREE_FIRST = (
    listed("APS1-Storage", "0.3", begin="25", sku="A"),
    listed("APS1-Storage", "0", begin="0", end="25", sku="A"),
)


def test_a_lone_row_takes_what_comes_after_a_free_allowance() -> None:
    assert price(row("AmazonDynamoDB", "APS1-Storage"), *FREE_FIRST) == Decimal("0.3")


def test_a_free_allowance_of_one_product_does_not_hide_that_another_costs_otherwise() -> None:
    other = listed("APS1-Storage", "0.5", begin="0", sku="B")
    assert reason(row("X", "APS1-Storage"), *FREE_FIRST, other)[0] is Reason.SEVERAL


def test_a_row_of_a_later_tier_takes_that_tier_in_awss_units() -> None:
    tiers = (
        listed("APS1-ApiGatewayHttpRequest", "0.00000125", unit="Requests", end="300000000"),
        listed("APS1-ApiGatewayHttpRequest", "0.00000113", unit="Requests", begin="300000000"),
    )
    changes = {"unit": "1M requests", "per": "1000000"}
    first = row("AmazonApiGateway", "APS1-ApiGatewayHttpRequest", end="300", **changes)
    second = row("AmazonApiGateway", "APS1-ApiGatewayHttpRequest", begin="300", **changes)
    assert price(first, *tiers, others=(second,)) == Decimal("0.00000125")
    assert price(second, *tiers, others=(first,)) == Decimal("0.00000113")


THREE = (
    listed("APS1-Storage", "0.3", end="30", sku="A"),
    listed("APS1-Storage", "0.2", begin="30", end="1000", sku="A"),
    listed("APS1-Storage", "0.1", begin="1000", sku="A"),
)


def tiers(*begins: str) -> tuple[Row, ...]:
    """Tiers that meet, the last one open."""
    return tuple(
        row("S", "APS1-Storage", begin=begin, end=end)
        for begin, end in zip(begins, (*begins[1:], ""), strict=True)
    )


@pytest.mark.parametrize(
    ("begins", "shown"),
    [
        pytest.param(("0",), "0 on", id="one open tier"),
        pytest.param(("0", "30"), "0 to 30, 30 on", id="the last is missing"),
        pytest.param(("0", "1000"), "0 to 1000, 1000 on", id="one between is missing"),
        pytest.param(("0", "25", "1000"), "0 to 25, 25 to 1000, 1000 on", id="another limit"),
        pytest.param(
            ("0", "30", "1000", "2000"),
            "0 to 30, 30 to 1000, 1000 to 2000, 2000 on",
            id="one too many",
        ),
    ],
)
def test_the_tiers_of_a_price_must_be_awss(begins: tuple[str, ...], shown: str) -> None:
    ours = tiers(*begins)
    for each in ours:
        assert reason(each, *THREE, others=ours) == (
            Reason.NO_TIER,
            (
                f"AWS has the tiers 0 to 30, 30 to 1000, 1000 on, the catalogue {shown}; "
                "give the key AWS's tiers"
            ),
        )


def test_equal_tiers_have_each_its_price() -> None:
    ours = tiers("0", "30", "1000")
    assert [price(each, *THREE, others=ours) for each in ours] == [
        Decimal("0.3"),
        Decimal("0.2"),
        Decimal("0.1"),
    ]


def test_tiers_that_have_a_usagetype_each_are_found_by_it() -> None:
    """As AWS bills the IOPS of an io2 volume."""
    first = row("S", "APS1-IOPS", key="iops", end="32000")
    second = row("S", "APS1-IOPS.tier2", key="iops", begin="32000")
    listing = (listed("APS1-IOPS", "0.065"), listed("APS1-IOPS.tier2", "0.0455"))
    found = [price(each, *listing, others=(first, second)) for each in (first, second)]
    assert found == [Decimal("0.065"), Decimal("0.0455")]


def test_a_free_allowance_belongs_to_the_first_tier() -> None:
    listing = (
        listed("APS1-Storage", "0", end="1", sku="A"),
        listed("APS1-Storage", "0.3", begin="1", end="30", sku="A"),
        listed("APS1-Storage", "0.2", begin="30", sku="A"),
    )
    ours = tiers("0", "30")
    assert [price(each, *listing, others=ours) for each in ours] == [Decimal("0.3"), Decimal("0.2")]


def test_a_tier_without_a_price_above_it_is_no_open_one() -> None:
    capped = listed("APS1-Storage", "0.3", end="30")
    assert reason(row("S", "APS1-Storage"), capped)[0] is Reason.NO_TIER


def test_tiers_of_another_key_with_the_same_usagetype_do_not_count() -> None:
    other = row("S", "APS1-Storage", key="test.other")
    ours = tiers("0", "30", "1000")
    assert price(ours[0], *THREE, others=(*ours, other)) == Decimal("0.3")
    assert reason(other, *THREE, others=ours)[0] is Reason.NO_TIER


def test_the_first_of_several_tiers_may_not_be_free() -> None:
    first, second = tiers("0", "25")
    assert reason(first, *FREE_FIRST, others=(second,)) == (
        Reason.ZERO,
        "AWS lists APS1-Storage at 0 USD",
    )


def test_a_row_of_another_operation_is_no_tier_of_it() -> None:
    wanted = row("S", "APS1-Storage", operation="A")
    other = row("S", "APS1-Storage", operation="B", begin="5")
    free = listed("APS1-Storage", "0", operation="A", end="25")
    paid = listed("APS1-Storage", "0.3", operation="A", begin="25", sku=free.sku)
    assert price(wanted, free, paid, others=(other,)) == Decimal("0.3")


def test_a_price_that_became_zero_fails_and_one_that_was_zero_does_not() -> None:
    free = listed("APS1-Event", "0")
    assert reason(row("AWSEvents", "APS1-Event"), free)[0] is Reason.ZERO
    assert price(row("AWSEvents", "APS1-Event", usd="0"), free) == Decimal(0)


def test_a_unit_that_changed_fails() -> None:
    wanted = row("AmazonBedrock", "APS1-NovaPro-input-tokens", unit="1M tokens", per="1000")
    assert reason(wanted, listed("APS1-NovaPro-input-tokens", "0.8", unit="1M tokens")) == (
        Reason.UNIT,
        "AWS bills by '1M tokens', and 1000 of it do not make '1M tokens'",
    )


def test_what_nobody_wants_is_not_kept() -> None:
    among = RowMatcher([row("AmazonEC2", "APS1-BoxUsage:t3.micro")], region="ap-southeast-1")
    for number in range(1000):
        among.offer(listed(f"APS1-BoxUsage:x{number}.large", "1"))
    assert (len(among._named), len(among._alike)) == (0, 0)
