"""Every kind of resource costs what a person works out from the price list."""

from __future__ import annotations

import pytest

from pipeline.cost.pricing import Pricing
from tests.pipeline.cost.pricers import (
    cases_analytics,
    cases_compute,
    cases_data,
    cases_databases,
    cases_edge,
    cases_network,
    cases_operations,
    cases_scaling,
    cases_serverless,
    cases_services,
    cases_storage,
)
from tests.pipeline.cost.pricers.support import (
    CATALOGUE,
    REGION,
    Case,
    monthly,
    priced,
    resource,
)

CASES = (
    *cases_compute.CASES,
    *cases_data.CASES,
    *cases_edge.CASES,
    *cases_analytics.CASES,
    *cases_data.CASES,
    *cases_databases.CASES,
    *cases_network.CASES,
    *cases_operations.CASES,
    *cases_scaling.CASES,
    *cases_serverless.CASES,
    *cases_storage.CASES,
    *cases_services.CASES,
)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_resource_costs_what_is_worked_out_by_hand(case: Case) -> None:
    assert monthly(case.lines()) == dict(case.monthly)


def test_a_line_of_usage_names_the_key_that_would_state_it() -> None:
    lines = next(c for c in CASES if c.name == "bucket-without-stated-usage").lines()

    assert [line.usage_key for line in lines] == [
        "standard.storage_gb",
        "standard.monthly_tier_1_requests",
        "standard.monthly_tier_2_requests",
    ]
    assert {line.kind.value for line in lines} == {"usage"}


def test_a_second_trail_copies_what_the_first_has_for_nothing() -> None:
    trails = (resource("aws_cloudtrail.a"), resource("aws_cloudtrail.b"))
    pricing = Pricing(trails, region=REGION, catalogue=CATALOGUE)

    assert [monthly(list(priced(trail, pricing))) for trail in trails] == [
        {},
        {"management events": None},
    ]


def test_what_is_assumed_is_said() -> None:
    notes = {
        (case.name, line.what): line.note for case in CASES for line in case.lines() if line.note
    }

    assert notes[("proxy-without-a-target", "proxy")] == (
        "no database found behind it: the least that is billed, 2 vCPU"
    )
    assert notes[("proxy-of-four-vcpus", "proxy")] == "4 vCPU of the database behind it"
    assert notes[("rds-multi-az-with-everything", "storage gp3")] == (
        "may grow to 500 GB by itself"
    )
    assert notes[("key", "key")] == "each of its first two rotations adds as much"
    assert notes[("function-arm-with-models", "duration")] == "1500 ms a request"
    assert notes[("interface-endpoint-by-associations", "interface endpoint")] == "in 2 subnet(s)"
