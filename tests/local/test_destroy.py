"""What ``make destroy-local`` runs, and that it always ends; the runs themselves are in tests/deploy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import local.destroy as destruction
from emulator import control
from emulator.control import Emulator
from environments.dev import DEV
from environments.load import ALLOW_DESTROY
from environments.prod import PROD
from environments.settings import Environment
from local.deployed import record, recorded
from local.errors import LocalError
from stacks.errors import ConfigurationError
from toolchain.run import Done

EMULATOR = Emulator(pid=1, port=1, url="http://127.0.0.1:1", started="2026-01-01T00:00:00+00:00")


class Calls(list[tuple[str, ...]]):
    """What was called, in order; ``status`` is how Terraform ends."""

    status = 0
    interrupted = False


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Calls:
    made = Calls()

    def terraform(folder: Path, command: str, *_: str, base: dict[str, str], **__: Any) -> Done:
        body = json.loads((folder / "cdk.tf.json").read_text())
        assert set(body) == {"terraform", "provider"}, "nothing but where the state is"
        if command == "destroy":
            made.append(("destroy", folder.name, base["AWS_ACCESS_KEY_ID"]))
        return Done(
            command=command,
            folder=folder,
            status=made.status,
            output="Destroy complete! Resources: 3 destroyed.",
            errors="Error: It broke",
            interrupted=made.interrupted,
        )

    def stop(root: Path) -> bool:
        made.append(("stop",))
        return True

    monkeypatch.setattr(destruction, "run_terraform", terraform)
    monkeypatch.setattr(
        destruction,
        "synthesise",
        lambda root, process: made.append(("synthesise", process[ALLOW_DESTROY])),
    )
    monkeypatch.setattr(
        destruction, "cdktf_deploy", lambda stack, root, process: made.append(("deploy", stack))
    )
    monkeypatch.setattr(control, "running", lambda root: EMULATOR)
    monkeypatch.setattr(control, "stop", stop)
    return made


def deployed(root: Path, environment: Environment, *stacks: str) -> None:
    for stack in stacks:
        folder = root / "cdktf.out" / "stacks" / stack
        folder.mkdir(parents=True, exist_ok=True)
        body: dict[str, Any] = {
            "terraform": {"backend": {}},
            "provider": {},
            "resource": {"aws_vpc": {}},
        }
        (folder / "cdk.tf.json").write_text(json.dumps(body))
    record(root, environment, stacks)


def test_the_stacks_go_in_reverse_order_and_the_emulator_stops(
    calls: Calls, tmp_path: Path
) -> None:
    deployed(tmp_path, DEV, "dev", "web-dev")
    destruction.destroy("dev", root=tmp_path)
    key = f"local-{DEV.account_id}"
    assert calls == [("destroy", "web-dev", key), ("destroy", "dev", key), ("stop",)]
    assert recorded(tmp_path) == []


def test_what_was_deployed_is_found_in_the_account_of_then(calls: Calls, tmp_path: Path) -> None:
    before = DEV.model_copy(update={"account_id": "999988887777"})
    deployed(tmp_path, before, "dev")
    destruction.destroy("dev", root=tmp_path)
    assert calls == [("destroy", "dev", "local-999988887777"), ("stop",)]


def test_guards_are_taken_down_first(
    calls: Calls, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deployed(tmp_path, PROD, "prod")
    deployed(tmp_path, DEV, "dev")
    destruction.destroy("prod", root=tmp_path)
    assert [call[:2] for call in calls] == [
        ("synthesise", "prod"),
        ("deploy", "prod"),
        ("destroy", "prod"),
        ("stop",),
    ]
    assert "stopping the emulator, and dev with it" in capsys.readouterr().out


def test_guards_of_another_account_go_with_the_emulator(calls: Calls, tmp_path: Path) -> None:
    deployed(tmp_path, PROD.model_copy(update={"account_id": "999988887777"}), "prod")
    with pytest.raises(LocalError, match=r"guarded.*999988887777; prod was not destroyed in order"):
        destruction.destroy("prod", root=tmp_path)
    assert calls == [("stop",)]


def test_a_failure_stops_the_emulator_all_the_same(calls: Calls, tmp_path: Path) -> None:
    deployed(tmp_path, DEV, "dev")
    calls.status = 1
    with pytest.raises(LocalError) as caught:
        destruction.destroy("dev", root=tmp_path)
    assert "It broke" in str(caught.value)
    assert str(caught.value).endswith("is gone: there is nothing left to clean up")
    assert "\n" not in str(caught.value)
    assert calls == [("stop",)]
    assert recorded(tmp_path) == []


def test_ctrl_c_leaves_the_emulator_as_it_is(calls: Calls, tmp_path: Path) -> None:
    deployed(tmp_path, DEV, "dev")
    calls.interrupted = True
    with pytest.raises(KeyboardInterrupt):
        destruction.destroy("dev", root=tmp_path)
    assert ("stop",) not in calls
    assert recorded(tmp_path) != []


def test_without_an_emulator_there_is_nothing_to_destroy(
    calls: Calls,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(control, "running", lambda root: None)
    monkeypatch.setattr(control, "stop", lambda root: False)
    destruction.destroy("dev", root=tmp_path)
    assert calls == []
    assert "nothing to destroy" in capsys.readouterr().out


def test_an_emulator_that_does_not_answer_is_stopped(
    calls: Calls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed(tmp_path, DEV, "dev")
    monkeypatch.setattr(control, "running", lambda root: None)
    with pytest.raises(LocalError, match=r"the emulator did not answer.*nothing left to clean up"):
        destruction.destroy("dev", root=tmp_path)
    assert calls == [("stop",)]
    assert recorded(tmp_path) == []


def test_an_unknown_environment_is_refused(calls: Calls, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="none of that name"):
        destruction.destroy("nowhere", root=tmp_path)
    assert calls == []
