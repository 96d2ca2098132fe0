"""Environments of several stacks in plan, report, comment, compare and drift."""

from __future__ import annotations

import json

import pytest

from emulator.gitlab.state import Job
from pipeline.errors import Status
from pipeline.report.fingerprints import fingerprints
from tests.pipeline.commands.stacks import planned, review
from tests.pipeline.commands.support import CommandLine, Merged, priced_plan
from tests.pipeline.gitlab import world

# --- plan ----------------------------------------------------------------------------------------


def test_an_environment_is_planned_stack_by_stack_in_order(several: CommandLine) -> None:
    ended = several("plan", "prod", "--no-cost", "--seal")
    assert (ended.status, ended.err) == (Status.OK, "")
    assert ended.out.startswith("OK  Plan: prod +6\n")
    report = several.report("reports/prod.json")
    assert [each.name for each in report.stacks] == ["prod/account-prod", "prod", "prod/web-prod"]
    assert len({each.fingerprint for each in report.stacks}) == 3
    assert {path.name for path in (several.root / "reports").glob("*.sealed")} == {
        "account-prod.plan.sealed",
        "prod.plan.sealed",
        "web-prod.plan.sealed",
    }
    widget = json.loads((several.root / "reports/prod.widget.json").read_text())
    assert widget == {"create": 6, "update": 0, "delete": 0}


def test_one_stack_alone_can_be_planned_but_not_sealed(several: CommandLine) -> None:
    ended = several("plan", "dev/web-dev", "--no-cost")
    assert (ended.status, ended.err) == (Status.OK, "")
    assert [each.name for each in several.report("reports/dev.json").stacks] == ["dev/web-dev"]
    line = several.refused(Status.USAGE, "plan", "dev/web-dev", "--no-cost", "--seal")
    assert line == "--seal: keeps the plans of all stacks together; give dev alone"


def test_the_budget_of_all_stacks_is_left_out_where_one_is_planned(several: CommandLine) -> None:
    several.write("budgets.yml", "dev: {monthly: {fail: 0}}")
    ended = several("plan", "dev/web-dev", "--budgets", "budgets.yml", "--region", "ap-southeast-1")
    assert ended.status == Status.OK, ended.err
    assert ended.out.endswith("dev: its budget counts all its stacks, and was left out\n")


def test_a_stack_that_cannot_be_planned_does_not_hide_the_others(several: CommandLine) -> None:
    several.stack("dev", store="${terraform_data.missing.output}")
    ended = several("plan", "dev", "--no-cost")
    assert ended.status == Status.FAILED
    first, second = several.report("reports/dev.json").stacks
    assert first.failure.startswith("terraform plan in cdktf.out/stacks/dev: ")
    assert (second.failure, second.counts.create) == ("", 2)
    note = (several.root / "reports/dev.md").read_text()
    assert "dev `+2, 1 of 2 stacks without a plan`" in note
    assert "`dev` has no plan: terraform plan" in note
    assert fingerprints(note) == {"dev/web-dev": second.fingerprint}
    assert not (several.root / "reports/dev.widget.json").exists()


@pytest.mark.parametrize("command", ["plan", "drift", "apply"])
def test_an_unknown_environment_is_one_line(several: CommandLine, command: str) -> None:
    line = several.refused(Status.USAGE, command, "test")
    assert line == "no environment 'test' with a stack; there are: dev, staging, prod"


# --- report --------------------------------------------------------------------------------------


def test_a_report_takes_stacks_of_environments(pipeline: CommandLine) -> None:
    pipeline.write("budgets.yml", "dev: {monthly: {fail: 1.5}}\ndefault: {}\n")
    plans = [
        word
        for name in ("dev", "staging", "dev/web-dev")
        for word in pipeline.plan(name, priced_plan())
    ]
    ended = pipeline("report", *plans, "--budgets", "budgets.yml", "--json", "out.json")
    assert ended.status == Status.BUDGET
    # Each stack costs 1 USD; the budget counts both.
    assert "dev: monthly cost 2.00 USD is above the limit of 1.5 USD" in ended.line
    assert "dev/web-dev aws_kms_key.main 0.00 → 1.00 (+1.00)" in ended.line
    assert "write dev.monthly.fail: 2 in budgets.yml" in ended.line
    report = pipeline.report("out.json")
    assert [each.name for each in report.environments] == ["dev", "staging"]
    assert [each.name for each in report.stacks] == ["dev", "dev/web-dev", "staging"]
    assert "no budget of its own in budgets.yml" in report.environments[1].budget_note


