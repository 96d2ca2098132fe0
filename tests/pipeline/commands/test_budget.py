"""A budget that fails says what grew and what to write: here dev with the NAT gateway it may have."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pipeline.commands.assemble import BUDGETS, Costs, environment_report, refuse, stack_report
from pipeline.cost.budgets import load_budgets
from pipeline.cost.model import Level
from pipeline.errors import PipelineError, Status
from pipeline.plan.model import Plan
from pipeline.report.markdown import render
from pipeline.report.model import EnvironmentReport, Report
from tests.pipeline.cost.pricers.stacks import subjects
from tests.pipeline.plans import change, plan
from tests.support.stacks import rag_stack


def stack(**changes: Any) -> Mapping[str, Any]:
    """Address to resource of dev."""
    return {each.address: each for each in subjects(rag_stack("dev", **changes))}


def created(name: str) -> Plan:
    """The plan that makes an environment called staging of another one's settings."""
    found = subjects(rag_stack(name))
    changes = [change(each.address, "create", None, each.values) for each in found]
    references = {each.address: each.references for each in found}
    return plan(*changes, stack="staging", references=references)


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_a_further_environment_has_usage_and_budget_by_default(name: str) -> None:
    stack_of = stack_report(created(name), Costs())
    assert stack_of.estimate is not None
    assert (stack_of.estimate.unstated, stack_of.estimate.unpriced) == ((), ())
    assert "usage/default.yml assumes it" in stack_of.estimate.source
    report = environment_report("staging", [stack_of], load_budgets(BUDGETS))
    assert [each.level for each in report.budgets if each.level is Level.FAIL] == []
    assert report.budget_note.startswith("no budget of its own in pipeline/budgets.yml")
    assert "no budget of its own" in render(Report(environments=(report,)))


@pytest.fixture(scope="module")
def with_nat() -> Plan:
    """The plan that gives a deployed dev one NAT gateway."""
    before, after = stack(), stack(rag__network__nat="single")
    changes = [
        change(
            address,
            "no-op" if address in before else "create",
            before[address].values if address in before else None,
            resource.values,
        )
        for address, resource in after.items()
    ]
    return plan(*changes, references={name: each.references for name, each in after.items()})


@pytest.fixture
def report(with_nat: Plan) -> EnvironmentReport:
    return environment_report("dev", [stack_report(with_nat, Costs())], load_budgets(BUDGETS))


def test_what_grew_and_the_figure_to_write_are_named(report: EnvironmentReport) -> None:
    with pytest.raises(PipelineError) as caught:
        refuse([report])
    assert caught.value.status is Status.BUDGET
    line = str(caught.value)
    assert "\n" not in line
    assert line.startswith("dev: increase 54.")
    assert " % is above the limit of 50 %: " in line
    assert re.search(r"fixed [\d.]+ → [\d.]+ \(\+46\.82\); what grew most: aws_nat_gateway\.", line)
    assert "0.00 → 43.07 (+43.07), aws_eip." in line
    assert line.endswith(
        "; lower the cost, or if it is meant write dev.increase_percent.fail: 55 in "
        "pipeline/budgets.yml"
    )


def test_the_comment_says_the_same(report: EnvironmentReport) -> None:
    note = render(Report(environments=(report,)))
    part = note[note.index("### Budgets and prices") : note.index("### Cost detail")]
    assert "- 🔴 `dev` budget fails: increase 54." in part
    assert "what grew most: `aws_nat_gateway." in part
    assert "dev.increase\\_percent.fail: 55 in pipeline/budgets.yml" in part


def test_the_figure_that_it_names_is_enough(with_nat: Plan, tmp_path: Path) -> None:
    text = BUDGETS.read_text()
    raised = tmp_path / "budgets.yml"
    raised.write_text(
        text.replace(
            "increase_percent: { warn: 15, fail: 50 }", "increase_percent: { fail: 55 }", 1
        )
    )
    report = environment_report("dev", [stack_report(with_nat, Costs())], load_budgets(raised))
    assert [each.level for each in report.budgets if each.level is Level.FAIL] == []
    refuse([report])
