"""Rules of the guard rails: each is broken once."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipeline.cost.budgets import load_budgets
from stacks.errors import ConfigurationError
from stacks.governance import budgets
from tests.support.mistakes import assert_told, lines_for

ROOT = Path(__file__).resolve().parents[3]

BROKEN: list[tuple[str, dict[str, Any], str, str]] = [
    # environment, change, beginning of the line, part of the remedy
    ("dev", {"governance__budgets__monthly_usd": 151}, "governance.budgets.monthly_usd=151: pipeline/budgets.yml refuses what is estimated above 150", "lower it"),
    ("dev", {"rag": None}, "governance.budgets: tells the topics of the RAG system", "set governance.budgets to None"),
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
