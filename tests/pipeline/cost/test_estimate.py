"""The estimate: both sides of a plan, what is unknown, and the sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipeline.cost.catalogue import Catalogue, Row
from pipeline.cost.estimate import estimate
from pipeline.cost.model import Amount, AmountChange, CostLine, Estimate, Kind, MissingPrice
from pipeline.cost.pricers import Entry
from pipeline.cost.pricing import HOURS, Pricing, Subject, Unknown
from pipeline.cost.totals import together
from pipeline.cost.usage import Usage
from pipeline.errors import PipelineError, Status
from pipeline.plan.model import Change, Plan
from tests.pipeline.plans import change, plan
from tests.support.growth import growth

REGION = "ap-southeast-1"


def row(
    key: str,
    unit: str,
    usd: str,
    *,
    begin: str = "0",
    end: str = "",
    region: str = REGION,
    as_of: str = "2026-01",
    from_aws: str = "no",
) -> Row:
    return Row(
        key=key,
        region=region,
        service="Service",
        usagetype="Type",
        operation="",
        description=key,
        unit=unit,
        per=Decimal(1),
        begin=Decimal(begin),
        end=Decimal(end) if end else None,
        usd=Decimal(usd),
        source="a test",
        from_aws=from_aws,
        as_of=as_of,
    )


CATALOGUE = Catalogue(
    [
        row("db.small", "Hrs", "0.10"),
        row("db.large", "Hrs", "0.40"),
        row("db.storage", "GB", "0.20"),
        row("proxy.vcpu", "Hrs", "0.02"),
        row("requests", "1M requests", "0.50", region="global"),
        row("logs", "GB", "0.70", end="100"),
        row("logs", "GB", "0.35", begin="100"),
    ]
)
VCPUS = {"small": Decimal(2), "large": Decimal(8)}


def database(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    yield pricing.fixed(
        "storage", "db.storage", subject.number("allocated_storage", 20), note="gp3"
    )
    size = subject.get("instance_class")
    yield pricing.fixed(f"instance {size}", f"db.{size}", HOURS)


def proxy(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    behind = pricing.related(subject, "db_instance_identifier", "aws_db_instance")
    if behind is None:
        raise Unknown("db_instance_identifier", subject.address)
    vcpus = VCPUS[behind.get("instance_class")]
    yield pricing.fixed("proxy", "proxy.vcpu", vcpus * HOURS)


def function(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    million = Decimal("0.000001")
    yield pricing.used(subject, "requests", "requests", "monthly_requests", scale=million)


def group(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    yield pricing.used(subject, "logs", "logs", "storage_gb", default=1, note="1 GB assumed")


ENTRIES: Mapping[str, Entry] = {
    "aws_db_instance": Entry(database),
    "aws_db_proxy_target": Entry(proxy),
    "aws_lambda_function": Entry(function),
    "aws_cloudwatch_log_group": Entry(group),
}
FREE = {"aws_iam_role": "IAM is free"}


def estimated(
    plan: Plan,
    *,
    usage: Usage | None = None,
    region: str | None = None,
    entries: Mapping[str, Entry] = ENTRIES,
    tags: tuple[str, ...] = ("CostCenter",),
) -> Estimate:
    return estimate(
        plan,
        catalogue=CATALOGUE,
        usage=usage,
        region=region,
        entries=entries,
        free=FREE.get,
        tags=tags,
    )


SMALL = {"instance_class": "small", "allocated_storage": 50}
LARGE = {"instance_class": "large", "allocated_storage": 50}
SMALL_USD, LARGE_USD = Decimal("83.0"), Decimal("302.0")
"""730 h at 0.10 or 0.40 and 50 GB at 0.20."""


@pytest.mark.parametrize(
    ("item", "before", "after"),
    [
        pytest.param(change("aws_db_instance.a", "create", after=SMALL), 0, 83, id="create"),
        pytest.param(
            change("aws_db_instance.a", "update", before=SMALL, after=LARGE), 83, 302, id="update"
        ),
        pytest.param(
            change("aws_db_instance.a", "replace", before=LARGE, after=SMALL), 302, 83, id="replace"
        ),
        pytest.param(change("aws_db_instance.a", "delete", before=SMALL), 83, 0, id="delete"),
        pytest.param(change("aws_db_instance.a", "no-op", before=SMALL), 83, 83, id="no-op"),
        pytest.param(change("aws_db_instance.a", "forget", before=SMALL), 83, 0, id="forget"),
        pytest.param(
            change("aws_db_instance.a", "delete", before=SMALL, deposed=True), 83, 0, id="deposed"
        ),
        pytest.param(
            change("aws_db_instance.a", "no-op", before=SMALL, deposed=True),
            83,
            0,
            id="deposed-that-stays-in-the-plan",
        ),
    ],
)
def test_each_action_has_its_cost_before_and_after(item: Change, before: int, after: int) -> None:
    result = estimated(plan(item))
    assert result.total == AmountChange(
        before=Amount(fixed=Decimal(before)), after=Amount(fixed=Decimal(after))
    )
    assert [resource.cost for resource in result.resources] == [result.total]


def test_a_line_says_what_is_billed_and_how_much() -> None:
    result = estimated(plan(change("aws_db_instance.data_main_0A1B2C3D", after=SMALL)))
    (resource,) = result.resources
    assert (resource.address, resource.type, resource.module) == (
        "aws_db_instance.data_main_0A1B2C3D",
        "aws_db_instance",
        "data",
    )
    assert resource.before == ()
    assert resource.after == (
        CostLine(
            what="storage",
            kind=Kind.FIXED,
            quantity=Decimal(50),
            unit="GB",
            price=Decimal("0.20"),
            monthly=Decimal("10.00"),
            note="gp3",
        ),
        CostLine(
            what="instance small",
            kind=Kind.FIXED,
            quantity=Decimal(730),
            unit="Hrs",
            price=Decimal("0.10"),
            monthly=Decimal("73.00"),
        ),
    )
    assert result.source == "AWS on-demand list prices for ap-southeast-1"


def test_a_value_known_only_after_apply_is_named_and_what_came_before_it_counts() -> None:
    result = estimated(
        plan(
            change(
                "aws_db_instance.a",
                after={"allocated_storage": 50},
                unknown={"instance_class": True},
            )
        )
    )
    assert result.unknown == ("aws_db_instance.a: instance_class is known only after apply",)
    assert result.total.after.total == 10
    assert [line.what for line in result.resources[0].after] == ["storage"]


def test_an_update_to_an_unknown_value_is_named_with_what_it_costs_before() -> None:
    item = change(
        "aws_db_instance.a", "update", SMALL, {"allocated_storage": 50}, {"instance_class": True}
    )
    result = estimated(plan(item))
    (line,) = result.unknown
    assert line == (
        "aws_db_instance.a: instance_class is known only after apply; "
        "before it costs 83.00 USD a month"
    )
    assert result.total.before.total == SMALL_USD


def test_a_resource_of_which_nothing_is_known_is_named() -> None:
    result = estimated(plan(change("aws_db_instance.a", after={}, unknown=True)))
    assert result.unknown == ("aws_db_instance.a: allocated_storage is known only after apply",)
    assert result.resources == ()


def test_the_side_before_has_no_unknown_values() -> None:
    """What the plan does not know yet is about the side after."""
    item = change("aws_db_instance.a", "replace", before=SMALL, after={}, unknown=True)
    assert estimated(plan(item)).total.before.total == SMALL_USD


def test_a_type_that_nobody_knows_is_named_and_never_free() -> None:
    result = estimated(
        plan(
            change("aws_new_thing.b"),
            change("aws_new_thing.a", "no-op"),
            change("aws_iam_role.r"),
            change("aws_iam_role.s", "no-op"),
        )
    )
    assert result.unpriced == (
        MissingPrice(type="aws_new_thing", addresses=("aws_new_thing.b", "aws_new_thing.a")),
    )
    assert result.free == 2
    assert result.resources == ()


def test_a_price_that_the_catalogue_lacks_is_named_and_the_others_are_kept() -> None:
    """A class that somebody just allowed must not cost nothing, nor hide all other costs."""
    huge = change("aws_db_instance.a", after={"instance_class": "huge", "allocated_storage": 10})
    found = estimated(plan(huge))
    (missing,) = found.unpriced
    assert missing.type == "aws_db_instance"
    assert "db.huge" in missing.why
    assert missing.addresses == ("aws_db_instance.a",)
    assert found.total.after.total == Decimal("2.00")


def test_a_secret_in_an_address_or_a_tag_never_leaves() -> None:
    key = "AKIA" + "Q3EXAMPLE7654321"
    tags = {"tags_all": {"CostCenter": key}, "instance_class": "small"}
    found = estimated(
        plan(
            change(f'aws_db_instance.a["{key}"]', after=tags),
            change(f'aws_db_instance.b["{key}"]', after=tags, unknown={"instance_class": True}),
            change(f'aws_unheard_of.c["{key}"]', after={}),
        )
    )
    assert key.encode() not in msgspec.json.encode(found)


def test_usage_that_nobody_stated_is_named_and_has_no_amount() -> None:
    result = estimated(plan(change("aws_lambda_function.f")))
    assert result.unstated == ("aws_lambda_function.f: monthly_requests",)
    (line,) = result.resources[0].after
    assert (line.quantity, line.monthly, line.price) == (None, None, Decimal("0.50"))
    assert line.usage_key == "monthly_requests"
    assert result.total == AmountChange()


def usage(**values: str) -> Usage:
    return Usage(
        defaults={
            "aws_lambda_function": {name: Decimal(value) for name, value in values.items()},
            "aws_cloudwatch_log_group": {name: Decimal(value) for name, value in values.items()},
        }
    )


def test_stated_usage_is_scaled_and_kept_apart_from_what_is_fixed() -> None:
    result = estimated(
        plan(
            change("aws_lambda_function.f", "update"),
            change("aws_db_instance.a", "create", after=SMALL),
        ),
        usage=usage(monthly_requests="3000000"),
    )
    assert result.total == AmountChange(
        before=Amount(usage=Decimal("1.5")),
        after=Amount(fixed=SMALL_USD, usage=Decimal("1.5")),
    )
    assert result.total.difference == Amount(fixed=SMALL_USD)
    assert result.unstated == ()


def test_a_default_is_taken_where_nothing_is_stated_and_a_stated_zero_wins() -> None:
    logs = plan(change("aws_cloudwatch_log_group.g"))
    assumed = estimated(logs)
    assert assumed.total.after == Amount(usage=Decimal("0.70"))
    assert assumed.resources[0].after[0].note == "1 GB assumed"
    assert estimated(logs, usage=usage(storage_gb="0")).total.after.total == 0


def test_a_quantity_beyond_the_first_tier_names_the_tiers() -> None:
    result = estimated(plan(change("aws_cloudwatch_log_group.g")), usage=usage(storage_gb="300"))
    assert result.total.after.usage == Decimal("140.0")
    assert result.resources[0].after[0].note == (
        "1 GB assumed; by volume: 0.70 from 0; 0.35 from 100"
    )
    within = estimated(plan(change("aws_cloudwatch_log_group.g")), usage=usage(storage_gb="100"))
    assert within.resources[0].after[0].note == "1 GB assumed"


TARGET = {"db_instance_identifier": "main"}


def test_an_unchanged_resource_that_depends_on_a_changed_one_is_priced_again() -> None:
    """RDS Proxy bills the vCPUs of the database behind it."""
    result = estimated(
        plan(
            change(
                "aws_db_instance.a",
                "update",
                before={**SMALL, "identifier": "main"},
                after={**LARGE, "identifier": "main"},
            ),
            change("aws_db_proxy_target.t", "no-op", before=TARGET),
        )
    )
    target = result.resources[1]
    assert target.cost == AmountChange(
        before=Amount(fixed=Decimal("29.20")), after=Amount(fixed=Decimal("116.80"))
    )


def test_an_unchanged_resource_that_depends_on_nothing_is_priced_once() -> None:
    calls: list[str] = []

    def counting(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
        calls.append(subject.address)
        return database(subject, pricing)

    result = estimated(
        plan(
            change("aws_db_instance.a", "no-op", before=SMALL),
            change("aws_db_instance.b", "update", before=SMALL, after=SMALL),
        ),
        entries={"aws_db_instance": Entry(counting)},
    )
    assert calls.count("aws_db_instance.a") == 1
    assert calls.count("aws_db_instance.b") == 2
    assert result.total.before == result.total.after == Amount(fixed=SMALL_USD * 2)


def test_a_relation_that_the_plan_does_not_tell_is_named_on_the_side_that_misses_it() -> None:
    found = {"aws_db_proxy_target.t": {"db_instance_identifier": ("aws_db_instance.a",)}}
    result = estimated(
        plan(
            change("aws_db_instance.a", after=SMALL),
            change("aws_db_proxy_target.t", "update", before=TARGET, after={}),
            references=found,
        )
    )
    (line,) = result.unknown
    assert line == (
        "aws_db_proxy_target.t: db_instance_identifier is not in the plan, "
        "so that its cost before is incomplete"
    )


def test_an_unknown_value_of_another_resource_is_named_with_that_resource() -> None:
    found = {"aws_db_proxy_target.t": {"db_instance_identifier": ("aws_db_instance.a",)}}
    result = estimated(
        plan(
            change("aws_db_instance.a", after={}, unknown={"instance_class": True}),
            change("aws_db_proxy_target.t", after={}),
            references=found,
        )
    )
    assert result.unknown[1] == (
        "aws_db_proxy_target.t: instance_class of aws_db_instance.a is known only after apply"
    )


def test_what_terraform_forgets_is_named_because_it_stays_on_the_bill() -> None:
    result = estimated(plan(change("aws_db_instance.a", "forget", before=SMALL)))
    (line,) = result.unknown
    assert line == (
        "aws_db_instance.a: Terraform forgets it and it stays in AWS: "
        "83.00 USD a month leave the total and stay on the bill"
    )


def test_a_left_over_of_a_replacement_is_a_resource_of_its_own() -> None:
    result = estimated(
        plan(
            change("aws_db_instance.a", "delete", before={**LARGE, "identifier": "old"},
                   deposed=True),
            change("aws_db_instance.a", "no-op", before={**SMALL, "identifier": "new"}),
            change("aws_db_proxy_target.t", "no-op", before={"db_instance_identifier": "new"}),
        )
    )  # fmt: skip
    assert [(r.address, r.cost.before.total, r.cost.after.total) for r in result.resources] == [
        ("aws_db_instance.a (deposed object)", LARGE_USD, 0),
        ("aws_db_instance.a", SMALL_USD, SMALL_USD),
        ("aws_db_proxy_target.t", Decimal("29.20"), Decimal("29.20")),
    ]


def test_a_line_without_amount_and_key_is_named() -> None:
    def unclear(_: Subject, pricing: Pricing) -> list[CostLine]:
        return [
            CostLine(
                what="replica",
                kind=Kind.FIXED,
                quantity=None,
                unit="Hrs",
                price=Decimal(1),
                monthly=None,
                note="its size is not in the plan",
            )
        ]

    result = estimated(
        plan(change("aws_db_instance.a")), entries={"aws_db_instance": Entry(unclear)}
    )
    assert result.unknown == (
        "aws_db_instance.a: replica has no amount; its size is not in the plan",
    )


def tagged(value: str, **others: Any) -> dict[str, Any]:
    return {**SMALL, "tags_all": {"CostCenter": value, "Owner": "team"}, **others}


def test_sums_are_made_by_module_and_by_tag_and_fit_the_total() -> None:
    result = estimated(
        plan(
            change("aws_db_instance.data_one_0A1B2C3D", after=tagged("rag")),
            change("aws_db_instance.data_two_0A1B2C3D", "delete", before=tagged("old")),
            change("aws_db_instance.apart", "update", before=tagged("old"), after=tagged("rag")),
            change("aws_db_instance.bare", "no-op", before=SMALL),
        ),
        tags=("CostCenter", "Owner"),
    )
    one, two = Amount(fixed=SMALL_USD), Amount(fixed=SMALL_USD * 2)
    assert result.by_module == {
        "apart": AmountChange(before=one, after=one),
        "bare": AmountChange(before=one, after=one),
        "data": AmountChange(before=one, after=one),
    }
    assert result.by_tag == {
        "CostCenter=old": AmountChange(before=two),
        "CostCenter=rag": AmountChange(after=two),
        "Owner=team": AmountChange(before=two, after=two),
    }
    assert result.total.after == Amount(fixed=SMALL_USD * 3)


def test_tags_without_the_providers_defaults_count_as_well() -> None:
    item = change("aws_db_instance.a", after={**SMALL, "tags": {"CostCenter": "rag"}})
    assert list(estimated(plan(item)).by_tag) == ["CostCenter=rag"]


def test_a_plan_without_a_region_asks_for_one() -> None:
    item = change("aws_db_instance.a", after=SMALL)
    with pytest.raises(PipelineError) as caught:
        estimated(plan(item, region=None))
    assert str(caught.value) == "dev: the plan does not say its region; give --region"
    assert caught.value.status is Status.USAGE
    assert estimated(plan(item, region=None), region=REGION).total.after.total == SMALL_USD


def test_a_region_without_prices_is_refused_even_for_a_plan_that_costs_nothing() -> None:
    with pytest.raises(
        PipelineError, match="no prices for region 'mars-1'; there are ap-southeast-1"
    ):
        estimated(plan(region="mars-1"))


def test_usage_of_a_resource_that_is_not_in_the_plan_is_refused() -> None:
    stated = Usage(path=Path("usage.yml"), resources={"aws_lambda_function.g": {}})
    with pytest.raises(PipelineError, match=r"usage\.yml: \S+function\.g: no such resource"):
        estimated(plan(change("aws_lambda_function.f")), usage=stated)


def _pairs(count: int) -> Plan:
    """So many databases that change, each behind a proxy."""
    pairs = [
        item
        for number in range(count)
        for item in (
            change(
                f"aws_db_instance.a{number}",
                "update",
                before={**SMALL, "identifier": f"db-{number}"},
                after={**LARGE, "identifier": f"db-{number}"},
            ),
            change(
                f"aws_db_proxy_target.t{number}",
                "no-op",
                before={"db_instance_identifier": f"db-{number}"},
            ),
        )
    ]
    return plan(*pairs)


def test_ten_thousand_resources_are_priced_in_linear_time() -> None:
    thousand, ten_thousand = _pairs(500), _pairs(5_000)
    assert growth(lambda: estimated(thousand), lambda: estimated(ten_thousand)) < 40
    result = estimated(ten_thousand)
    assert len(result.resources) == 10_000
    assert result.total.before.fixed == 5_000 * (SMALL_USD + Decimal("29.20"))


def test_a_catalogue_that_was_used_before_tells_only_of_the_prices_of_this_plan() -> None:
    catalogue = Catalogue(
        [
            row("db.small", "Hrs", "0.10"),
            row("db.storage", "GB", "0.20", as_of="2026-06-30"),
            row("proxy.vcpu", "Hrs", "0.02", as_of="2024-01-01", from_aws="yes"),
        ]
    )
    behind = change("aws_db_proxy_target.t", "no-op", before=TARGET)
    database = change("aws_db_instance.a", after={**SMALL, "identifier": "main"})

    def taken(*items: Change) -> tuple[int, int, int | None]:
        found = estimate(
            plan(*items),
            catalogue=catalogue,
            entries=ENTRIES,
            free=FREE.get,
            today=date(2026, 7, 10),
        )
        return found.prices, found.prices_from_aws, found.price_age_days

    assert taken(database, behind) == (3, 1, 921)  # since the first day of 2024
    assert taken(database) == (2, 0, 190)  # since the first day of 2026
    assert taken() == (0, 0, None)


def test_stated_usage_that_no_price_takes_is_named() -> None:
    stated = Usage(
        defaults={
            "aws_iam_role": {"x": Decimal(1)},
            "aws_iam_user": {"x": Decimal(1)},
            "aws_new_thing": {"x": Decimal(1)},
        },
        resources={"aws_data_transfer.out": {"monthly_outbound_internet_gb": Decimal(9)}},
    )
    items = (change("aws_iam_role.r"), change("aws_new_thing.t"))
    result = estimated(plan(*items), usage=stated)
    assert result.unknown == (
        "aws_data_transfer: the stated usage is not in the total: it is of no resource",
        "aws_iam_role: the stated usage is not in the total: IAM is free",
    )


def test_of_several_stacks_the_prices_add_up_and_the_oldest_counts() -> None:
    missing = MissingPrice(type="aws_x", addresses=("aws_x.a",))
    stacks = [
        Estimate(
            total=AmountChange(),
            unpriced=(missing,),
            prices=number,
            prices_from_aws=1,
            price_age_days=age,
        )
        for number, age in ((2, 7), (3, 90), (0, None))
    ]
    found = together(stacks)
    assert (found.prices, found.prices_from_aws, found.price_age_days) == (5, 3, 90)
    assert found.unpriced == (MissingPrice(type="aws_x", addresses=("aws_x.a",) * 3),)
