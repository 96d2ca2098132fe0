"""States that move, are lost, or are locked: real CDKTF and Terraform on the emulator."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import boto3
import pytest

import toolchain
from backend.restore import restore
from emulator import control
from environments.dev import DEV
from local.deployed import record
from local.destroy import destroy
from modules.naming import Naming
from tests.backend.support import REGION, backend_body, make_remote_state, synthesise
from tests.deploy.conftest import LEFT_OUT, LINKED, ROOT, run
from tests.support.long_form import LONG
from tests.support.runbooks import Page
from toolchain.run import run_terraform

pytestmark = [pytest.mark.deploy, pytest.mark.xdist_group("state")]

FIRST, SECOND = "111100001111", "222200002222"
APP = """
import json, os, pathlib
out = pathlib.Path(os.environ["CDKTF_OUTDIR"])
stack = out / "stacks" / "s"
stack.mkdir(parents=True, exist_ok=True)
(stack / "cdk.tf.json").write_text(pathlib.Path("stack.json").read_text())
described = {
    "name": "s", "constructPath": "s", "dependencies": [], "annotations": [],
    "workingDirectory": "stacks/s", "synthesizedStackPath": "stacks/s/cdk.tf.json",
    "stackMetadataPath": "stacks/s/metadata.json",
}
(out / "manifest.json").write_text(json.dumps({"version": "0.21.0", "stacks": {"s": described}}))
"""


@dataclass(frozen=True, kw_only=True)
class Account:
    """One account of one emulator, with a state bucket and a lock table."""

    emulator: control.Emulator
    id: str

    @property
    def naming(self) -> Naming:
        return Naming(project="mapvibe", environment="dev", account_id=self.id, region=REGION)

    @property
    def process(self) -> dict[str, str]:
        base = toolchain.environment()
        return control.process_environment(self.emulator, self.id, REGION, base)

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.emulator.url,
            region_name=REGION,
            aws_access_key_id=self.process["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key="local",
        )

    def prepared(self) -> Account:
        make_remote_state(self.naming, s3=self.client("s3"), table=self.client("dynamodb"))
        return self

    def state(self, stack: str = "s") -> tuple[str, dict[str, Any]] | None:
        """The current version's id and the state, if there is one."""
        s3, bucket = self.client("s3"), self.naming.global_name("state")
        key = f"mapvibe/{stack}/terraform.tfstate"
        try:
            found = s3.get_object(Bucket=bucket, Key=key)
        except s3.exceptions.NoSuchKey:
            return None
        return found["VersionId"], json.load(found["Body"])


@pytest.fixture(scope="module")
def emulator() -> Iterator[control.Emulator]:
    with control.ephemeral() as running:
        yield running


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A CDKTF project of one stack whose resource needs no provider."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "app.py").write_text(APP)
    settings = {"language": "python", "app": "python app.py", "projectId": "state"}
    (project / "cdktf.json").write_text(json.dumps({**settings, "sendCrashReports": "false"}))
    return project


def configure(project: Path, account: Account, *, lockfile: bool = False) -> None:
    body = {
        "//": {"metadata": {"backend": "s3", "stackName": "s", "version": "0.21.0"}},
        "terraform": {"backend": {"s3": backend_body(account.naming, "s", lockfile=lockfile)}},
        "resource": {"terraform_data": {"kept": {"input": "one"}}},
        "output": {"kept": {"value": "${terraform_data.kept.output}"}},
    }
    (project / "stack.json").write_text(json.dumps(body))


def cdktf(project: Path, account: Account, *words: str) -> str:
    status, said = run([str(toolchain.cdktf()), *words], project, account.process)
    assert status == 0, said
    assert "Backend configuration changed" not in said
    return said


def test_another_account_another_lock_and_another_endpoint_simply_work(
    project: Path, emulator: control.Emulator
) -> None:
    """No state is copied anywhere, and none is asked for."""
    first = Account(emulator=emulator, id=FIRST).prepared()
    second = Account(emulator=emulator, id=SECOND).prepared()
    configure(project, first)
    cdktf(project, first, "deploy", "s", "--auto-approve")
    before = first.state()
    assert before is not None

    configure(project, first, lockfile=True)
    assert "No changes" in cdktf(project, first, "diff", "s")
    assert "one" in cdktf(project, first, "output", "s")

    configure(project, second)
    cdktf(project, second, "deploy", "s", "--auto-approve")
    after = second.state()
    assert after is not None
    assert after[1]["lineage"] != before[1]["lineage"], "it was made anew, not copied"
    assert first.state() == before

    with control.ephemeral() as other:
        elsewhere = Account(emulator=other, id=SECOND).prepared()
        cdktf(project, elsewhere, "deploy", "s", "--auto-approve")
        found = elsewhere.state()
        assert found is not None
        assert found[1]["lineage"] not in (before[1]["lineage"], after[1]["lineage"])
        cdktf(project, elsewhere, "destroy", "s", "--auto-approve")
    assert (first.state(), second.state()) == (before, after)


