"""Locks of real Terraform processes: who holds them, whether they live, and what is released."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3
import pytest

import toolchain
from backend import __main__ as command_line
from backend import lock
from backend.errors import BackendError
from backend.held import read_locks
from backend.lock import locked
from backend.owner import Life, owner_of, process_note
from backend.synthesised import StackState, read_state
from modules.naming import Naming
from tests.backend.support import make_remote_state, synthesise
from tests.support.long_form import LONG
from toolchain.run import run_terraform

pytestmark = pytest.mark.drill

FORMS = ("table", "table and file", "file")
"""The lock table as today, both as on the way to lock files, and lock files alone."""

KILLED = FORMS if LONG else FORMS[1:2]
"""Both at once take the way of each."""

Say = Callable[..., tuple[int, str]]


def _stack(root: Path, naming: Naming, form: str = "table", *, slow: bool = False) -> StackState:
    folder = synthesise(root, naming, "dev", lockfile=form != "table", one="1")
    path = folder / "cdk.tf.json"
    body = json.loads(path.read_text())
    if form == "file":
        del body["terraform"]["backend"]["s3"]["dynamodb_table"]
    if slow:
        wait = {"local-exec": {"command": "sleep 120"}}
        body["resource"]["terraform_data"]["slow"] = {"provisioner": [wait]}
    path.write_text(json.dumps(body))
    return read_state(root, "dev")


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Say:
    """The command line as a person uses it; gives its status and all that it prints."""
    monkeypatch.setattr(command_line, "ROOT", tmp_path)

    def run(*words: str) -> tuple[int, str]:
        status = command_line.main(list(words))
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return run


@pytest.fixture
def state(tmp_path: Path, naming: Naming) -> StackState:
    make_remote_state(naming, s3=boto3.client("s3"), table=boto3.client("dynamodb"))
    return _stack(tmp_path, naming)


@contextlib.contextmanager
def applying(state: StackState) -> Iterator[subprocess.Popen[bytes]]:
    """A Terraform that holds the lock, in the middle of an apply."""
    run_terraform(state.folder, "init", "-input=false").check()
    command = [str(toolchain.terraform()), f"-chdir={state.folder}", "apply", "-input=false"]
    process = subprocess.Popen(
        [*command, "-auto-approve"],
        env=toolchain.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        process_group=0,
    )
    expected = bool(state.lock_table) + state.lockfile
    try:
        for _ in range(300):
            if len(lock.find(state)) == expected:
                break
            time.sleep(0.1)
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.parametrize("form", KILLED)
def test_a_lock_is_released_only_once_its_terraform_is_gone(
    form: str, tmp_path: Path, naming: Naming, say: Say
) -> None:
    make_remote_state(naming, s3=boto3.client("s3"), table=boto3.client("dynamodb"))
    state = _stack(tmp_path, naming, form, slow=True)
    with applying(state) as process:
        locks = read_locks(state)
        assert [each.owner.life for each in locks] == [Life.LIVES] * (1 + (form == FORMS[1]))
        status, said = say("lock", "dev")
        assert status == 0
        assert f"its owner  lives: process {process.pid}: " in said
        assert "OperationTypeApply" in said
        for arguments in ((), ("--lock", locks[0].id)):
            status, said = say("unlock", "dev", *arguments)
            assert (status, len(lock.find(state))) == (1, len(locks))
            assert f"the lock's owner lives (process {process.pid}" in said.splitlines()[-1]
        os.killpg(process.pid, signal.SIGSTOP)
        status, said = say("unlock", "dev")
        assert status == 1
        assert f"lives (process {process.pid}, stopped: " in said.splitlines()[-1]
    locks = read_locks(state)
    assert {each.owner.life for each in locks} == {Life.DEAD}, "killed, it left its lock"
    status, said = say("unlock", "dev")
    assert status == 0, said
    assert said.count("released, in the lock") == len(locks)
    assert lock.find(state) == []
    _stack(tmp_path, naming, form)
    run_terraform(state.folder, "apply", "-input=false", "-auto-approve").check()


def test_a_terraform_that_waits_for_the_lock_or_works_elsewhere_is_not_its_owner(
    state: StackState, tmp_path: Path, naming: Naming, say: Say
) -> None:
    _stack(tmp_path, naming, slow=True)
    with applying(state):
        (held,) = read_locks(state)
        old = {**json.loads(held.found.text), "Created": "2026-03-14T09:12:00Z"}
    _write(state, old)
    other = replace(state, key="mapvibe/web-dev/terraform.tfstate")
    with applying(state):
        (waited_for,) = read_locks(state)
        assert waited_for.owner.life is Life.DEAD, "it started long after the lock was taken"
        (found,) = lock.find(state)
        _write(other, {**json.loads(found.text), "Created": "2999-01-01T00:00:00Z"})
        (elsewhere,) = read_locks(other)
        assert elsewhere.owner.life is Life.DEAD, "it works on another state"


def test_a_state_of_the_same_name_on_another_emulator_is_another(
    state: StackState, tmp_path: Path, naming: Naming, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when tests run side by side, or somebody deploys to a local emulator and to AWS."""
    _stack(tmp_path, naming, slow=True)
    with applying(state):
        (found,) = lock.find(state)
        info = json.loads(found.text)
        whose = {"who": info["Who"], "created": datetime.fromisoformat(info["Created"]), "info": ""}
        location = (state.bucket, state.key)
        assert owner_of(**whose, location=location).life is Life.LIVES
        for endpoint in ("http://127.0.0.1:1", "http://localhost:4566/", ""):
            monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
            assert owner_of(**whose, location=location).life is Life.DEAD


