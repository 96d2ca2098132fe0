"""Creating the remote state: whose account, what is refused, what an interruption leaves.

Terraform itself runs in tests/deploy; here it is a recorder, and S3 and STS are the emulator's.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import boto3
import pytest

import backend.__main__ as command_line
import backend.create as creation
from backend.__main__ import main
from backend.errors import BackendError
from modules.naming import Naming
from tests.backend.support import STATE_KEY, synthesise
from toolchain.lock import single_instance
from toolchain.run import Done, TerraformError

BUCKET = {"CreateBucketConfiguration": {"LocationConstraint": "ap-southeast-1"}}


@pytest.fixture
def in_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command line work on this test's folder."""
    monkeypatch.setattr(command_line, "ROOT", tmp_path)


class Recorder:
    """Stands for Terraform; fails where it is told to, and moves the state as it would."""

    def __init__(self, naming: Naming, fail_at: str = "") -> None:
        self.naming = naming
        self.fail_at = fail_at
        self.calls: list[str] = []

    def __call__(self, folder: Path, command: str, *options: str, shown: bool = False) -> Done:
        remote = "backend" in json.loads((folder / "cdk.tf.json").read_text())["terraform"]
        name = "migrate" if "-migrate-state" in options else command
        if command in ("plan", "apply"):
            name = f"{command}-remote" if remote else f"{command}-local"
        if name == self.fail_at:
            raise TerraformError(f"{name} was interrupted")
        self.calls.append(name)
        if name == "migrate":
            boto3.client("s3").put_object(Bucket=self._bucket, Key=STATE_KEY, Body=b"{}")
        elif name == "apply-local":
            (folder / "terraform.tfstate").write_text("{}")
            existing = [b["Name"] for b in boto3.client("s3").list_buckets()["Buckets"]]
            if self._bucket not in existing:
                boto3.client("s3").create_bucket(Bucket=self._bucket, **BUCKET)
        return Done(
            command=command,
            folder=folder,
            status=2 if name == "plan-local" else 0,
            output="",
            errors="",
            interrupted=False,
        )

    @property
    def _bucket(self) -> str:
        return self.naming.global_name("state")


def create(naming: Naming, root: Path, terraform: Recorder, patch: pytest.MonkeyPatch) -> bool:
    patch.setattr(creation, "run_terraform", terraform)
    synthesise(root, naming)
    return creation.create("dev", root=root)


def test_the_first_time_the_state_is_made_here_and_moved(
    naming: Naming, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terraform = Recorder(naming)
    assert create(naming, tmp_path, terraform, monkeypatch) is True
    assert terraform.calls == ["init", "plan-local", "apply-local", "migrate"]
    assert not (tmp_path / ".local" / "backend-dev").exists()


def test_the_second_time_the_state_is_the_remote_one(
    naming: Naming, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(naming, tmp_path, Recorder(naming), monkeypatch)
    terraform = Recorder(naming)
    assert create(naming, tmp_path, terraform, monkeypatch) is False
    assert terraform.calls == ["init", "plan-remote"]


@pytest.mark.parametrize("step", ["apply-local", "migrate"])
def test_an_interrupted_run_is_taken_up(
    step: str, naming: Naming, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TerraformError, match="interrupted"):
        create(naming, tmp_path, Recorder(naming, fail_at=step), monkeypatch)
    state = tmp_path / ".local" / "backend-dev" / "terraform.tfstate"
    assert state.exists() == (step == "migrate"), "the state must survive the interruption"
    terraform = Recorder(naming)
    assert create(naming, tmp_path, terraform, monkeypatch) is True
    assert terraform.calls == ["init", "plan-local", "apply-local", "migrate"]
    assert not state.exists()


def test_a_bucket_whose_state_is_lost_is_refused(
    naming: Naming, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    boto3.client("s3").create_bucket(Bucket=naming.global_name("state"), **BUCKET)
    terraform = Recorder(naming)
    with pytest.raises(
        BackendError, match=r"it exists, but .* not in it.*STACK=backend-dev"
    ) as caught:
        create(naming, tmp_path, terraform, monkeypatch)
    assert "\n" not in str(caught.value)
    assert terraform.calls == []


def test_another_accounts_credentials_are_refused_in_one_line(
    naming: Naming, tmp_path: Path, capsys: pytest.CaptureFixture[str], in_root: None
) -> None:
    synthesise(tmp_path, replace(naming, account_id="111122223333"))
    assert main(["create", "dev"]) == 1
    error = capsys.readouterr().err
    assert f"they are of account {naming.account_id}, but dev lives in 111122223333" in error
    assert error.count("\n") == 1


def test_no_credentials_are_one_line(
    naming: Naming,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    in_root: None,
) -> None:
    synthesise(tmp_path, naming)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    assert main(["create", "dev"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("AWS credentials: ")
    assert f"sign in to account {naming.account_id}" in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (None, "stack 'backend-staging': not in cdktf.out/stacks; there are backend-dev"),
        ("{", "cdk.tf.json: not JSON; run 'cdktf synth'"),
        ("{}", "cdk.tf.json: not a stack with its state in S3; run 'cdktf synth'"),
    ],
)
def test_a_stack_that_cannot_be_read_is_one_line(
    text: str | None,
    line: str,
    naming: Naming,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    in_root: None,
) -> None:
    folder = synthesise(tmp_path, naming)
    if text is not None:
        (folder / "cdk.tf.json").write_text(text)
    assert main(["create", "staging" if text is None else "dev"]) == 1
    error = capsys.readouterr().err
    assert line in error
    assert error.count("\n") == 1


def test_two_at_once_are_refused(
    naming: Naming, tmp_path: Path, capsys: pytest.CaptureFixture[str], in_root: None
) -> None:
    synthesise(tmp_path, naming)
    with single_instance(tmp_path / ".local" / "backend-dev.lock", "backend create dev"):
        assert main(["create", "dev"]) == 1
    error = capsys.readouterr().err
    assert f"'backend create dev' (process {os.getpid()}) is running in this clone" in error
    assert error.count("\n") == 1


def test_an_interruption_is_one_line(
    naming: Naming,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    in_root: None,
) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    synthesise(tmp_path, naming)
    monkeypatch.setattr(creation, "check_account", interrupted)
    assert main(["create", "dev"]) == 1
    assert capsys.readouterr().err == "create: interrupted; run it again\n"
