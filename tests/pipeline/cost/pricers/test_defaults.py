"""The usage and the budgets that come with the project fit its own stacks."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipeline.cost.budgets import Budget, load_budgets
from pipeline.cost.model import CostLine
from pipeline.cost.pricers import ENTRIES, USAGE_KEYS
from pipeline.cost.pricing import Pricing, Subject
from pipeline.cost.usage import Usage, load_usage
from tests.pipeline.cost.pricers.stacks import subjects
from tests.pipeline.cost.pricers.support import CATALOGUE, REGION
from tests.support.stacks import backend_stack, rag_stack

PIPELINE = Path(__file__).parents[4] / "pipeline"
ENVIRONMENTS = ("dev", "prod")


def usage_of(environment: str) -> Usage:
    return load_usage(PIPELINE / "usage" / f"{environment}.yml", known=USAGE_KEYS)


def budget_of(environment: str) -> Budget:
    return load_budgets(PIPELINE / "budgets.yml").by_environment[environment]


def lines(of: tuple[Subject, ...], environment: str) -> list[tuple[str, CostLine]]:
    pricing = Pricing(of, region=REGION, catalogue=CATALOGUE, usage=usage_of(environment))
    return [
        (subject.address, line)
        for subject in of
        if subject.type in ENTRIES
        for line in ENTRIES[subject.type].pricer(subject, pricing)
    ]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_address_of_a_usage_file_is_in_the_stack(environment: str) -> None:
    addresses = {address for address, _ in rag_stack(environment).everything()}

    assert sorted(set(usage_of(environment).resources) - addresses) == []


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize("stack", [rag_stack, backend_stack])
def test_all_usage_of_our_stacks_is_stated(environment: str, stack: Any) -> None:
    found = lines(subjects(stack(environment)), environment)

    assert found
    assert [(address, line.usage_key) for address, line in found if line.monthly is None] == []


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_stack_of_an_environment_is_within_its_budget(environment: str) -> None:
    found = lines(subjects(rag_stack(environment)), environment)
    total = sum((line.monthly or Decimal(0) for _, line in found), Decimal(0))
    monthly = budget_of(environment).monthly
    assert monthly is not None
    assert monthly.warn is not None

    # Neither exceeded on the first day nor so far away that it would never speak.
    assert monthly.warn / 2 < total < monthly.warn


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_budget_warns_before_it_fails(environment: str) -> None:
    budget = budget_of(environment)

    for limit in (budget.monthly, budget.increase, budget.increase_percent):
        assert limit is not None
        assert limit.warn is not None
        assert limit.fail is not None
        assert 0 < limit.warn < limit.fail


def test_another_model_in_the_settings_shows_as_a_difference() -> None:
    cheaper = lines(
        subjects(rag_stack("dev", rag__models__answer="apac.amazon.nova-micro-v1:0")), "dev"
    )
    as_it_is = lines(subjects(rag_stack("dev")), "dev")

    def bedrock(found: list[tuple[str, CostLine]]) -> dict[str, str]:
        return {
            line.what: f"{(line.monthly or Decimal(0)).normalize():f}"
            for _, line in found
            if line.usage_key.startswith("bedrock.ANSWER")
        }

    assert bedrock(as_it_is) == {
        "apac.amazon.nova-lite-v1:0, input tokens": "1.26",  # 20 x 0.063
        "apac.amazon.nova-lite-v1:0, output tokens": "0.6048",  # 2.4 x 0.252
    }
    assert bedrock(cheaper) == {
        "apac.amazon.nova-micro-v1:0, input tokens": "0.74",  # 20 x 0.037
        "apac.amazon.nova-micro-v1:0, output tokens": "0.3552",  # 2.4 x 0.148
    }
