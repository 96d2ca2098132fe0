"""Real Terraform on stacks that need no provider: its commands, and what its failures mean."""

from __future__ import annotations

import fcntl
import json
import os
import shlex
import signal
import sys
from pathlib import Path

import pytest

import toolchain
from pipeline.errors import PipelineError, Status
from pipeline.release import terraform
from tests.pipeline.release.support import SECRET, Stack
from tests.support.interrupted import interrupted
from toolchain.run import Done


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    return Stack(tmp_path / "prod")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "plan.tfplan"


def mode(path: Path) -> str:
    return oct(path.stat().st_mode & 0o777)


def test_a_plan_says_whether_there_is_anything_to_change(stack: Stack, out: Path) -> None:
    terraform.init(stack.folder)
    assert terraform.plan(stack.folder, out) is True
    terraform.apply(stack.folder, out)
    assert terraform.plan(stack.folder, out) is False
    assert stack.inputs() == {"store": "one"}


def test_the_plan_file_and_its_json_are_for_their_owner_only(stack: Stack, out: Path) -> None:
    shown = out.with_name("plan.json")
    terraform.show_json(stack.folder, stack.plan(out), shown)
    assert (mode(out), mode(shown)) == ("0o600", "0o600")
    assert SECRET in shown.read_text()
    changes = json.loads(shown.read_text())["resource_changes"]
    assert [change["address"] for change in changes] == ["terraform_data.store"]


