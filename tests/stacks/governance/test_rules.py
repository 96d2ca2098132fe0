"""Rules of the guard rails: each is broken once."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from environments.rules import broken_between
from pipeline.cost.budgets import load_budgets
from stacks.errors import ConfigurationError
from stacks.governance import budgets
from tests.support.mistakes import assert_told, lines_for
from tests.support.stacks import settings

ROOT = Path(__file__).resolve().parents[3]

MONITOR = "arn:aws:ce::111122223333:anomalymonitor/11111111-2222-3333-4444-555555555555"

CENTER = {"instance_arn": "arn:aws:sso:::instance/ssoins-0123456789abcdef"}

BROKEN: list[tuple[str, dict[str, Any], str, str]] = [
    # environment, change, beginning of the line, part of the remedy
    ("dev", {"governance__budgets__monthly_usd": 151}, "governance.budgets.monthly_usd=151: pipeline/budgets.yml refuses what is estimated above 150", "lower it"),
    ("dev", {"rag": None}, "governance.budgets: tells the topics of the RAG system", "set governance.budgets to None"),
    ("dev", {"rag": None}, "governance.anomalies: tells the topics of the RAG system", "set governance.anomalies to None"),
    ("dev", {"governance__budgets__daily_usd": 151}, "governance.budgets.daily_usd=151: more than the 150 of a month", "lower it"),
    ("dev", {"governance__budgets__action": {"roles": ()}}, "governance.budgets.action.roles=()", "name a role or a group"),
    ("dev", {"governance__people__users__developers": ("anna", "Anna")}, "governance.people.users: Anna and anna are the same name to IAM", "write it in one way"),
    ("dev", {"governance__people__users__developers": ("anna",), "governance__people__identity_center": CENTER}, "governance.people.users=anna: people sign in by Identity Center", "remove the users"),
    ("prod", {"governance__anomalies__monitor_arn": MONITOR}, "governance.anomalies.monitor_arn=arn:aws:ce::111122223333:", "write one of 444455556666"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "changes", "beginning", "remedy"), BROKEN, ids=lambda v: str(v)[:50]
)
def test_a_broken_rule_names_field_value_and_remedy(
    name: str, changes: dict[str, Any], beginning: str, remedy: str
) -> None:
    assert_told(name, changes, beginning, remedy)


def test_as_much_as_the_pipeline_allows_is_fine() -> None:
    assert lines_for("dev", {"governance__budgets__monthly_usd": 150}) == []


def test_no_limit_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stacks.governance.rules.refused_above", lambda _name: None)
    assert_told(
        "dev", {}, "governance.budgets.monthly_usd=None: pipeline/budgets.yml has no", "set"
    )


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_the_limit_is_that_of_merge_requests(name: str) -> None:
    monthly = load_budgets(ROOT / budgets.BUDGETS).of(name).monthly
    assert monthly is not None
    assert budgets.refused_above(name) == monthly.fail


def test_an_environment_without_an_entry_takes_the_default() -> None:
    assert budgets.refused_above("staging") == Decimal(1200)


def test_a_file_that_is_wrong_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "budgets.yml"
    path.write_text("dev: {monthly: {fail: many}}")
    with pytest.raises(ConfigurationError, match=r"budgets.yml: dev.monthly.fail: ") as caught:
        budgets.refused_above("dev", path)
    assert "\n" not in str(caught.value)
    path.write_text("dev: {}")
    assert budgets.refused_above("dev", path) is None


@pytest.mark.parametrize(
    ("changes", "field", "mended"),
    [
        ({}, "budgets.whole_account=True", {"budgets__whole_account": False}),
        ({}, "anomalies.monitor_arn=None", {"anomalies__monitor_arn": MONITOR}),
        (
            {"cost_allocation_tags": True},
            "cost_allocation_tags=True",
            {"cost_allocation_tags": False},
        ),
    ],
)
def test_an_account_has_it_once(
    changes: dict[str, Any], field: str, mended: dict[str, Any]
) -> None:
    """Two environments may share an account, which has one bill."""
    dev = settings("dev", **_of_governance(changes))
    twin = {"account_id": dev.account_id, "rag": None, "delivery": None}

    def told(values: dict[str, Any]) -> list[str]:
        other = settings("prod", **twin, **_of_governance(values))
        return [line for environment, line in broken_between([dev, other]) if field in line]

    (line,) = told(changes)
    assert line.startswith(f"governance.{field}: ")
    assert "111122223333" in line
    assert "dev" in line
    assert told({**changes, **mended}) == []
    assert broken_between([dev, settings("prod", **_of_governance(changes))]) == []


def _of_governance(changes: dict[str, Any]) -> dict[str, Any]:
    return {f"governance__{field}": value for field, value in changes.items()}
