"""Budgets: what exceeds them, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.cost.budgets import Budgets, load_budgets
from pipeline.cost.model import Amount, AmountChange, BudgetVerdict, Level
from pipeline.errors import PipelineError, Status

FILE = """\
dev:
  monthly: {warn: 150, fail: 300}
  increase: {warn: 20.5, fail: 50}
  increase_percent: {warn: 10, fail: 25}
prod:
  monthly: {fail: 1000}
none: {}
"""


def loaded(folder: Path, text: str = FILE) -> Budgets:
    path = folder / "budgets.yml"
    path.write_text(text)
    return load_budgets(path)


def total(before: str, after: str, *, usage: str = "0") -> AmountChange:
    return AmountChange(
        before=Amount(fixed=Decimal(before)),
        after=Amount(fixed=Decimal(after), usage=Decimal(usage)),
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("100", "100", []),
        ("100", "90", []),
        ("400", "400", ["fail: monthly cost 400.00 USD is above the limit of 300 USD"]),
        ("290", "300", ["warn: monthly cost 300.00 USD is above the limit of 150 USD"]),
        ("149", "150", []),
        ("140", "140.01", []),
        ("150", "150.001", ["warn: monthly cost 150.001 USD is above the limit of 150 USD"]),
        (
            "100",
            "121",
            [
                "warn: monthly increase 21.00 USD is above the limit of 20.5 USD",
                "warn: increase 21.00 % is above the limit of 10 %",
            ],
        ),
        ("100", "110", []),
        ("100", "125", [
            "warn: monthly increase 25.00 USD is above the limit of 20.5 USD",
            "warn: increase 25.00 % is above the limit of 10 %",
        ]),
        ("1", "2", ["fail: increase 100.00 % is above the limit of 25 %"]),
        ("0", "60", []),
    ],
)  # fmt: skip
def test_what_is_above_a_limit_is_named_with_figure_and_limit(
    before: str, after: str, expected: list[str], tmp_path: Path
) -> None:
    verdicts = loaded(tmp_path).exceeded("dev", total(before, after))
    assert [f"{verdict.level}: {verdict.text}" for verdict in verdicts] == expected


def test_stated_usage_counts(tmp_path: Path) -> None:
    verdicts = loaded(tmp_path).exceeded("prod", total("900", "900", usage="100.01"))
    assert verdicts == (
        BudgetVerdict(
            level=Level.FAIL,
            text="monthly cost 1000.01 USD is above the limit of 1000 USD",
            remedy=f"prod.monthly.fail: 1001 in {tmp_path}/budgets.yml",
        ),
    )


def test_an_environment_without_a_budget_takes_the_default(tmp_path: Path) -> None:
    budgets = loaded(tmp_path, "dev: {}\ndefault: {monthly: {warn: 40, fail: 50.5}}\n")
    (verdict,) = budgets.exceeded("staging", total("0", "51"))
    assert verdict.text == "monthly cost 51.00 USD is above the limit of 50.5 USD"
    assert verdict.remedy == (
        f"staging.monthly.fail: 51 in {tmp_path}/budgets.yml, in a copy of 'default'"
    )
    assert budgets.takes_default("staging") == (
        f"no budget of its own in {tmp_path}/budgets.yml: the limits of 'default' are taken"
    )
    assert budgets.exceeded("dev", total("0", "51")) == ()
    assert budgets.takes_default("dev") == ""


def test_an_environment_may_have_no_limit(tmp_path: Path) -> None:
    assert loaded(tmp_path).exceeded("none", total("0", "1000000")) == ()


def test_an_environment_without_a_budget_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PipelineError) as caught:
        loaded(tmp_path).exceeded("live", total("0", "0"))
    assert str(caught.value) == (
        f"{tmp_path}/budgets.yml: no budget for 'live', there are: dev, prod, none; add it, or "
        "'live: {}' for no limit, or 'default' for every environment"
    )
    assert caught.value.status is Status.BAD_SETTINGS


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("dev: {monthly: {warn: 5, fail: 3}}", "dev.monthly: warn 5 is above fail 3",
                     id="order"),
        pytest.param("dev: {monthly: {}}", "dev.monthly: has no figure", id="empty"),
        pytest.param("dev: {monthly: {warn: -1}}", "dev.monthly.warn: ", id="negative"),
        pytest.param("dev: {monthly: {warn: .nan}}", "dev.monthly.warn: ", id="nan"),
        pytest.param("dev: {monthly: {warn: true}}", "dev.monthly.warn: ", id="bool"),
        pytest.param("dev: {monthly: {warn: lots}}", "dev.monthly.warn: ", id="words"),
        pytest.param("dev: {monthly: {warm: 1}}", "dev.monthly.warm: Extra inputs", id="name"),
        pytest.param("dev: {yearly: {warn: 1}}", "dev.yearly: Extra inputs", id="limit"),
        pytest.param("dev: {monthly: 5}", "dev.monthly: ", id="number"),
        pytest.param("dev:", "dev: ", id="nothing"),
        pytest.param("dev: {}\ndev: {}", "line 2: key 'dev' is there twice", id="doubled"),
        pytest.param("[1]", "is not a mapping", id="list"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_in_one_line(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(PipelineError) as caught:
        loaded(tmp_path, text)
    assert f"budgets.yml: {message}" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.status is Status.BAD_SETTINGS