def test_planning_shows_nothing_of_the_plan(
    stack: Stack, out: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    stack.plan(out)
    assert capfd.readouterr() == ("", "")


def test_an_apply_shows_its_progress(
    stack: Stack, out: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    terraform.apply(stack.folder, stack.plan(out))
    shown = capfd.readouterr().out
    assert "Apply complete! Resources: 1 added, 0 changed, 0 destroyed." in shown
    assert SECRET not in shown


def test_relative_paths_are_those_of_the_caller(
    stack: Stack, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(out.parent)
    plan_file, shown = Path("plan.tfplan"), Path("plan.json")
    terraform.plan(Path("prod"), plan_file)
    terraform.show_json(Path("prod"), plan_file, shown)
    terraform.apply(Path("prod"), plan_file)
    assert stack.inputs() == {"store": "one"}


def test_outputs_come_without_the_sensitive_ones(stack: Stack) -> None:
    stack.apply()
    assert terraform.outputs(stack.folder) == {"stored": "store"}


def test_a_plan_of_a_state_that_moved_on_is_stale(
    stack: Stack, out: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    stack.plan(out)
    stack.write(other="two")
    stack.apply()
    with pytest.raises(PipelineError) as caught:
        terraform.apply(stack.folder, out)
    assert caught.value.status is Status.STALE_PLAN
    assert str(caught.value) == (
        f"{stack.folder}: the state changed since this plan was made; run a new pipeline"
    )
    assert "Saved plan is stale" in capfd.readouterr().err
    assert stack.inputs() == {"other": "two"}


def test_a_plan_of_another_state_is_stale(stack: Stack, out: Path) -> None:
    stack.apply()
    stack.write(store="two")
    stack.plan(out)
    (stack.folder / "terraform.tfstate").unlink()
    stack.apply()
    with pytest.raises(PipelineError) as caught:
        terraform.apply(stack.folder, out)
    assert caught.value.status is Status.STALE_PLAN


def test_a_failed_apply_keeps_what_it_reached(
    stack: Stack, out: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    stack.write(provisioner="echo no room left >&2; exit 3", store="one")
    with pytest.raises(PipelineError) as caught:
        terraform.apply(stack.folder, stack.plan(out))
    assert caught.value.status is Status.APPLY_FAILED
    assert str(caught.value) == (
        f"terraform apply in {stack.folder} ended with status 1, see above; what it reached "
        "stays: mend the cause and run a new pipeline, which plans the rest"
    )
    assert "local-exec provisioner error" in capfd.readouterr().err
    assert stack.inputs() == {"store": "one"}


@pytest.fixture
def locked(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """A stack whose state this process holds, as another Terraform would."""
    monkeypatch.setattr(terraform, "LOCK_TIMEOUT", "0s")
    return stack


def hold(stack: Stack) -> int:
    info = {
        "ID": "6c1d0f4e-0000-4000-8000-000000000001",
        "Operation": "OperationTypeApply",
        "Who": "mei@runner-3",
        "Version": "1.11.4",
        "Created": "2026-03-14T09:12:00Z",
        "Path": "terraform.tfstate",
    }
    (stack.folder / ".terraform.tfstate.lock.info").write_text(json.dumps(info))
    handle = os.open(stack.folder / "terraform.tfstate", os.O_RDWR)
    fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return handle


def test_a_state_that_somebody_holds_is_one_line_with_who(locked: Stack, out: Path) -> None:
    locked.apply()
    locked.write(store="two")
    locked.plan(out)
    handle = hold(locked)
    try:
        for name, command in (("apply", terraform.apply), ("plan", terraform.plan)):
            with pytest.raises(PipelineError) as caught:
                command(locked.folder, out)
            assert caught.value.status is Status.FAILED
            assert str(caught.value) == (
                f"terraform {name} in {locked.folder}: the state is locked by mei@runner-3 since "
                "2026-03-14 09:12:00 +0000 UTC (OperationTypeApply); wait until it ends and run "
                f"it again; 'make show-lock STACK={locked.folder.name}' tells whether it still runs"
            )
    finally:
        os.close(handle)
    assert locked.inputs() == {"store": "one"}


def test_a_plan_that_only_reads_takes_no_lock(locked: Stack, out: Path) -> None:
    locked.apply()
    handle = hold(locked)
    try:
        assert terraform.plan(locked.folder, out, lock=False) is False
    finally:
        os.close(handle)


def test_a_wrong_stack_is_one_line_and_terraform_s_own_words(
    stack: Stack, out: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (stack.folder / "cdk.tf.json").write_text('{"resource": {"terraform_data": {"x": {"y": 1}}}}')
    with pytest.raises(PipelineError) as caught:
        stack.plan(out)
    assert caught.value.status is Status.FAILED
    assert str(caught.value) == (
        f"terraform plan in {stack.folder}: Extraneous JSON object property; see above"
    )
    assert "Extraneous JSON object property" in capfd.readouterr().err


def test_a_parameter_that_no_stack_made_yet_is_said_plainly(
    stack: Stack, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words are those of the AWS provider 5.100, asked for a parameter that is not there."""
    errors = (
        "\nError: reading SSM Parameter (/mapvibe/dev/web/url): couldn't find resource\n\n"
        "  with data.aws_ssm_parameter.url,\n  on cdk.tf.json line 1\n"
    )
    failed = Done(
        command="plan",
        folder=stack.folder,
        status=1,
        output="",
        errors=errors,
        interrupted=False,
    )
    monkeypatch.setattr(terraform, "run_terraform", lambda *_given, **_options: failed)
    with pytest.raises(PipelineError) as caught:
        terraform.plan(stack.folder, out)
    assert str(caught.value) == (
        f"{stack.folder}: cannot be planned yet: it reads the SSM parameter /mapvibe/dev/web/url, "
        "which does not exist; first merge and apply the change of the stack that makes it, then "
        "this one"
    )


def test_what_is_no_plan_file_cannot_be_shown(stack: Stack, out: Path) -> None:
    out.write_bytes(b"no plan")
    with pytest.raises(PipelineError, match=r"terraform show in .*: Failed to read the given file"):
        terraform.show_json(stack.folder, out, out.with_name("plan.json"))


def test_the_locked_init_leaves_the_lock_file_alone(stack: Stack) -> None:
    """Without the option, a provider that is no longer needed would be dropped from it."""
    path = stack.folder / ".terraform.lock.hcl"
    text = 'provider "registry.terraform.io/hashicorp/null" {\n  version = "3.2.4"\n}\n'
    path.write_text(text)
    with pytest.raises(PipelineError, match=r"terraform init in .*: Provider dependency changes"):
        terraform.init(stack.folder, locked=True)
    assert path.read_text() == text
    terraform.init(stack.folder)
    assert path.read_text() != text


def test_terraform_does_not_get_the_key(
    stack: Stack, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAN_KEY", "a key that nobody below needs")
    monkeypatch.setenv("OTHER", "kept")
    seen = out.with_name("environment")
    stack.write(provisioner=f"env > {shlex.quote(str(seen))}", store="one")
    terraform.apply(stack.folder, stack.plan(out))
    names = {line.split("=", 1)[0] for line in seen.read_text().splitlines()}
    assert "OTHER" in names
    assert "PLAN_KEY" not in names


def test_without_the_project_s_tools_it_is_one_line(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> Path:
        raise toolchain.ToolchainError("terraform is missing: run 'make setup'")

    monkeypatch.setattr(toolchain, "terraform", missing)
    with pytest.raises(PipelineError, match=r"^terraform is missing: run 'make setup'$"):
        terraform.init(stack.folder)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["cancelled", "ctrl-c"])
def test_an_interrupted_apply_saves_its_state_and_frees_its_lock(
    number: signal.Signals, stack: Stack, out: Path
) -> None:
    """The signal goes to the job's whole process group, as a terminal and GitLab's runner do."""
    never = out.with_name("never")
    os.mkfifo(never)
    stack.write(provisioner=f"read x < {shlex.quote(str(never))}", store="one")
    stack.plan(out)
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from pipeline.errors import PipelineError\n"
        "from pipeline.release import terraform\n"
        "try:\n"
        "    terraform.apply(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "except PipelineError as error:\n"
        "    print(error, file=sys.stderr)\n"
        "    sys.exit(error.status)\n"
    )
    command = [sys.executable, "-c", code, str(stack.folder), str(out)]
    done = interrupted(command, ready="Executing:", signals=(number,))
    assert done.returncode == Status.APPLY_FAILED
    assert "Interrupt received." in done.stdout
    assert "Two interrupts received" not in done.stdout
    assert f"terraform apply in {stack.folder} was interrupted, see above;" in done.stderr
    assert stack.inputs() == {"store": "one"}
    assert not (stack.folder / ".terraform.tfstate.lock.info").exists()


def test_a_folder_that_knew_another_backend_is_prepared_anew(stack: Stack, tmp_path: Path) -> None:
    """A developer plans against the emulator, then against AWS, from the same folder."""
    configuration = json.loads((stack.folder / "cdk.tf.json").read_text())
    for name in ("one", "two"):
        backend = {"local": {"path": str(tmp_path / f"{name}.tfstate")}}
        configuration["terraform"] = {"backend": backend}
        (stack.folder / "cdk.tf.json").write_text(json.dumps(configuration))
        terraform.init(stack.folder)
