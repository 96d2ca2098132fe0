"""An environment of several stacks is applied in order, each with its role, or not at all."""

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
from tests.pipeline.commands.stacks import planned, review
from tests.pipeline.commands.support import JOB, CommandLine, Ended, Merged
from tests.pipeline.release.support import PIPELINE

BEGIN = f"terraform apply begins: pipeline {PIPELINE}"
BROKEN = "!exit 3"


def exists(job: CommandLine, stack: str) -> dict[str, Any]:
    """What a stack's state holds: name to value."""
    path = job.root / f"cdktf.out/stacks/{stack}/terraform.tfstate"
    if not path.exists():
        return {}
    return {
        each["name"]: each["instances"][0]["attributes"]["input"]["value"]
        for each in json.loads(path.read_text())["resources"]
    }


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
