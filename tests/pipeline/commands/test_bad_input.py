"""``report`` refuses what is wrong: one line, a status of its own, and nothing is written."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.commands import report
from pipeline.cost.catalogue import DEFAULT as CATALOGUE
from pipeline.errors import PipelineError, Status
from pipeline.plan import source
from tests.pipeline.commands.support import CommandLine, priced_plan

OUTPUTS = ("--markdown", "out.md", "--json", "out.json", "--widget", "out.widget.json")


def infracost(**changes: Any) -> dict[str, Any]:
    return {"version": "0.2", "currency": "USD", "projects": [], **changes}


def catalogue(change: Callable[[list[list[str]]], list[list[str]]]) -> str:
    with CATALOGUE.open(newline="") as file:
        rows = change(list(csv.reader(file)))
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def without_keys(rows: list[list[str]]) -> list[list[str]]:
    return [row for row in rows if not row[0].startswith("kms.")]


def doubled(rows: list[list[str]]) -> list[list[str]]:
    return [*rows, rows[1]]


BAD_PLANS: dict[str, tuple[object, tuple[str, ...]]] = {
    "empty": (b"", ("empty", "terraform show -json")),
    "blank": (b" \n\n", ("empty",)),
    "truncated": (b'{"format_version": "1.2", "resource_changes": [', ("truncated",)),
    "newer version": (priced_plan(format_version="2.0"), ("'2.0'", "1.x")),
    "no plan": ({"name": "mapvibe", "version": 3}, ("not a Terraform plan",)),
    "a list": ([1, 2], ("no JSON object",)),
    "a text": (b"Plan: 3 to add, 0 to change.", ("no JSON object",)),
    "binary": (b"PK\x03\x04\x14\x00", ("binary plan",)),
    "broken UTF-8": (b'{"format_version": "1.2", "terraform_version": "\xff"}', ("UTF-8",)),
    "errored": (priced_plan(errored=True), ("errored",)),
}


@pytest.mark.parametrize("name", BAD_PLANS)
def test_a_bad_plan(pipeline: CommandLine, name: str) -> None:
    content, words = BAD_PLANS[name]
    plan = pipeline.plan(content=content)
    line = pipeline.refused(Status.BAD_PLAN, "report", *plan, *OUTPUTS)
    assert line.startswith("dev.plan.json: ")
    for word in words:
        assert word in line


def test_a_huge_plan(pipeline: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "LARGEST_BYTES", 100)
    line = pipeline.refused(Status.BAD_PLAN, "report", *pipeline.plan(), *OUTPUTS)
    assert "above the limit of 100" in line


@pytest.mark.parametrize("name", ["missing.json", "."])
def test_a_plan_that_is_no_file(pipeline: CommandLine, name: str) -> None:
    line = pipeline.refused(Status.BAD_PLAN, "report", "--plan", f"dev={name}", *OUTPUTS)
    assert line.startswith(f"{name}: ")


@pytest.mark.parametrize("bad", ["dev", "prod"])
def test_one_bad_plan_of_two_leaves_nothing(pipeline: CommandLine, bad: str) -> None:
    plans = [
        word
        for name in ("dev", "prod")
        for word in pipeline.plan(name, b"" if name == bad else None)
    ]
    line = pipeline.refused(Status.BAD_PLAN, "report", *plans, *OUTPUTS)
    assert line.startswith(f"{bad}.plan.json: ")


BAD_SETTINGS: dict[str, tuple[tuple[str, ...], object, tuple[str, ...]]] = {
    "usage: wrong name": (
        ("--usage", "dev=file"),
        "version: 0.1\nresource_type_default_usage:\n  aws_kms_key:\n    monthly_request: 5\n",
        ("monthly_request", "monthly_requests"),
    ),
    "usage: wrong type": (
        ("--usage", "dev=file"),
        "version: 0.1\nresource_type_default_usage:\n  aws_kms_kee: {monthly_requests: 5}\n",
        ("aws_kms_kee",),
    ),
    "usage: stranger": (
        ("--usage", "dev=file"),
        "version: 0.1\nresource_usage:\n  aws_kms_key.mian: {monthly_requests: 5}\n",
        ("aws_kms_key.mian", "aws_kms_key.main"),
    ),
    "usage: negative": (
        ("--usage", "dev=file"),
        "version: 0.1\nresource_type_default_usage:\n  aws_kms_key: {monthly_requests: -5}\n",
        ("monthly_requests", "-5"),
    ),
    "usage: no YAML": (("--usage", "dev=file"), "a: [", ("file",)),
    "budgets: wrong name": (("--budgets", "file"), "dev: {weekly: {warn: 1}}", ("weekly",)),
    "budgets: negative": (("--budgets", "file"), "dev: {monthly: {warn: -1}}", ("monthly",)),
    "budgets: other environment": (("--budgets", "file"), "test: {}", ("'dev'", "test")),
    "budgets: a list": (("--budgets", "file"), "- dev", ("file",)),
    "catalogue: doubled row": (("--catalogue", "file"), catalogue(doubled), ("twice",)),
    "catalogue: empty": (("--catalogue", "file"), "", ("missing",)),
    "catalogue: binary": (("--catalogue", "file"), b"\xff\x00", ("cannot be read as CSV",)),
    "infracost: empty": (("--cost-from", "dev=file"), "", ("infracost",)),
    "infracost: other JSON": (("--cost-from", "dev=file"), {}, ("file",)),
    "infracost: newer": (("--cost-from", "dev=file"), infracost(version="9"), ("9",)),
    "infracost: no project": (("--cost-from", "dev=file"), infracost(), ("file",)),
    "policies: empty": (("--policies", "file"), "", ("python -m policies --json",)),
    "policies: other JSON": (("--policies", "file"), {"a": 1}, ("python -m policies --json",)),
    "policies: broken UTF-8": (
        ("--policies", "file"),
        b'[{"stack": "\xff"}]',
        ("python -m policies",),
    ),
    "policies: deep": (("--policies", "file"), '[{"x": ' + "[" * 100_000, ("python -m policies",)),
}


@pytest.mark.parametrize("name", BAD_SETTINGS)
def test_a_bad_file_beside_the_plan(pipeline: CommandLine, name: str) -> None:
    options, content, words = BAD_SETTINGS[name]
    pipeline.write("file", content)
    plan = pipeline.plan()[: 2 if "--usage" in options else 4]
    line = pipeline.refused(Status.BAD_SETTINGS, "report", *plan, *options, *OUTPUTS)
    for word in words:
        assert word in line


@pytest.mark.parametrize(
    "options",
    [
        ("--usage", "dev=file"),
        ("--budgets", "file"),
        ("--catalogue", "file"),
        ("--cost-from", "dev=file"),
        ("--policies", "file"),
        ("--policies", "good.json", "--policies-baseline", "file"),
    ],
    ids=lambda options: options[-2],
)
def test_a_file_that_is_missing(pipeline: CommandLine, options: tuple[str, ...]) -> None:
    pipeline.write("good.json", [])
    plan = pipeline.plan()[: 2 if "--usage" in options else 4]
    line = pipeline.refused(Status.BAD_SETTINGS, "report", *plan, *options, *OUTPUTS)
    assert line.startswith("file: ")
    assert "No such file" in line


@pytest.mark.parametrize("region", ["ap-southeast-9", "", "Singapore"])
def test_an_unknown_region(pipeline: CommandLine, region: str) -> None:
    plan = pipeline.plan(content=priced_plan(region=None))
    ended = pipeline("report", *plan, "--region", region, *OUTPUTS)
    assert ended.status in (Status.BAD_SETTINGS, Status.USAGE)
    assert "region" in ended.line
    assert pipeline.files() == pipeline.before


def test_a_plan_without_a_region_asks_for_one(pipeline: CommandLine) -> None:
    plan = pipeline.plan(content=priced_plan(region=None))
    line = pipeline.refused(Status.USAGE, "report", *plan, *OUTPUTS)
    assert line == "dev: the plan does not say its region; give --region"


ARGUMENTS: dict[str, tuple[tuple[str, ...], str]] = {
    "environment twice": (("--plan", "dev=plan.json", "--plan", "dev=plan.json"), "twice"),
    "usage of a stranger": (
        ("--plan", "dev=plan.json", "--usage", "prod=plan.json"),
        "no plan of 'prod', only of dev",
    ),
    "usage twice": (
        ("--plan", "dev=plan.json", "--usage", "dev=a", "--usage", "dev=b"),
        "--usage: 'dev' is there twice",
    ),
    "cost of a stranger": (
        ("--plan", "dev=plan.json", "--cost-from", "prod=plan.json"),
        "no plan of 'prod', only of dev",
    ),
    "cost from nowhere": (
        ("--plan", "dev=plan.json", "--no-cost", "--cost-from", "dev=plan.json"),
        "--no-cost",
    ),
    "baseline alone": (
        ("--plan", "dev=plan.json", "--policies-baseline", "plan.json"),
        "there is no --policies",
    ),
    "a name that no note can carry": (("--plan", "dev -->=plan.json", "--no-cost"), "characters"),
}


@pytest.mark.parametrize("name", ARGUMENTS)
def test_arguments_that_make_no_sense(pipeline: CommandLine, name: str) -> None:
    arguments, words = ARGUMENTS[name]
    pipeline.write("plan.json", priced_plan())
    assert words in pipeline.refused(Status.USAGE, "report", *arguments, *OUTPUTS)


UNREADABLE: dict[str, tuple[str, ...]] = {
    "no plan": ("report",),
    "without =": ("report", "--plan", "plan.json"),
    "without a name": ("report", "--plan", "=plan.json"),
    "without a file": ("report", "--plan", "dev="),
    "usage without =": ("report", "--plan", "dev=plan.json", "--usage", "usage.yml"),
    "unknown option": ("report", "--plan", "dev=plan.json", "--html", "out.html"),
    "shortened option": ("report", "--plan", "dev=plan.json", "--mark", "out.md"),
    "unknown command": ("reprot",),
    "no command": (),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_arguments_that_cannot_be_read(pipeline: CommandLine, name: str) -> None:
    pipeline.write("plan.json", priced_plan())
    ended = pipeline(*UNREADABLE[name])
    assert (ended.status, ended.out) == (Status.USAGE, "")
    lines = ended.err.splitlines()
    assert lines[0].startswith("usage: python -m pipeline")
    assert [line for line in lines if "error: " in line] == [lines[-1]]
    assert pipeline.files() == pipeline.before


@pytest.mark.parametrize("option", ["--markdown", "--json", "--widget"])
@pytest.mark.parametrize("place", ["file/out", "folder"])
def test_an_output_that_cannot_be_written(pipeline: CommandLine, option: str, place: str) -> None:
    plan = pipeline.plan()
    pipeline.write("file", "in the way")
    (pipeline.root / "folder").mkdir()
    line = pipeline.refused(Status.FAILED, "report", *plan, option, place)
    assert "cannot be written" in line
    assert str(Path(place).parts[0]) in line


def test_a_form_that_cannot_be_made_leaves_nothing_half_done(
    pipeline: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_report: object) -> bytes:
        raise PipelineError("half a character", Status.BAD_PLAN)

    monkeypatch.setattr(report, "encode", fail)
    line = pipeline.refused(Status.BAD_PLAN, "report", *pipeline.plan(), *OUTPUTS)
    assert line == "half a character"


def test_a_price_that_the_catalogue_lacks_is_named_and_the_report_is_written(
    pipeline: CommandLine,
) -> None:
    pipeline.write("prices.csv", catalogue(without_keys))
    ended = pipeline("report", *pipeline.plan(), "--catalogue", "prices.csv", *OUTPUTS)
    assert ended.status == Status.UNPRICED
    assert "dev: the estimator does not know the price of aws_kms_key" in ended.line
    assert "no price 'kms.key' for region ap-southeast-1" in ended.line
    assert "aws_kms_key" in (pipeline.root / "out.md").read_text()


def test_a_message_is_one_line_whatever_a_name_holds(pipeline: CommandLine) -> None:
    line = pipeline.refused(Status.BAD_PLAN, "report", "--plan", "dev=two\nlines\x1b[31m.json")
    assert line.startswith("two\\nlines\\u001b[31m.json: no such file")
