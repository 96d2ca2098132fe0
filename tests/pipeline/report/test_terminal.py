"""The report on a terminal."""

from __future__ import annotations

import io
import re

import msgspec
import pytest
from rich.cells import cell_len
from rich.console import Console

from pipeline.cost.model import BudgetVerdict, Estimate, Level
from pipeline.plan.model import Action
from pipeline.report.model import (
    AttributeView,
    ChangeView,
    Counts,
    EnvironmentReport,
    JobFailure,
    PolicyFinding,
    Report,
    StackReport,
    Topic,
)
from pipeline.report.terminal import LISTED, show
from tests.pipeline.report.reports import (
    DATABASE,
    DEV,
    LAMBDA,
    SMALL,
    alone,
    amounts,
    change,
    everywhere,
    large,
    warning,
)
from tests.pipeline.report.test_hostile import HOSTILE


def shown(report: Report, *, width: int = 80, colours: bool = False) -> str:
    stream = io.StringIO()
    show(report, Console(width=width, file=stream, force_terminal=colours, no_color=not colours))
    return stream.getvalue()


def test_a_small_report_says_the_same_in_the_same_order_as_the_note() -> None:
    text = shown(SMALL)
    marks = [
        "DANGER  Plan: dev ~1 -/+1 · prod no changes · +56.21 USD a month",
        "1 data loss · 1 budget warning",
        "Created",
        "dev: 18.25 → 74.46 (+56.21)",
        "fixed 18.25 → 74.46 (+56.21)",
        "usage: depends on usage, 1 quantity not stated",
        "prod: 878.50 (unchanged)",
        "DANGER  Data is lost (1)",
        f"- dev {DATABASE}: is replaced",
        "dev budget warns: 74.46 USD a month is above 70.00 USD",
        "Cost of dev: 18.25 → 74.46 (+56.21) USD a month",
        "instance db.t4g.medium: 730 Hrs \u00d7 0.102: \u2013 → 74.46",
        "Project=mapvibe",
        "Plan of dev",
        f"-/+ {DATABASE}",
        "encrypted: false → true  # forces replacement",
        f"~ {LAMBDA}",
        "memory_size: 512 → 1024",
        "commit 9f31c2ab",
        "prod a00b19cd55e2f614",
    ]
    places = [text.find(mark) for mark in marks]
    assert -1 not in places, marks[places.index(-1)]
    assert places == sorted(places)


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("report", [SMALL, everywhere("a text " * 40), large(3)])
def test_no_line_is_wider_than_the_terminal(report: Report, width: int) -> None:
    text = shown(report, width=width)
    assert max(cell_len(line) for line in text.splitlines()) <= width


def test_an_address_is_not_broken_at_80_columns() -> None:
    address = "aws_cloudwatch_metric_alarm.rag_a_name_that_is_as_long_as_they_get_0B7712DD"
    line = f"  ~ {address}"
    assert DATABASE in shown(SMALL)
    (stack,) = large(1).stacks
    (one,) = stack.changes
    renamed = alone("dev", changes=(msgspec.structs.replace(one, address=address),))
    assert len(line) == 79
    assert line in shown(Report(environments=(renamed,))).splitlines()


def test_colours_add_nothing_but_colours() -> None:
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown(SMALL, colours=True))
    assert "\x1b[" in shown(SMALL, colours=True)
    assert plain == shown(SMALL)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_neither_colours_nor_moves_anything(text: str) -> None:
    out = shown(everywhere(text))
    assert "\x1b" not in out
    assert "\r" not in out
    assert "\u202e" not in out


@pytest.mark.parametrize("text", ["[red]a[/red]", "[/]", "[link=https://x]a", ":bomb:"])
def test_markup_is_text(text: str) -> None:
    assert text in shown(everywhere(text))


def test_failed_jobs_and_findings_without_a_baseline() -> None:
    report = Report(
        environments=(alone("dev", failure="no credentials"),),
        failures=(JobFailure(job="validate", url="https://x/1", text="3 errors"),),
        policies=(PolicyFinding(stack="dev", resource="b", check="CKV_1", text="Ensure"),),
    )
    text = shown(report)
    assert "- validate: 3 errors: https://x/1\n" in text
    assert "- dev has no plan: no credentials\n" in text
    assert "Not compared with the default branch" in text
    assert "- FAILED medium CKV_1 dev b: Ensure\n" in text


def test_an_empty_report_is_one_line() -> None:
    assert shown(Report()) == "OK  Plan: none\n"


def of(*changes: ChangeView) -> Report:
    return Report(environments=(alone("dev", changes=changes),))


def test_a_creation_is_a_line_and_a_change_shows_its_attributes() -> None:
    size = AttributeView(path="size", before=None, after="large")
    text = shown(
        of(change("aws_a.new", Action.CREATE, size), change("aws_a.old", Action.UPDATE, size))
    )
    assert text.count("size = large") == 1
    assert "+ aws_a.new" in text


def test_an_endless_list_is_cut_and_says_so() -> None:
    text = shown(of(*(change(f"aws_a.a{n}", Action.UPDATE) for n in range(LISTED + 7))))
    assert f"~ aws_a.a{LISTED - 1}\n" in text
    assert f"~ aws_a.a{LISTED}\n" not in text
    assert "  and 7 more: --markdown or --json has them all" in text


def test_several_stacks_are_told_apart() -> None:
    web = StackReport(
        name="dev/web-dev",
        fingerprint="c0ffee",
        counts=Counts(create=1),
        changes=(change("aws_a.new", Action.CREATE),),
        warnings=(warning(Topic.PUBLIC, "aws_a.new", "opens"),),
        estimate=Estimate(total=amounts(("0", "0"), ("2", "0"))),
    )
    both = EnvironmentReport(
        name="dev",
        stacks=(*DEV.stacks, web),
        budgets=(BudgetVerdict(level=Level.FAIL, text="too much", remedy="dev.monthly.fail: 77"),),
        budget_note="no budget of its own",
    )
    text = shown(Report(environments=(both,)), width=120)
    assert text.startswith("DANGER  Plan: dev +1 ~1 -/+1 · +58.21 USD a month\n")
    assert "dev (2 stacks): 18.25 → 76.46 (+58.21)\n" in text
    assert "dev: 18.25 → 74.46 (+56.21)\n" in text
    assert "dev/web-dev: 0.00 → 2.00 (+2.00)\n" in text
    assert "dev/web-dev aws_a.new: opens\n" in text
    assert "- dev budget fails: too much\n" in text
    assert "what grew most: dev" in text
    assert "dev: lower the cost, or if it is meant write dev.monthly.fail: 77\n" in text
    assert "- dev no budget of its own\n" in text
    assert "Plan of dev/web-dev\n" in text
    assert "fingerprints: dev 4be1c09f2a77d3e8, dev/web-dev c0ffee" in text


def test_the_age_of_the_prices_stands_last_and_is_warned_of() -> None:
    estimate = Estimate(total=amounts(), prices=4, prices_from_aws=1, price_age_days=200)
    part = alone("dev", counts=Counts(update=1), changes=DEV.stacks[0].changes, estimate=estimate)
    text = shown(Report(environments=(part,)), width=120)
    assert text.splitlines()[-1] == "prices up to 200 days old, 1 of 4 read from AWS itself"
    assert "prices are up to 200 days old, more than 180: run 'python -m pipeline prices" in text