def test_what_would_copy_a_state_is_refused(project: Path, emulator: control.Emulator) -> None:
    first = Account(emulator=emulator, id="333300003333").prepared()
    second = Account(emulator=emulator, id="444400004444").prepared()
    configure(project, first)
    cdktf(project, first, "deploy", "s", "--auto-approve")
    configure(project, second)
    cdktf(project, second, "synth")
    stack = project / "cdktf.out" / "stacks" / "s"
    terraform = [str(toolchain.terraform()), f"-chdir={stack}"]
    for command in (
        [*terraform, "init", "-migrate-state", "-force-copy"],
        [str(toolchain.cdktf()), "deploy", "s", "--auto-approve", "--migrate-state"],
    ):
        status, said = run(command, project, second.process)
        assert status != 0, said
        assert second.state() is None
    status, said = run([*terraform, "plan", "-input=false"], project, second.process)
    assert status != 0, "Terraform asks for an init"
    status, said = run([*terraform, "init", "-input=false"], project, second.process)
    assert status == 0, said
    assert second.state() is None


@pytest.mark.parametrize("lockfile", [False, True])
def test_terraform_goes_on_from_a_restored_state(
    lockfile: bool, tmp_path: Path, emulator: control.Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = Account(emulator=emulator, id=f"55550000555{lockfile:d}").prepared()
    for name, value in account.process.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    folder = synthesise(tmp_path, account.naming, "dev", lockfile=lockfile, one="1")
    options = ("-input=false", "-auto-approve")
    run_terraform(folder, "init", "-input=false").check()
    run_terraform(folder, "apply", *options).check()
    synthesise(tmp_path, account.naming, "dev", lockfile=lockfile, one="1", two="2")
    run_terraform(folder, "apply", *options).check()
    before = account.state("dev")
    assert before is not None
    bucket, key = account.naming.global_name("state"), "mapvibe/dev/terraform.tfstate"
    account.client("s3").put_object(Bucket=bucket, Key=key, Body=b'{"version": 4, "ser')

    done = run_terraform(folder, "plan", "-input=false")
    assert "make restore-state STACK=dev" in done.reason()
    said: list[str] = []
    restore("dev", root=tmp_path, version=before[0], show=said.append)
    assert said[-1] == "terraform plan: state, AWS and configuration agree"

    versions = account.client("s3").list_object_versions(Bucket=bucket, Prefix=key)["Versions"]
    older = [version for version in versions if version["Key"] == key][-1]
    restore("dev", root=tmp_path, version=older["VersionId"], replace=True, show=said.append)
    assert "      create 1: terraform_data.two" in said
    run_terraform(folder, "apply", *options).check()
    after = account.state("dev")
    assert after is not None
    assert after[1]["serial"] > before[1]["serial"]


@pytest.mark.drill
def test_each_kind_of_damage_is_seen_and_mended(
    tmp_path: Path, emulator: control.Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Overwritten by another stack's state, cut, deleted, or not what the digest says."""
    account = Account(emulator=emulator, id="888800008888").prepared()
    for name, value in account.process.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    folder = synthesise(tmp_path, account.naming, "dev", one="1", two="2")
    run_terraform(folder, "init", "-input=false").check()
    run_terraform(folder, "apply", "-input=false", "-auto-approve").check()
    s3, table = account.client("s3"), account.client("dynamodb")
    there = {"Bucket": account.naming.global_name("state"), "Key": "mapvibe/dev/terraform.tfstate"}
    digest = {"LockID": {"S": f"{there['Bucket']}/{there['Key']}-md5"}, "Digest": {"S": "0" * 32}}
    whole = s3.get_object(**there)["Body"].read()
    other = {**json.loads(whole), "lineage": "another", "serial": 99, "resources": []}
    damages: dict[str, Callable[[], object]] = {
        "overwritten": lambda: s3.put_object(**there, Body=json.dumps(other).encode()),
        "cut": lambda: s3.put_object(**there, Body=whole[: len(whole) // 2]),
        "deleted": lambda: s3.delete_object(**there),
        "digest": lambda: table.put_item(TableName="mapvibe-dev-state-lock", Item=digest),
    }
    # The page below is about a state that is deleted, with a digest that is wrong.
    for kind in damages if LONG else ("overwritten", "cut"):
        damage = damages[kind]
        good = account.state("dev")
        assert good is not None
        damage()
        done = run_terraform(folder, "plan", "-input=false")
        assert done.status != 0, f"{kind}: Terraform plans with it"
        assert "make restore-state STACK=dev" in done.reason(), kind
        said: list[str] = []
        restore("dev", root=tmp_path, version=good[0], replace=True, show=said.append)
        assert said[-1] == "terraform plan: state, AWS and configuration agree", (kind, said)
        mended = account.state("dev")
        assert mended is not None
        assert mended[1]["lineage"] == good[1]["lineage"]
        run_terraform(folder, "apply", "-input=false", "-auto-approve").check()


def test_what_was_deployed_is_destroyed_whatever_the_settings_say_now(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    emulator = control.start(tmp_path)
    try:
        account = Account(emulator=emulator, id="666600006666").prepared()
        folder = synthesise(tmp_path, account.naming, "dev", one="1", two="2")
        run_terraform(folder, "init", "-input=false", base=account.process).check()
        options = ("-input=false", "-auto-approve")
        run_terraform(folder, "apply", *options, base=account.process).check()
        record(tmp_path, DEV.model_copy(update={"account_id": account.id}), ["dev"])
        synthesise(tmp_path, replace(account.naming, account_id="777700007777"), "dev")
        destroy("dev", root=tmp_path)
    finally:
        stopped = not control.stop(tmp_path)
    assert "dev: 2 resources destroyed" in capsys.readouterr().out
    assert stopped, "the emulator went with it"


def test_the_runbook_of_the_state_as_it_is_written(
    tmp_path: Path, emulator: control.Emulator
) -> None:
    root = tmp_path / "project"
    shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns(*LEFT_OUT))
    for linked in LINKED:
        (root / linked).symlink_to(ROOT / linked)
    tools = (ROOT / ".venv").resolve()
    account = Account(emulator=emulator, id="111122223333")
    process = {
        **account.process,
        "MAPVIBE_TOOLS": str(tools.parent),
        "PYTHONPATH": str(root),
        "PATH": f"{tools / 'bin'}{os.pathsep}{os.environ['PATH']}",
    }
    page = Page.open("state", root=root, process=process)

    status, said = page.type("make backend ENV=dev")
    assert status == 0, said
    assert "remote state of dev: ready" in said
    assert account.state("backend-dev") is not None, "its first state was moved into the bucket"

    bucket, table = "mapvibe-dev-state-111122223333", "mapvibe-dev-state-lock"
    key = "mapvibe/dev/terraform.tfstate"
    state = {
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": 7,
        "lineage": "0b5e1c9e-8d2f-4a53-9c0e-1f2a3b4c5d6e",
        "outputs": {},
        "resources": [],
    }
    s3 = account.client("s3")
    kept = s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(state).encode())["VersionId"]
    account.client("dynamodb").put_item(
        TableName=table,
        Item={"LockID": {"S": f"{bucket}/{key}-md5"}, "Digest": {"S": "0" * 32}},
    )
    s3.delete_object(Bucket=bucket, Key=key)
    status, said = page.type("make restore-state STACK=dev")
    assert status != 0
    assert f"serial 7  0 resources  0.1 kB  lineage 0b5e1c9e  {kept}" in said
    assert "make restore-state STACK=dev VERSION=ID" in said
    status, said = page.type("make restore-state STACK=dev VERSION=ID", ID=kept)
    assert status == 0, said
    assert f"restored version {kept}, as version " in said
    assert "terraform plan would:\n      create " in said
    assert account.state("dev") is not None

    status, said = page.type("make unlock STACK=dev")
    assert status == 0, said
    status, said = page.type("make adopt STACK=dev")
    assert status == 0, said
    assert "dev: nothing to adopt" in said

    assert page.left == [], "every command of the page is run here"
