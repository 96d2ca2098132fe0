"""Which commands ``make deploy-local`` runs, in which order; the runs are in tests/deploy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import local.deploy as deployment
from emulator import control
from emulator.control import Emulator
from environments.dev import DEV
from local.deployed import recorded
from local.errors import LocalError
from toolchain.errors import ToolchainError
from toolchain.run import Done

EMULATOR = Emulator(pid=1, port=1, url="http://127.0.0.1:1", started="2026-01-01T00:00:00+00:00")
STAGING = DEV.model_copy(update={"name": "staging", "account_id": "333344445555"})


class Calls(list[str]):
    """What was run, in order; ``plan_status`` is how the second plan ends."""

    plan_status = 0


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    made = Calls()

    def synthesise(root: Path, process: dict[str, str]) -> None:
        made.append("synth")
        stacks = [{"id": "staging", "system": "rag"}, {"id": "web-staging", "system": "web"}]
        out = root / "cdktf.out"
        for stack in stacks:
            (out / "stacks" / stack["id"]).mkdir(parents=True)
            body: dict[str, Any] = {"terraform": {}, "provider": {}}
            (out / "stacks" / stack["id"] / "cdk.tf.json").write_text(json.dumps(body))
        listing = {
            "environments": [{"name": "dev", "stacks": []}, {"name": "staging", "stacks": stacks}]
        }
        (out / "environments.json").write_text(json.dumps(listing))

    def follow(command: list[str], *, process: dict[str, str], **_: Any) -> int:
        assert process["AWS_ACCESS_KEY_ID"] == "local-333344445555"
        made.append(" ".join([Path(command[0]).name, *command[1:]]))
        return 0

    def terraform(folder: Path, command: str, *_: str, base: dict[str, str]) -> Done:
        made.append(f"terraform {command} {folder.name}")
        return Done(
            command=command,
            folder=folder,
            status=made.plan_status if command == "plan" else 0,
            output=json.dumps({"api_id": {"value": f"api-of-{folder.name}"}}),
            errors="",
            interrupted=False,
        )

    monkeypatch.setattr(deployment, "synthesise", synthesise)
    monkeypatch.setattr(deployment, "follow", follow)
    monkeypatch.setattr(deployment, "run_terraform", terraform)
    monkeypatch.setattr(deployment, "load", lambda url, folder, show: made.append(f"load {url}"))
    monkeypatch.setattr(control, "running", lambda root: None)
    monkeypatch.setattr(control, "start", lambda root: EMULATOR)
    return made


def test_all_stacks_of_a_further_environment_are_deployed_in_order(
    calls: Calls, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deployment.deploy(STAGING, root=tmp_path)
    commands = [call for call in calls if "terraform output" not in call]
    assert [command for command in commands if not command.startswith("python")] == [
        "synth",
        "cdktf deploy staging --auto-approve --skip-synth",
        "cdktf deploy web-staging --auto-approve --skip-synth",
        "terraform plan staging",
        "terraform plan web-staging",
        "load http://127.0.0.1:1/_api/api-of-staging",
    ]
    assert commands[1].endswith("-m backend create staging")
    said = capsys.readouterr().out
    for line in ("make backend ENV=staging", "cdktf diff web-staging", "destroy-local ENV=staging"):
        assert line in said
    (found,) = recorded(tmp_path)
    assert (found.environment, list(found.stacks)) == ("staging", ["staging", "web-staging"])


def test_an_environment_without_a_rag_system_has_no_documents(
    calls: Calls, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deployment.deploy(STAGING.model_copy(update={"rag": None}), root=tmp_path)
    assert not [call for call in calls if call.startswith("load")]
    said = capsys.readouterr().out
    assert "none: it has no RAG system" in said
    assert "curl" not in said


def test_a_second_plan_that_would_change_something_fails(calls: Calls, tmp_path: Path) -> None:
    calls.plan_status = 2
    with pytest.raises(
        LocalError, match=r"the second plan of staging would still change something"
    ):
        deployment.deploy(STAGING, root=tmp_path)


def test_what_a_failed_second_plan_says_is_one_line(calls: Calls, tmp_path: Path) -> None:
    calls.plan_status = 1
    with pytest.raises(ToolchainError, match=r"terraform plan in .*ended with status 1; see above"):
        deployment.deploy(STAGING, root=tmp_path)


def test_a_step_that_fails_names_its_log(
    calls: Calls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deployment, "follow", lambda command, **_: 3)
    with pytest.raises(LocalError) as caught:
        deployment.deploy(STAGING, root=tmp_path)
    assert str(caught.value).endswith(
        f"-m backend create staging' ended with status 3, see above; the whole log is "
        f"{tmp_path}/.local/backend.log"
    )


def test_mistakes_in_the_settings_start_nothing(
    calls: Calls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(root: Path, process: dict[str, str]) -> None:
        raise ToolchainError("environments/staging.py: account_id=1: not an AWS account")

    monkeypatch.setattr(deployment, "synthesise", fails)
    with pytest.raises(ToolchainError, match="not an AWS account"):
        deployment.deploy(STAGING, root=tmp_path)
    assert calls == []
