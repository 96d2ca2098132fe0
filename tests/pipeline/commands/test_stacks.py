"""Environments of several stacks, from plan to apply: dev has two, staging is new, prod is guarded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator.gitlab.state import Job
from pipeline.errors import Status
from pipeline.plan.model import Action, Change, Plan
from pipeline.release import terraform
from pipeline.report.fingerprints import fingerprints
from tests.pipeline.commands.support import JOB, CommandLine, Ended, Merged, priced_plan
from tests.pipeline.gitlab import world
from tests.pipeline.release.support import PIPELINE

BEGIN = f"terraform apply begins: pipeline {PIPELINE}"
BROKEN = "!exit 3"


@pytest.fixture
def several(job: CommandLine) -> CommandLine:
    """Dev with two stacks, staging, and prod with two."""
    job.environments(
        dev=["dev", "web-dev"], staging=["staging"], prod=["account-prod", "prod", "web-prod"]
    )
    for name in ("dev", "web-dev", "staging", "account-prod", "prod", "web-prod"):
        job.stack(name, store="one", outputs={"api_url": f"https://{name}.example.com"})
    return job


def planned(job: CommandLine, *environments: str) -> dict[str, str]:
    """Seal plans; gives the fingerprint of each stack."""
    found: dict[str, str] = {}
    for name in environments:
        ended = job("plan", name, "--no-cost", "--seal")
        assert (ended.status, ended.err) == (Status.OK, "")
        found |= {each.name: each.fingerprint for each in job.report(f"reports/{name}.json").stacks}
    return found


def exists(job: CommandLine, stack: str) -> dict[str, Any]:
    """What a stack's state holds: name to value."""
    path = job.root / f"cdktf.out/stacks/{stack}/terraform.tfstate"
    if not path.exists():
        return {}
    return {
        each["name"]: each["instances"][0]["attributes"]["input"]["value"]
        for each in json.loads(path.read_text())["resources"]
    }


def review(merged: Merged, marks: dict[str, str]) -> None:
    """Let the note of the merge request show these fingerprints."""
    pairs = " ".join("=".join(pair) for pair in marks.items())
    text = f"<!-- mapvibe:plan {pairs} commit=abc pipeline=6000 -->\n"
    world.add_note(merged.gitlab, text, author=world.BOT)


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


# --- apply ---------------------------------------------------------------------------------------


def refused(job: CommandLine, merged: Merged, status: Status, *options: str) -> str:
    """Apply prod, which must be refused before any of its stacks is touched. Gives the line."""
    ended = job("apply", "prod", *options)
    assert ended.status == status
    assert BEGIN not in ended.out
    for stack in ("account-prod", "prod", "web-prod"):
        assert exists(job, stack) == {}
    note = merged.note("applied:prod")
    assert "### 🛑 prod: not applied" in note
    assert "Nothing was changed." in note
    return ended.line


def test_stacks_are_applied_in_order_and_told_apart(several: CommandLine, merged: Merged) -> None:
    marks = planned(several, "prod")
    review(merged, marks)
    ended = several("apply", "prod", "--as-reviewed")
    assert (ended.status, ended.err) == (Status.OK, "")
    assert ended.out.count(BEGIN) == 1
    assert ended.out.splitlines()[-3:] == [f"{name}: applied ({marks[name]})" for name in marks]
    note = merged.note("applied:prod")
    assert "### ✅ prod: applied, 3 stacks" in note
    assert (
        "- ✅ `prod/account-prod` applied (2 create)\n"
        "- ✅ `prod` applied (2 create)\n"
        "- ✅ `prod/web-prod` applied (2 create)\n"
    ) in note
    assert f"`prod/web-prod` `{marks['prod/web-prod']}`" in note
    # Of an output that several have, the first stack's counts.
    env = (several.root / "reports/prod.env").read_text()
    assert env == "API_URL=https://account-prod.example.com\n"


def test_the_first_stack_that_fails_is_the_last_that_is_touched(
    several: CommandLine, merged: Merged
) -> None:
    several.stack("prod", store="one", broken=BROKEN)
    planned(several, "prod")
    ended = several("apply", "prod")
    assert ended.status == Status.APPLY_FAILED
    assert ended.err.splitlines()[-1].endswith(
        "; applied before it: prod/account-prod; untouched: prod/web-prod"
    )
    assert exists(several, "account-prod")["store"] == "one"
    assert exists(several, "web-prod") == {}
    note = merged.note("applied:prod")
    assert "### ❌ prod: the apply failed on the way" in note
    assert (
        "- ✅ `prod/account-prod` applied (2 create)\n"
        "- ❌ `prod` failed\n"
        "- `prod/web-prod` untouched\n"
    ) in note
    merged.job(
        Job(
            id=JOB - 1,
            name="apply:dev",
            status="failed",
            started_at="2026-03-14T09:10:00.000Z",
            trace=ended.out,
        )
    )
    again = several("apply", "prod")
    assert again.status == Status.STALE_PLAN
    assert again.line.startswith("prod: this plan was already tried")
    assert BEGIN not in again.out
    assert merged.note("applied:prod") == note


