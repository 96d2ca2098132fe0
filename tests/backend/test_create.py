"""Creating the remote state: whose account, what is refused, what an interruption leaves.

Terraform itself runs in tests/deploy; here it is a recorder, and S3 and STS are the emulator's.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

import backend.create as creation
from backend.__main__ import main
from backend.errors import BackendError
from emulator import control
from environments.dev import DEV
from modules.naming import Naming

BUCKET = {"CreateBucketConfiguration": {"LocationConstraint": "ap-southeast-1"}}


@pytest.fixture(scope="module")
def emulator() -> Iterator[control.Emulator]:
    with control.ephemeral() as running:
        yield running


@pytest.fixture
def naming(
    emulator: control.Emulator, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Naming:
    """Names in an account of this test's own, whose credentials are in force."""
    account = f"{zlib.crc32(request.node.name.encode()):012d}"
    for name, value in control.environment(emulator, account, DEV.region).items():
        monkeypatch.setenv(name, value)
    for name in control.UNSET:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # it keeps the last test's credentials
    return Naming(project="mapvibe", environment="dev", account_id=account, region=DEV.region)


class Recorder:
    """Stands for Terraform; fails where it is told to, and moves the state as it would."""

    def __init__(self, naming: Naming, fail_at: str = "") -> None:
        self.naming = naming
        self.fail_at = fail_at
        self.calls: list[str] = []
        self.folder = Path()

    def __call__(self, folder: Path) -> Recorder:
        self.folder = folder
        return self

    def run(self, *arguments: str) -> None:
        self._called("migrate" if "-migrate-state" in arguments else arguments[0])
        if "-migrate-state" in arguments:
            boto3.client("s3").put_object(Bucket=self._bucket, Key=self._key, Body=b"{}")

    def apply_changes(self) -> bool:
        stack = json.loads((self.folder / "cdk.tf.json").read_text())
        remote = "backend" in stack["terraform"]
        self._called("apply-remote" if remote else "apply-local")
        if not remote:
            (self.folder / "terraform.tfstate").write_text("{}")
            existing = [b["Name"] for b in boto3.client("s3").list_buckets()["Buckets"]]
            if self._bucket not in existing:
                boto3.client("s3").create_bucket(Bucket=self._bucket, **BUCKET)
        return not remote

    @property
    def _bucket(self) -> str:
        return self.naming.global_name("state")

    @property
    def _key(self) -> str:
        return "mapvibe/backend-dev/terraform.tfstate"

    def _called(self, name: str) -> None:
        if name == self.fail_at:
            raise BackendError(f"{name} was interrupted")
        self.calls.append(name)


def create(naming: Naming, root: Path, terraform: Recorder, patch: pytest.MonkeyPatch) -> bool:
    patch.setattr(creation, "Terraform", terraform)
    return creation.create(naming, tags={"Project": "mapvibe"}, lockfile=False, root=root)


def test_the_first_time_the_state_is_made_here_and_moved(
    naming: Naming, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terraform = Recorder(naming)
    assert create(naming, tmp_path, terraform, monkeypatch) is True
    assert terraform.calls == ["init", "apply-local", "migrate"]
    assert not (tmp_path / ".local" / "backend-dev").exists()


def test_the_second_time_the_state_is_the_remote_one(
    naming: Naming, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(naming, tmp_path, Recorder(naming), monkeypatch)
    terraform = Recorder(naming)
    assert create(naming, tmp_path, terraform, monkeypatch) is False
    assert terraform.calls == ["init", "apply-remote"]


@pytest.mark.parametrize("step", ["apply-local", "migrate"])
def test_an_interrupted_run_is_taken_up(
    step: str, naming: Naming, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BackendError, match="interrupted"):
        create(naming, tmp_path, Recorder(naming, fail_at=step), monkeypatch)
    state = tmp_path / ".local" / "backend-dev" / "terraform.tfstate"
    assert state.exists() == (step == "migrate"), "the state must survive the interruption"
    terraform = Recorder(naming)
    assert create(naming, tmp_path, terraform, monkeypatch) is True
    assert terraform.calls == ["init", "apply-local", "migrate"]
    assert not state.exists()


def test_a_bucket_whose_state_is_lost_is_refused(
    naming: Naming, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    boto3.client("s3").create_bucket(Bucket=naming.global_name("state"), **BUCKET)
    terraform = Recorder(naming)
    with pytest.raises(BackendError, match=r"it exists, but mapvibe/backend-dev/.* is not in it"):
        create(naming, tmp_path, terraform, monkeypatch)
    assert terraform.calls == []


def test_another_accounts_credentials_are_refused_in_one_line(
    naming: Naming, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["create", "dev"]) == 1
    error = capsys.readouterr().err
    assert f"they are of account {naming.account_id}, but dev lives in 111122223333" in error
    assert error.count("\n") == 1


def test_no_credentials_are_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", *control.UNSET):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    assert main(["create", "dev"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("AWS credentials: ")
    assert "sign in to account 111122223333" in error
    assert error.count("\n") == 1


def test_an_unknown_environment_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["create", "staging"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_an_interruption_is_one_line(
    naming: Naming, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: Naming) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(creation, "check_account", interrupted)
    assert main(["create", "dev"]) == 1
    assert capsys.readouterr().err == "create: interrupted; run again, it goes on from there\n"
