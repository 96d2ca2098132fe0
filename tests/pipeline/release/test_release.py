"""The whole way of a plan, with real Terraform: what was sealed is applied, or nothing is."""

from __future__ import annotations

import dataclasses
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import PipelineError, Status
from pipeline.plan.fingerprint import fingerprint
from pipeline.plan.model import Action, Change, Plan
from pipeline.plan.read import read_plan
from pipeline.release import release, terraform
from pipeline.release.compare import compare
from pipeline.release.release import Applied, Guards, Run, SealedStack, apply, prepare
from pipeline.release.seal import Header
from tests.pipeline.release.support import (
    COMMIT,
    KEY,
    NOW,
    OTHER_COMMIT,
    OTHER_KEY,
    PIPELINE,
    SECRET,
    ZIP,
    Stack,
)

RUN = Run(commit=COMMIT, pipeline_id=PIPELINE, now=NOW)
STORE = "terraform_data.store"


def at_risk(plan: Plan) -> tuple[Change, ...]:
    """Here ``terraform_data`` stands for what holds data."""
    lost = (Action.DELETE, Action.REPLACE)
    return tuple(change for change in plan.changes if change.action in lost)


def reviewed(_plans: Sequence[tuple[Plan, str]]) -> None:
    """A review that lets everything pass."""


GUARDS = Guards(
    max_age=timedelta(hours=24), at_risk=at_risk, allowed=(), review=reviewed, earlier_runs=0
)