def test_a_state_that_moved_on_after_another_stack_was_applied_is_a_failed_apply(
    several: CommandLine, merged: Merged
) -> None:
    planned(several, "dev")
    sealed = (several.root / "reports/web-dev.plan.sealed").read_bytes()
    assert several("apply", "dev").status == Status.OK
    planned(several, "dev")
    several.write("reports/web-dev.plan.sealed", sealed)
    ended = several("apply", "dev")
    assert ended.status == Status.APPLY_FAILED
    assert "the state changed since this plan was made" in ended.err.splitlines()[-1]
    note = merged.note("applied:dev")
    assert "- ✅ `dev` applied (no changes)\n- ❌ `dev/web-dev` failed" in note
    assert "Nothing was changed" not in note


@pytest.mark.parametrize(
    ("stack", "damage", "status"),
    [
        ("web-prod", "reports/web-prod.plan.sealed", Status.TAMPERED_PLAN),
        ("web-prod", "cdktf.out/stacks/web-prod/cdk.tf.json", Status.TAMPERED_PLAN),
        ("prod", "cdktf.out/stacks/prod/cdk.tf.json", Status.TAMPERED_PLAN),
    ],
)
def test_a_guard_that_refuses_the_last_stack_keeps_the_first_untouched(
    several: CommandLine, merged: Merged, stack: str, damage: str, status: Status
) -> None:
    planned(several, "prod")
    path = several.root / damage
    path.write_bytes(path.read_bytes() + b" ")
    assert stack in refused(several, merged, status)


def test_the_plan_of_another_stack_is_refused(several: CommandLine, merged: Merged) -> None:
    planned(several, "prod")
    reports = several.root / "reports"
    (reports / "web-prod.plan.sealed").write_bytes((reports / "prod.plan.sealed").read_bytes())
    line = refused(several, merged, Status.TAMPERED_PLAN)
    assert line.startswith("prod/web-prod: the saved plan is of stack prod;")


def test_all_plans_that_need_a_second_look_are_named_and_accepted_together(
    several: CommandLine, merged: Merged
) -> None:
    marks = planned(several, "prod")
    review(merged, {"prod": marks["prod"], "prod/web-prod": "aaaa"})
    line = refused(several, merged, Status.DIFFERENT_PLAN, "--as-reviewed")
    both = f"{marks['prod/account-prod']},{marks['prod/web-prod']}"
    assert "prod/account-prod: no reviewed plan was found" in line
    assert "prod/web-prod: reviewed was aaaa" in line
    assert line.endswith(f"press play with ACCEPT_PLAN={both}")
    several.set(ACCEPT_PLAN=marks["prod/web-prod"])
    line = refused(several, merged, Status.UNREVIEWED, "--as-reviewed")
    assert line.endswith(f"press play with ACCEPT_PLAN={both}")
    several.set(ACCEPT_PLAN=both)
    assert several("apply", "prod", "--as-reviewed").status == Status.OK


def test_data_is_lost_only_where_stack_and_address_are_named(
    several: CommandLine, merged: Merged, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at_risk(plan: Plan) -> list[Change]:
        stores = (change for change in plan.changes if change.address.endswith(".store"))
        return [change for change in stores if change.action is Action.CREATE]

    monkeypatch.setattr("pipeline.commands.apply.data_at_risk", at_risk)
    several.environments(prod=["prod", "web-prod"])
    planned(several, "prod")
    names = "prod:terraform_data.store,web-prod:terraform_data.store"
    assert f"ALLOW_DATA_LOSS={names}" in refused(several, merged, Status.DATA_LOSS)
    several.set(ALLOW_DATA_LOSS="terraform_data.store,web-prod:terraform_data.store")
    refused(several, merged, Status.DATA_LOSS)
    several.set(ALLOW_DATA_LOSS=names)
    assert several("apply", "prod").status == Status.OK


# --- credentials ---------------------------------------------------------------------------------


@pytest.fixture
def signed_in(several: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Notes with which role Terraform changes each stack."""
    found: list[str] = []
    real = terraform.apply

    def apply(folder: Any, plan_file: Any, *, env: Any) -> None:
        token = Path(env["AWS_WEB_IDENTITY_TOKEN_FILE"]).read_text()
        strangers = [name for name in env if name.startswith(("AWS_ID_TOKEN", "AWS_ROLE_ARN_"))]
        found.append(f"{folder.name}: {env['AWS_ROLE_ARN']} {token} {strangers}")
        real(folder, plan_file, env=env)

    monkeypatch.setattr(terraform, "apply", apply)
    several.set(AWS_ID_TOKEN="plan-or-own", AWS_ROLE_ARN="role-own")
    yield found
    for name in ("AWS_ID_TOKEN_WEB", "AWS_ROLE_ARN_WEB"):
        monkeypatch.delenv(name, raising=False)


def apply_dev(job: CommandLine) -> Ended:
    planned(job, "dev")
    return job("apply", "dev")


def test_each_stack_is_applied_with_its_own_role(
    several: CommandLine, merged: Merged, signed_in: list[str]
) -> None:
    several.set(AWS_ID_TOKEN_WEB="of-web", AWS_ROLE_ARN_WEB="role-web")
    assert apply_dev(several).status == Status.OK
    assert signed_in == ["dev: role-own plan-or-own []", "web-dev: role-web of-web []"]


def test_a_role_that_is_missing_stops_before_the_first_stack(
    several: CommandLine, merged: Merged, signed_in: list[str]
) -> None:
    several.set(AWS_ID_TOKEN_WEB="of-web")
    ended = apply_dev(several)
    assert ended.status == Status.USAGE
    assert ended.line.startswith("dev/web-dev: AWS_ROLE_ARN_WEB is not set")
    assert signed_in == []
