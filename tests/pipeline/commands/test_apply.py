"""``apply`` with real Terraform: what was sealed is applied or refused, and the merge request is told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from emulator.gitlab.faults import Fault
from emulator.gitlab.state import Job
from pipeline.commands import apply as command
from pipeline.errors import PipelineError, Status
from pipeline.plan.model import Action, Change, Plan
from pipeline.release import terraform
from pipeline.release.announce import Series
from tests.pipeline.commands.support import JOB, CommandLine, Ended, Merged
from tests.pipeline.environments import environments_json
from tests.pipeline.gitlab import world
from tests.pipeline.release.support import COMMIT, PIPELINE, SECRET

BEGIN = f"terraform apply begins: pipeline {PIPELINE}"
ADDRESS = "https://a1b2c3.execute-api.ap-southeast-1.amazonaws.com/v1"


def planned(job: CommandLine) -> str:
    """Seal a plan; gives its fingerprint."""
    ended = job("plan", "dev", "--no-cost", "--seal")
    assert (ended.status, ended.err) == (Status.OK, "")
    return job.report("reports/dev.json").stacks[0].fingerprint


def applied(job: CommandLine, **outputs: Any) -> Ended:
    """Plan and apply a stack that stores ``one``."""
    job.stack(store="one", outputs=outputs)
    planned(job)
    return job("apply", "dev")


def exists(job: CommandLine) -> dict[str, Any]:
    """What the state holds: name to value."""
    path = job.root / "cdktf.out/stacks/dev/terraform.tfstate"
    if not path.exists():
        return {}
    return {
        each["name"]: each["instances"][0]["attributes"]["input"]["value"]
        for each in json.loads(path.read_text())["resources"]
    }


def refused(job: CommandLine, merged: Merged, status: Status, *options: str) -> str:
    """Apply what must be refused: nothing is touched, the note says so. Gives the one line."""
    before = exists(job)
    ended = job("apply", "dev", *options)
    assert ended.status == status
    assert exists(job) == before
    assert BEGIN not in ended.out
    assert not (job.root / "reports/dev.env").exists()
    note = merged.note("applied:dev")
    assert "### 🛑 dev: not applied" in note
    assert "Nothing was changed." in note
    assert note == (job.root / "reports/applied-dev.md").read_text()
    return ended.line


def review(merged: Merged, fingerprint: str, author: int = world.BOT) -> None:
    """Let a note on the merge request show a fingerprint."""
    text = f"<!-- mapvibe:plan dev={fingerprint} commit=abc pipeline=6000 -->\n"
    world.add_note(merged.gitlab, text, author=author)


def test_what_was_sealed_is_applied_and_the_merge_request_is_told(
    job: CommandLine, merged: Merged
) -> None:
    ended = applied(job, api_url=ADDRESS)
    fingerprint = job.report("reports/dev.json").stacks[0].fingerprint
    assert (ended.status, ended.err) == (Status.OK, "")
    assert exists(job) == {"store": "one", "login": SECRET}
    assert BEGIN in ended.out.splitlines()
    assert ended.out.index(BEGIN) < ended.out.index("Creating...")
    assert ended.out.splitlines()[-1] == f"dev: applied ({fingerprint})"
    assert (job.root / "reports/dev.env").read_text() == f"API_URL={ADDRESS}\n"
    note = merged.note("applied:dev")
    assert note.splitlines()[0] == f"<!-- mapvibe:applied:dev pipeline={PIPELINE} -->"
    assert "### ✅ dev: applied (2 create)" in note
    assert "- create `terraform_data.store`" in note
    assert f"commit `{COMMIT[:8]}` · plan `{fingerprint}`" in note
    for text in (ended.out, note):
        assert SECRET not in text


def test_a_commit_without_a_merge_request_is_applied_without_a_note(
    job: CommandLine, merged: Merged
) -> None:
    merged.change(state="opened")
    assert applied(job).status == Status.OK
    assert merged.notes() == []
    assert "✅ dev" in (job.root / "reports/applied-dev.md").read_text()


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(f"{ADDRESS}\nLD_PRELOAD=/tmp/evil.so", id="a second line"),
        pytest.param(f"{ADDRESS}\n", id="a line break"),
        pytest.param(f"{ADDRESS}/$PLAN_KEY", id="another variable"),
        pytest.param(f"{ADDRESS}/ x", id="a blank"),
        pytest.param('https://"a"', id="quotes"),
        pytest.param("javascript:alert(1)", id="no address"),
        pytest.param(["https://example.com"], id="a list"),
        pytest.param(7, id="a number"),
    ],
)
def test_an_output_that_is_no_address_is_left_out(
    job: CommandLine, monkeypatch: pytest.MonkeyPatch, value: object
) -> None:
    command._leave_address("dev", {"api_url": value})
    assert (job.root / "reports/dev.env").read_text() == ""
    out = job.capture.readouterr().out
    assert out == (
        "warning: the output api_url is no address such as https://api.example.com; left out\n"
    )


def test_without_such_an_output_there_is_no_address(job: CommandLine, merged: Merged) -> None:
    ended = applied(job)
    assert (job.root / "reports/dev.env").read_text() == ""
    assert "warning" not in ended.out


@pytest.fixture
def metric(job: CommandLine) -> dict[str, Any]:
    """The stack has a metric of its deployments."""
    listing = environments_json(dev=["dev"])
    made = {
        "region": "ap-southeast-1",
        "namespace": "MapVibe/Pipeline",
        "name": "DeploymentRunning",
        "dimensions": {"stack": "dev"},
    }
    listing["environments"][0]["stacks"][0]["deployment_metric"] = made
    job.write("cdktf.out/environments.json", listing)
    return made


def test_the_deployment_is_announced_while_it_runs(
    job: CommandLine, merged: Merged, metric: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def put(series: Series) -> None:
        found = {name: getattr(series, name) for name in metric}
        seen.append((found, bool(exists(job))))

    monkeypatch.setattr("pipeline.release.announce._put", put)
    assert applied(job).status == Status.OK
    assert seen == [(metric, False), (metric, True)]


def test_a_refused_plan_is_not_announced(
    job: CommandLine, merged: Merged, metric: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.release.announce._put", pytest.fail)
    job.stack(store="one")
    planned(job)
    refused(job, merged, Status.UNREVIEWED, "--as-reviewed")


def test_a_deployment_that_cannot_be_announced_is_applied_with_one_warning(
    job: CommandLine, merged: Merged, metric: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def put(_: Series) -> None:
        raise EndpointConnectionError(endpoint_url="https://monitoring.example.com")

    monkeypatch.setattr("pipeline.release.announce._put", put)
    ended = applied(job)
    assert (ended.status, ended.err) == (Status.OK, "")
    assert exists(job)["store"] == "one"
    assert ended.out.count("warning: the deployment is not announced") == 1


# --- as reviewed ---------------------------------------------------------------------------------


def test_as_reviewed_the_reviewed_plan_is_applied(job: CommandLine, merged: Merged) -> None:
    job.stack(store="one")
    review(merged, planned(job))
    assert job("apply", "dev", "--as-reviewed").status == Status.OK
    assert exists(job)["store"] == "one"


def test_as_reviewed_another_plan_is_refused_until_it_is_named(
    job: CommandLine, merged: Merged
) -> None:
    job.stack(store="one")
    fingerprint = planned(job)
    review(merged, "aaaa")
    line = refused(job, merged, Status.DIFFERENT_PLAN, "--as-reviewed")
    assert f"reviewed was aaaa, to be applied is {fingerprint}" in line
    job.set(ACCEPT_PLAN="bbbb")
    line = refused(job, merged, Status.DIFFERENT_PLAN, "--as-reviewed")
    assert "ACCEPT_PLAN=bbbb is another plan" in line
    job.set(ACCEPT_PLAN=fingerprint)
    assert job("apply", "dev", "--as-reviewed").status == Status.OK
    assert "✅" in merged.note("applied:dev")


def test_as_reviewed_a_person_s_forged_note_is_not_believed(
    job: CommandLine, merged: Merged
) -> None:
    job.stack(store="one")
    review(merged, planned(job), author=world.PERSON)
    line = refused(job, merged, Status.UNREVIEWED, "--as-reviewed")
    assert "no reviewed plan was found" in line


def test_as_reviewed_a_plan_that_changes_nothing_passes(job: CommandLine, merged: Merged) -> None:
    assert applied(job).status == Status.OK
    planned(job)
    ended = job("apply", "dev", "--as-reviewed")
    assert ended.status == Status.OK
    assert "### ✅ dev: applied, no changes" in merged.note("applied:dev")


# --- the other guards ----------------------------------------------------------------------------


def test_data_is_lost_only_where_its_address_is_named(
    job: CommandLine, merged: Merged, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at_risk(plan: Plan) -> Sequence[Change]:
        return [change for change in plan.changes if change.action is Action.REPLACE]

    monkeypatch.setattr("pipeline.commands.apply.data_at_risk", at_risk)
    assert applied(job).status == Status.OK
    (job.root / "reports/dev.env").unlink()
    job.stack(store="two")
    planned(job)
    line = refused(job, merged, Status.DATA_LOSS)
    assert "ALLOW_DATA_LOSS=terraform_data.store" in line
    job.set(ALLOW_DATA_LOSS="terraform_data.*")
    refused(job, merged, Status.DATA_LOSS)
    job.set(ALLOW_DATA_LOSS="terraform_data.store")
    assert job("apply", "dev").status == Status.OK
    assert exists(job)["store"] == "two"
    assert "- replace `terraform_data.store`" in merged.note("applied:dev")


def test_a_second_try_is_refused_and_what_the_first_told_stays(
    job: CommandLine, merged: Merged
) -> None:
    job.stack(store="one", broken="!exit 3")
    planned(job)
    assert job("apply", "dev").status == Status.APPLY_FAILED
    first, reached = merged.note("applied:dev"), exists(job)
    log = f"$ python -m pipeline apply dev\n{BEGIN}\nError: no"
    merged.job(
        Job(
            id=JOB - 1,
            name="apply:dev",
            status="failed",
            started_at="2026-03-14T09:10:00.000Z",
            trace=log,
        )
    )
    ended = job("apply", "dev")
    assert ended.status == Status.STALE_PLAN
    assert ended.line.startswith("dev: this plan was already tried")
    assert BEGIN not in ended.out
    assert exists(job) == reached
    assert merged.note("applied:dev") == first


@pytest.mark.parametrize("changed", [{"CI_COMMIT_SHA": "b" * 40}, {"CI_PIPELINE_ID": "7002"}])
def test_a_plan_of_another_commit_or_pipeline_is_refused(
    job: CommandLine, merged: Merged, changed: dict[str, str]
) -> None:
    job.stack(store="one")
    planned(job)
    with merged.gitlab.store.use() as state:
        project = state.projects[0]
        project.commits.append("b" * 40)
        project.merge_requests[0].commits.append("b" * 40)
        project.pipelines.append(type(project.pipelines[0])(id=7002, sha=COMMIT))
    job.set(**changed)
    ended = job("apply", "dev")
    assert ended.status == Status.STALE_PLAN
    assert exists(job) == {}


def test_a_plan_that_is_too_old_is_refused(
    job: CommandLine, merged: Merged, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(UTC) + timedelta(hours=2)

    job.stack(store="one")
    planned(job)
    monkeypatch.setattr("pipeline.commands.plan.datetime", Later)
    job.set(PLAN_MAX_AGE_HOURS="1.5")
    assert "at most 1 h 30 min is allowed" in refused(job, merged, Status.STALE_PLAN)
    job.set(PLAN_MAX_AGE_HOURS="")
    assert job("apply", "dev").status == Status.OK


@pytest.mark.parametrize("value", ["soon", "0", "-1", "nan", "inf", "8761", "1\nx"])
def test_an_age_that_is_no_number_of_hours_is_one_line(
    job: CommandLine, merged: Merged, value: str
) -> None:
    job.stack(store="one")
    job.set(PLAN_MAX_AGE_HOURS=value)
    line = job.refused(Status.USAGE, "apply", "dev")
    assert line.startswith("PLAN_MAX_AGE_HOURS=")
    assert merged.gitlab.requests == []


def test_a_plan_that_was_changed_is_refused(job: CommandLine, merged: Merged) -> None:
    job.stack(store="one")
    planned(job)
    sealed = job.root / "reports/dev.plan.sealed"
    sealed.write_bytes(sealed.read_bytes()[:-1] + b"!")
    assert "cannot be authenticated" in refused(job, merged, Status.TAMPERED_PLAN)


def test_a_plan_that_is_missing_is_refused(job: CommandLine, merged: Merged) -> None:
    job.stack(store="one")
    line = refused(job, merged, Status.FAILED)
    assert line.startswith("reports/dev.plan.sealed: cannot be read")


# --- when it goes wrong --------------------------------------------------------------------------


def test_an_apply_that_fails_on_the_way_tells_what_is_next(
    job: CommandLine, merged: Merged
) -> None:
    job.stack(store="one", broken="!exit 3")
    planned(job)
    ended = job("apply", "dev")
    assert ended.status == Status.APPLY_FAILED
    assert BEGIN in ended.out
    assert exists(job)["store"] == "one"
    note = merged.note("applied:dev")
    assert "### ❌ dev: the apply failed on the way" in note
    assert "a new one is made by the pipeline that follows" in note
    assert "Nothing was changed" not in note
    assert SECRET not in note + ended.err + ended.out


def test_an_apply_whose_outputs_cannot_be_read_is_not_said_to_have_changed_nothing(
    job: CommandLine, merged: Merged, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_folder: object, **_options: object) -> None:
        raise PipelineError("the state cannot be read")

    job.stack(store="one")
    planned(job)
    monkeypatch.setattr(terraform, "outputs", fail)
    assert job("apply", "dev").status == Status.FAILED
    note = merged.note("applied:dev")
    assert "was applied as planned, but" in note
    assert "Nothing was changed" not in note


def test_a_state_that_moved_on_is_said_to_have_changed_nothing(
    job: CommandLine, merged: Merged
) -> None:
    job.stack(store="one")
    planned(job)
    sealed = (job.root / "reports/dev.plan.sealed").read_bytes()
    assert job("apply", "dev").status == Status.OK
    job.write("reports/dev.plan.sealed", sealed)
    ended = job("apply", "dev")
    assert ended.status == Status.STALE_PLAN
    assert "Nothing was changed." in merged.note("applied:dev")


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_note_that_fails_after_a_good_apply_is_a_warning(
    job: CommandLine, merged: Merged, method: str
) -> None:
    job.stack(store="one")
    planned(job)
    merged.gitlab.faults.order(Fault(method=method, path="/notes", status=500, times=50))
    ended = job("apply", "dev")
    # What was reviewed is read from the notes as well: without them nothing is applied.
    if method == "GET":
        assert ended.status == Status.GITLAB_FAILED
        assert exists(job) == {}
        return
    assert (ended.status, ended.err) == (Status.OK, "")
    assert "\nwarning: the merge request has no note of it: cannot publish" in ended.out
    assert exists(job)["store"] == "one"


def test_a_refusal_is_still_a_refusal_when_the_note_fails(job: CommandLine, merged: Merged) -> None:
    job.stack(store="one")
    merged.gitlab.faults.order(Fault(method="POST", path="/notes", status=403, times=50))
    ended = job("apply", "dev")
    assert ended.status == Status.FAILED
    assert "warning: the merge request has no note of it" in ended.out


def test_an_address_that_cannot_be_written_is_a_warning(job: CommandLine, merged: Merged) -> None:
    (job.root / "reports/dev.env").mkdir(parents=True)
    ended = applied(job, api_url=ADDRESS)
    assert (ended.status, ended.err) == (Status.OK, "")
    assert "warning: the deployment has no address: reports/dev.env" in ended.out


def test_only_a_job_of_a_pipeline_applies(pipeline: CommandLine) -> None:
    pipeline.stack(store="one")
    line = pipeline.refused(Status.USAGE, "apply", "dev")
    assert line.startswith("CI_COMMIT_SHA, CI_PIPELINE_ID, CI_JOB_ID, CI_JOB_NAME not set")


def test_a_later_apply_writes_over_the_note_of_the_first(job: CommandLine, merged: Merged) -> None:
    assert applied(job).status == Status.OK
    with merged.gitlab.store.use() as state:
        pipelines = state.projects[0].pipelines
        pipelines.append(type(pipelines[0])(id=PIPELINE + 1, sha=COMMIT))
    job.set(CI_PIPELINE_ID=PIPELINE + 1)
    planned(job)
    assert job("apply", "dev").status == Status.OK
    assert f"pipeline={PIPELINE + 1}" in merged.note("applied:dev")