class Release:
    """A stack, its sealed plan, and the machine's temporary folder."""

    def __init__(self, folder: Path, temporary: Path) -> None:
        self.stack = Stack(folder / "stacks" / "prod")
        self.sealed = folder / "report" / "prod.sealed"
        self.sealed.parent.mkdir()
        self.temporary = temporary
        self.begun: list[Any] = []
        """What was there each time that an apply began."""

    def plan(self, run: Run = RUN) -> Header:
        """The plan job."""
        plan_file = self.stack.plan(self.temporary / "plan.tfplan")
        shown = self.temporary / "plan.json"
        terraform.show_json(self.stack.folder, plan_file, shown)
        mark = fingerprint(read_plan(shown, stack="prod"))
        header = prepare(
            plan_file,
            folder=self.stack.folder,
            stack="prod",
            run=run,
            fingerprint=mark,
            key=KEY,
            to=self.sealed,
        )
        plan_file.unlink()
        shown.unlink()
        return header

    def apply(
        self, run: Run = RUN, key: Any = KEY, name: str = "prod", **guards: Any
    ) -> tuple[Applied, Mapping[str, Any]]:
        """The apply job."""
        (applied,), outputs = apply(
            [SealedStack(name=name, folder=self.stack.folder, sealed=self.sealed)],
            environment="prod",
            run=run,
            key=key,
            guards=dataclasses.replace(GUARDS, **guards),
            variables=os.environ,
            begin=self._begin,
        )
        return applied, outputs

    @contextmanager
    def _begin(self, envs: Sequence[Mapping[str, str]]) -> Iterator[None]:
        assert len(envs) == 1
        self.begun.append(self.stack.inputs())
        yield

    def refusal(self, *, by_terraform: bool = False, **arguments: Any) -> PipelineError:
        """Apply what must be refused, and see that nothing was touched."""
        before = self.stack.inputs()
        self.begun.clear()
        with pytest.raises(PipelineError) as caught:
            self.apply(**arguments)
        assert "\n" not in str(caught.value)
        assert self.stack.inputs() == before
        assert bool(self.begun) == by_terraform
        return caught.value


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Release]:
    """A release whose temporary folder is empty and nowhere of which the secret stays."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    found = Release(tmp_path, temporary)
    yield found
    assert list(temporary.iterdir()) == []
    allowed = {found.stack.folder / "cdk.tf.json", found.stack.folder / "terraform.tfstate"}
    holding = {
        path
        for path in tmp_path.rglob("*")
        if path.is_file() and (SECRET.encode() in path.read_bytes() or _is_plan(path))
    }
    assert {p for p in holding if not p.name.startswith("terraform.tfstate")} <= allowed


def _is_plan(path: Path) -> bool:
    """A plan file is a zip archive with a member ``tfplan``."""
    content = path.read_bytes()
    return content.startswith(b"PK") and b"tfplan" in content


def test_exactly_the_sealed_plan_is_applied(
    job: Release, capfd: pytest.CaptureFixture[str]
) -> None:
    header = job.plan()
    done, outputs = job.apply()
    assert job.stack.inputs() == {"store": "one"}
    assert job.begun == [{}], "said once, before anything is there"
    assert done.header == header
    assert [(change.address, change.action) for change in done.plan.changes] == [(STORE, "create")]
    assert outputs == {"stored": "store"}
    assert "Apply complete! Resources: 1 added" in capfd.readouterr().out


def test_the_header_says_where_the_plan_is_from(job: Release) -> None:
    header = job.plan()
    assert (header.stack, header.commit, header.pipeline_id) == ("prod", COMMIT, PIPELINE)
    assert header.created_at == NOW
    assert len(header.fingerprint) >= 12
    assert sorted(header.files) == [".terraform.lock.hcl", ZIP, "cdk.tf.json"]


def test_a_plan_file_inside_the_stack_is_not_among_its_files(job: Release) -> None:
    plan_file = job.stack.plan(job.stack.folder / "here.tfplan")
    header = prepare(
        plan_file,
        folder=job.stack.folder,
        stack="prod",
        run=RUN,
        fingerprint="x",
        key=KEY,
        to=job.sealed,
    )
    plan_file.unlink()
    assert sorted(header.files) == [".terraform.lock.hcl", ZIP, "cdk.tf.json"]


def test_a_sealed_file_in_the_stack_s_folder_is_refused(job: Release) -> None:
    to = job.stack.folder / "assets" / "prod.sealed"
    with pytest.raises(PipelineError, match="whose files the plan fixes; name a place") as caught:
        prepare(
            job.sealed,
            folder=job.stack.folder,
            stack="prod",
            run=RUN,
            fingerprint="x",
            key=KEY,
            to=to,
        )
    assert caught.value.status is Status.USAGE


def test_a_plan_is_stale_once_somebody_else_applied(job: Release) -> None:
    job.plan()
    before = (job.stack.folder / "cdk.tf.json").read_bytes()
    job.stack.write(other="two")
    job.stack.apply()
    (job.stack.folder / "cdk.tf.json").write_bytes(before)
    error = job.refusal(by_terraform=True)
    assert error.status is Status.STALE_PLAN
    assert str(error).endswith("the state changed since this plan was made; run a new pipeline")
    assert job.stack.inputs() == {"other": "two"}


@pytest.mark.parametrize(
    ("run", "status", "words"),
    [
        (dataclasses.replace(RUN, commit=OTHER_COMMIT), Status.STALE_PLAN, "is of commit 4f1c9a7e"),
        (dataclasses.replace(RUN, pipeline_id=7002), Status.STALE_PLAN, "is of pipeline 7001"),
        (
            dataclasses.replace(RUN, now=NOW + timedelta(hours=25)),
            Status.STALE_PLAN,
            "is 25 h 00 min old",
        ),
        (
            dataclasses.replace(RUN, now=NOW - timedelta(hours=1)),
            Status.STALE_PLAN,
            "in the future",
        ),
    ],
    ids=["commit", "pipeline", "age", "future"],
)
def test_a_plan_from_elsewhere_is_refused(
    run: Run, status: Status, words: str, job: Release
) -> None:
    job.plan()
    error = job.refusal(run=run)
    assert error.status is status
    assert words in str(error)


def test_a_plan_of_another_stack_is_refused(job: Release) -> None:
    job.plan()
    error = job.refusal(name="prod/web-prod")
    assert error.status is Status.TAMPERED_PLAN
    assert "prod/web-prod: the saved plan is of stack prod;" in str(error)


@pytest.mark.parametrize("position", [5, -1], ids=["header", "tag"])
def test_a_tampered_plan_is_refused(position: int, job: Release) -> None:
    job.plan()
    content = bytearray(job.sealed.read_bytes())
    content[position] ^= 1
    job.sealed.write_bytes(content)
    assert job.refusal().status is Status.TAMPERED_PLAN


def test_a_plan_sealed_with_another_key_is_refused(job: Release) -> None:
    job.plan()
    assert job.refusal(key=OTHER_KEY).status is Status.TAMPERED_PLAN


def test_another_zip_beside_the_plan_is_refused(job: Release) -> None:
    job.plan()
    (job.stack.folder / ZIP).write_bytes(b"other code")
    error = job.refusal()
    assert error.status is Status.TAMPERED_PLAN
    assert f"{ZIP}: changed;" in str(error)


def test_a_plan_that_does_not_do_what_its_fingerprint_says_is_refused(job: Release) -> None:
    plan_file = job.stack.plan(job.temporary / "plan.tfplan")
    prepare(
        plan_file,
        folder=job.stack.folder,
        stack="prod",
        run=RUN,
        fingerprint="f00",
        key=KEY,
        to=job.sealed,
    )
    plan_file.unlink()
    error = job.refusal()
    assert error.status is Status.TAMPERED_PLAN
    assert "and it was sealed as f00; run a new pipeline" in str(error)


def test_other_providers_than_the_locked_ones_are_refused(
    job: Release, capfd: pytest.CaptureFixture[str]
) -> None:
    """Here the lock file of the sealed plan names one that the stack does not use."""
    plan_file = job.stack.plan(job.temporary / "plan.tfplan")
    lock = 'provider "registry.terraform.io/hashicorp/null" {\n  version = "3.2.4"\n}\n'
    (job.stack.folder / ".terraform.lock.hcl").write_text(lock)
    prepare(
        plan_file,
        folder=job.stack.folder,
        stack="prod",
        run=RUN,
        fingerprint="x",
        key=KEY,
        to=job.sealed,
    )
    plan_file.unlink()
    assert "terraform init in" in str(job.refusal())
    assert "the lock\nfile is read-only" in capfd.readouterr().err


def test_losing_data_needs_the_exact_address(job: Release) -> None:
    job.stack.apply()
    job.stack.write(store="two")
    job.plan()
    for allowed in ((), ("terraform_data.*",), ("terraform_data.other",)):
        error = job.refusal(allowed=allowed)
        assert error.status is Status.DATA_LOSS
        assert f"{STORE} (replace)" in str(error)
    assert job.stack.inputs() == {"store": "one"}
    job.apply(allowed=(STORE,))
    assert job.stack.inputs() == {"store": "two"}


def test_a_name_that_is_not_at_risk_is_refused(job: Release) -> None:
    job.plan()
    assert job.refusal(allowed=(STORE,)).status is Status.DATA_LOSS


def test_another_plan_than_the_reviewed_one_needs_a_second_look(job: Release) -> None:
    header = job.plan()

    def review(accepted: str) -> Callable[[Sequence[tuple[Plan, str]]], None]:
        def raise_for(plans: Sequence[tuple[Plan, str]]) -> None:
            ((_, mark),) = plans
            found = compare({"prod": mark}, {"prod": "reviewed"}, accepted=accepted)
            found.raise_for("prod")

        return raise_for

    error = job.refusal(review=review(""))
    assert error.status is Status.DIFFERENT_PLAN
    assert f"press play with ACCEPT_PLAN={header.fingerprint}" in str(error)
    job.apply(review=review(header.fingerprint))
    assert job.stack.inputs() == {"store": "one"}


def test_a_second_try_is_refused(job: Release) -> None:
    job.plan()
    error = job.refusal(earlier_runs=1)
    assert error.status is Status.STALE_PLAN
    assert "this plan was already tried: run a new pipeline" in str(error)


def test_a_failed_apply_leads_to_a_new_plan(job: Release) -> None:
    """What it reached stays; the old plan is refused, and a new one goes on from there."""
    job.stack.write(provisioner="exit 3", store="one", other="two")
    job.plan()
    with pytest.raises(PipelineError) as caught:
        job.apply()
    assert caught.value.status is Status.APPLY_FAILED
    assert job.stack.inputs() == {"store": "one", "other": "two"}

    assert job.refusal(earlier_runs=1).status is Status.STALE_PLAN
    assert job.refusal(earlier_runs=0, by_terraform=True).status is Status.STALE_PLAN

    job.stack.write(store="one", other="two")
    job.plan()
    done, _ = job.apply(allowed=(STORE, "terraform_data.other"))
    assert {change.action for change in done.plan.changes} == {Action.REPLACE}


def test_an_empty_plan_applies_and_changes_nothing(job: Release) -> None:
    job.stack.apply()
    job.plan()
    done, _ = job.apply()
    assert done.plan.changed == ()
    assert job.stack.inputs() == {"store": "one"}


GUARD_NAMES = ["unseal", "check", "read_plan", "_check_fingerprint", "refuse_data_loss"]


@pytest.mark.parametrize("guard", [*GUARD_NAMES, "refuse_second_try"])
def test_terraform_applies_nothing_when_a_guard_fails_in_an_unforeseen_way(
    guard: str, job: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: Any, **_options: Any) -> None:
        raise ZeroDivisionError

    job.plan()
    monkeypatch.setattr(release, guard, broken)
    with pytest.raises(ZeroDivisionError):
        job.apply()
    assert job.stack.inputs() == {}


def test_outputs_that_cannot_be_read_do_not_hide_that_it_was_applied(
    job: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(_folder: Path, **_options: Any) -> None:
        raise PipelineError("terraform output ended with status 1; see above")

    job.plan()
    monkeypatch.setattr(terraform, "outputs", unreadable)
    with pytest.raises(PipelineError) as caught:
        job.apply()
    assert str(caught.value) == (
        "prod: was applied as planned, but terraform output ended with status 1; see above"
    )
    assert job.stack.inputs() == {"store": "one"}