def _write(state: StackState, info: dict[str, Any] | str) -> None:
    text = info if isinstance(info, str) else json.dumps(info)
    boto3.client("dynamodb").put_item(
        TableName=state.lock_table,
        Item={"LockID": {"S": f"{state.bucket}/{state.key}"}, "Info": {"S": text}},
    )


LOCK = {
    "ID": "6f1d-dead",
    "Who": "ann@desk",
    "Created": "2026-03-14T09:12:00.123456789Z",
    "Operation": "OperationTypeApply",
}


def test_of_another_machine_nobody_knows_and_somebody_must_vouch(
    state: StackState, say: Say
) -> None:
    _write(state, LOCK)
    status, said = say("unlock", "dev")
    assert status == 1
    assert "  who        ann@desk\n  since      2026-03-14 09:12:00 UTC, " in said
    assert "cannot be told: it ran on the machine desk, and this one is " in said
    assert said.splitlines()[-1].endswith("make unlock STACK=dev LOCK=6f1d-dead")
    status, said = say("unlock", "dev", "--lock", "other")
    assert status == 1
    assert said.endswith("the lock is 6f1d-dead, not other; nothing was released\n")
    assert len(lock.find(state)) == 1
    status, said = say("unlock", "dev", "--lock", "6f1d-dead")
    assert status == 0, said
    assert "stack dev: released, in the lock table mapvibe-dev-state-lock" in said
    assert say("unlock", "dev") == (0, "stack dev: nobody holds its lock\n")


def test_a_job_of_gitlab_is_named(state: StackState, say: Say) -> None:
    _write(state, {**LOCK, "Who": "root@runner-t3x4-project-42-concurrent-0"})
    _, said = say("lock", "dev")
    assert "it is a job of GitLab's runner (runner-t3x4-project-42-concurrent-0)" in said


@pytest.mark.parametrize(
    "text", ["", "no JSON", "[]", "{}", '{"ID": null, "Who": 7, "Created": "soon"}']
)
def test_a_damaged_lock_is_released_by_whoever_vouches(
    text: str, state: StackState, say: Say
) -> None:
    _write(state, text)
    status, said = say("unlock", "dev")
    assert status == 1
    assert "Traceback" not in said
    status, said = say("unlock", "dev", "--lock", "unreadable")
    assert status == 0, said
    assert lock.find(state) == []


def test_a_command_of_ours_names_its_process(state: StackState, say: Say) -> None:
    with locked(state, "restore-state"):
        (held,) = read_locks(state)
        assert (held.owner.life, held.operation) == (Life.LIVES, "restore-state")
        assert say("unlock", "dev")[0] == 1
    ended = subprocess.run(["true"], check=True)
    assert ended.returncode == 0
    with locked(state, "restore-state"):
        (found,) = lock.find(state)
        _write(state, {**json.loads(found.text), "Info": process_note(2**22 + 1)})
        assert say("unlock", "dev")[0] == 0


@pytest.mark.parametrize("form", FORMS)
def test_a_lock_that_was_taken_meanwhile_stays(
    form: str, tmp_path: Path, naming: Naming, state: StackState
) -> None:
    state = _stack(tmp_path, naming, form)
    with locked(state, "first"):
        stale = lock.find(state)
    with locked(state, "second"):
        for found in stale:
            with pytest.raises(BackendError, match="another run has taken the lock meanwhile"):
                lock.release(state, found)
        assert len(lock.find(state)) == len(stale)


@pytest.mark.parametrize("command", ["lock", "unlock"])
def test_what_does_not_exist_is_named(
    command: str, tmp_path: Path, naming: Naming, say: Say
) -> None:
    assert say(command, "dev")[1] == "stack 'dev': not in cdktf.out/stacks; run 'cdktf synth'\n"
    synthesise(tmp_path, naming, "dev")
    status, said = say(command, "dev")
    assert status == 1
    assert said.endswith("it does not exist; run 'make backend ENV=dev'\n")
