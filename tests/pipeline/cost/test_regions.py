"""Each resource has the prices of where it is, and one whose place has none is named."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from pipeline.cost.catalogue import Catalogue
from pipeline.cost.estimate import estimate
from pipeline.cost.model import CostLine, Estimate
from pipeline.cost.pricers import Entry
from pipeline.cost.pricing import Pricing, Subject
from pipeline.cost.regions import Places
from pipeline.errors import PipelineError, Status
from pipeline.plan.model import Change, Plan
from tests.pipeline.cost.test_estimate import row
from tests.pipeline.plans import change, plan

CATALOGUE = Catalogue(
    [
        row("thing", "Hrs", "1", region="us-east-1"),
        row("thing", "Hrs", "3", region="ap-southeast-1"),
        row("requests", "1M requests", "0.50", region="global"),
    ]
)


def thing(_: Subject, pricing: Pricing) -> list[CostLine]:
    return [pricing.fixed("thing", "thing", 1)]


ENTRIES = {"aws_thing": Entry(thing), "aws_instance": Entry(thing)}


def estimated(found: Plan, region: str | None = None) -> Estimate:
    return estimate(found, catalogue=CATALOGUE, entries=ENTRIES, free=str, region=region)


def of(provider: str | None, address: str = "aws_thing.a", **values: Any) -> Change:
    """A new resource whose provider has a region."""
    return replace(change(address, after=values), region=provider)


def place(item: Change, *others: Change, given: str | None = None) -> str:
    return Places(plan(item, *others, region="us-east-1"), given).of(item, item.after or {})


@pytest.mark.parametrize(
    ("provider", "values", "expected"),
    [
        pytest.param(None, {}, "us-east-1", id="of the plan"),
        pytest.param("eu-west-1", {}, "eu-west-1", id="of its provider"),
        pytest.param("eu-west-1", {"region": "eu-west-3"}, "eu-west-3", id="its own"),
        pytest.param(None, {"region": "Frankfurt"}, "us-east-1", id="no code"),
        pytest.param(None, {"availability_zone": "eu-west-1b"}, "eu-west-1", id="zone"),
        pytest.param(None, {"availability_zones": ["eu-west-1b"]}, "eu-west-1", id="zones"),
        pytest.param(None, {"arn": "arn:aws:rds:eu-west-1:1:db:x"}, "eu-west-1", id="arn"),
        pytest.param(None, {"arn": "arn:aws:s3:::bucket"}, "us-east-1", id="arn without one"),
        pytest.param(
            None, {"arn": "arn:aws-cn:rds:cn-north-1:1:db:x"}, "cn-north-1", id="arn of China"
        ),
        pytest.param(
            None, {"availability_zone": "cn-north-1a"}, "cn-north-1", id="zone of China"
        ),
        pytest.param(
            None, {"availability_zone": "us-gov-west-1a"}, "us-gov-west-1", id="zone of GovCloud"
        ),
        pytest.param(
            None, {"arn": "arn:aws-us-gov:rds:us-gov-east-1:1:db:x"}, "us-gov-east-1",
            id="arn of GovCloud",
        ),
        pytest.param(
            None, {"availability_zone": "us-west-2-lax-1a"}, "us-west-2-lax-1a", id="local zone"
        ),
        pytest.param(
            "us-east-1", {"availability_zone": "us-east-1-wl1-bos-wlz-1"},
            "us-east-1-wl1-bos-wlz-1", id="wavelength zone",
        ),
        pytest.param(
            None, {"network_border_group": "us-west-2-lax-1"}, "us-west-2-lax-1",
            id="address of a local zone",
        ),
        pytest.param(
            None, {"network_border_group": "us-east-1"}, "us-east-1", id="address of the region"
        ),
        pytest.param("", {}, "", id="not told"),
        pytest.param("", {"region": "eu-west-3"}, "eu-west-3", id="own though not told"),
    ],
)  # fmt: skip
def test_a_resource_is_where_it_says_itself(
    provider: str | None, values: dict[str, Any], expected: str
) -> None:
    assert place(of(provider, **values)) == expected


def test_what_the_plan_does_not_tell_is_what_is_given() -> None:
    assert place(of(""), given="eu-west-1") == "eu-west-1"
    assert place(of(None), given="eu-west-1") == "us-east-1"


def test_a_known_arn_counts_though_the_side_after_has_none() -> None:
    arn = "arn:aws:rds:eu-west-1:1:db:x"
    assert place(change("aws_thing.a", "update", before={"arn": arn}, after={})) == "eu-west-1"


@pytest.mark.parametrize(
    ("values", "references"),
    [
        ({"subnet_id": "subnet-1"}, {}),
        ({"subnets": ["subnet-0", "subnet-1"]}, {}),
        ({}, {"subnet_id": ("aws_subnet.s",)}),
        ({}, {"vpc_zone_identifier": ("aws_subnet.s",)}),
    ],
)
def test_what_is_in_a_subnet_of_a_local_zone_is_there(
    values: dict[str, Any], references: dict[str, tuple[str, ...]]
) -> None:
    subnet = change(
        "aws_subnet.s", "no-op", {"id": "subnet-1", "availability_zone": "us-west-2-lax-1a"}
    )
    item = of(None, "aws_instance.i", **values)
    found = plan(item, subnet, region="us-west-2", references={item.address: references})
    assert Places(found, None).of(item, item.after or {}) == "us-west-2-lax-1a"
    alone = of(None, "aws_instance.other")
    assert Places(found, None).of(alone, {}) == "us-west-2"


def test_two_regions_have_their_own_prices_and_the_source_names_both() -> None:
    found = estimated(plan(of(None), of("ap-southeast-1", "aws_thing.b"), region="us-east-1"))
    assert [each.cost.after.total for each in found.resources] == [Decimal(1), Decimal(3)]
    assert found.source == "AWS on-demand list prices for us-east-1, ap-southeast-1"


@pytest.mark.parametrize(
    ("provider", "values", "why"),
    [
        ("eu-west-1", {}, "catalogue: no prices for region 'eu-west-1'; there are"),
        (
            None,
            {"availability_zone": "us-east-1-bos-1a"},
            "no prices for region 'us-east-1-bos-1a'",
        ),
        ("us-gov-west-1", {}, "no prices for region 'us-gov-west-1'"),
        ("cn-north-1", {}, "no prices for region 'cn-north-1'"),
        ("", {}, "the plan does not say its provider's region; give --region"),
    ],
)
def test_a_place_without_prices_is_named_once_for_a_type(
    provider: str | None, values: dict[str, Any], why: str
) -> None:
    items = [of(provider, f"aws_thing.a{number}", **values) for number in range(100)]
    found = estimated(plan(*items, of(None, "aws_thing.home"), region="us-east-1"))
    (missing,) = found.unpriced
    assert missing.type == "aws_thing"
    assert why in missing.why
    assert len(missing.addresses) == 100
    assert found.total.after.total == 1


def test_the_given_region_is_of_what_the_plan_does_not_tell() -> None:
    items = (of(""), of("ap-southeast-1", "aws_thing.b"))
    found = estimated(plan(*items, region=None), "us-east-1")
    assert found.total.after.total == 4
    assert found.unpriced == ()


def test_a_plan_without_any_region_asks_for_one() -> None:
    with pytest.raises(PipelineError) as caught:
        estimated(plan(of("ap-southeast-1"), region=None))
    assert str(caught.value) == "dev: the plan does not say its region; give --region"
    assert caught.value.status is Status.USAGE