def test_a_stack_without_usage_of_its_own_takes_the_default(pipeline: CommandLine) -> None:
    plan = pipeline.plan("staging", priced_plan())[:2]
    ended = pipeline("report", *plan, "--markdown", "out.md")
    assert ended.status == Status.OK
    note = (pipeline.root / "out.md").read_text()
    assert "usage as " in note
    assert "usage/default.yml assumes it, as there is no staging.yml beside it" in note
    assert "no budget of its own in " in note


@pytest.mark.parametrize(
    ("plans", "words"),
    [
        (["dev/web-dev=a", "dev/web-dev=b"], "--plan: 'dev/web-dev' is there twice"),
        (["dev=a", "dev/dev=b"], "--plan: 'dev' is there twice"),
        (["dev/=a"], "'dev/=a' is not NAME=FILE"),
        (["/dev=a"], "'/dev=a' is not NAME=FILE"),
        (["dev/a/b=a"], "'dev/a/b=a' is not NAME=FILE"),
    ],
)
def test_names_that_make_no_sense(pipeline: CommandLine, plans: list[str], words: str) -> None:
    given = [word for plan in plans for word in ("--plan", plan)]
    ended = pipeline("report", *given)
    assert ended.status == Status.USAGE
    assert words in ended.err.splitlines()[-1]


# --- comment and compare -------------------------------------------------------------------------


def test_one_comment_shows_all_stacks_of_all_environments(
    several: CommandLine, merged: Merged
) -> None:
    marks = planned(several, "dev", "prod")
    merged.change(state="opened")
    several.set(CI_MERGE_REQUEST_IID=world.IID)
    assert several("comment").status == Status.OK
    note = merged.note("plan")
    assert fingerprints(note) == marks
    title = "## 🔴 Plan: dev `+4` · staging no plan · prod `+6`"
    assert title in note
    assert "- 🔴 `staging` has no plan: the job that plans it left no report" in note
    labels = [line.split("|")[1].strip() for line in note.splitlines() if line.startswith("| `")]
    assert labels == [
        "`dev (2 stacks)`",
        "`dev`",
        "`dev/web-dev`",
        "`staging`",
        "`prod (3 stacks)`",
        "`prod/account-prod`",
        "`prod`",
        "`prod/web-prod`",
    ]


def test_without_a_synthesis_the_failed_jobs_are_told(job: CommandLine, merged: Merged) -> None:
    (job.root / "cdktf.out/environments.json").unlink()
    merged.change(state="opened")
    merged.job(Job(id=5, name="synth", stage="validate", status="failed"))
    job.set(CI_MERGE_REQUEST_IID=world.IID)
    assert job("comment").status == Status.OK
    assert "## 🔴 Plan: none · 1 job failed" in merged.note("plan")


def test_every_stack_is_compared(several: CommandLine, merged: Merged) -> None:
    marks = planned(several, "dev", "staging")
    review(merged, {**marks, "dev/web-dev": "aaaa"})
    ended = several("compare")
    assert ended.status == Status.DIFFERENT_PLAN
    assert ended.out.splitlines()[1:] == [
        f"dev: same ({marks['dev']})",
        f"dev/web-dev: different ({marks['dev/web-dev']})",
        f"staging: same ({marks['staging']})",
    ]
    assert ended.line.startswith("dev/web-dev: reviewed was aaaa, to be applied is ")


def test_a_report_that_lacks_a_stack_is_no_comparison(several: CommandLine, merged: Merged) -> None:
    several("plan", "dev/web-dev", "--no-cost")
    line = several.refused(Status.FAILED, "compare")
    assert line.startswith("dev: has no plan to compare: it is not in reports/dev.json")


# --- drift ---------------------------------------------------------------------------------------


def test_every_stack_is_looked_at_for_drift(several: CommandLine) -> None:
    ended = several("drift", "dev")
    assert (ended.status, ended.err) == (Status.OK, "")
    assert ended.out.splitlines()[-2:] == [
        "dev: no drift; 2 changes and 2 outputs to be applied",
        "dev/web-dev: no drift; 2 changes and 2 outputs to be applied",
    ]
