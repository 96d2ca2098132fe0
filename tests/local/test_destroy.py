"""What ``make destroy-local`` runs; the runs themselves are in tests/deploy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import local.deploy as deployment
from emulator import control
from emulator.control import Emulator
from environments.dev import DEV
from environments.load import ALLOW_DESTROY
from environments.prod import PROD
from environments.settings import Environment

EMULATOR = Emulator(pid=1, port=1, url="http://127.0.0.1:1", started="2026-01-01T00:00:00+00:00")


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str | None]]:
    made: list[tuple[str, str | None]] = []

    def cdktf(verb: str, environment: Environment, root: Path, process: dict[str, str]) -> None:
        made.append((verb, process.get(ALLOW_DESTROY)))

    def stop(root: Path) -> bool:
        made.append(("stop", None))
        return True

    monkeypatch.setattr(deployment, "_cdktf", cdktf)
    monkeypatch.setattr(control, "running", lambda root: EMULATOR)
    monkeypatch.setattr(control, "stop", stop)
    return made


def test_dev_is_destroyed_and_the_emulator_stops(calls: list[Any], tmp_path: Path) -> None:
    deployment.destroy(DEV, root=tmp_path)
    assert calls == [("destroy", None), ("stop", None)]


def test_prods_guards_are_taken_down_first(calls: list[Any], tmp_path: Path) -> None:
    deployment.destroy(PROD, root=tmp_path)
    assert calls == [("deploy", "prod"), ("destroy", "prod"), ("stop", None)]


def test_without_an_emulator_there_is_nothing_to_destroy(
    calls: list[Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(control, "running", lambda root: None)
    deployment.destroy(DEV, root=tmp_path)
    assert calls == []
    assert "nothing to destroy" in capsys.readouterr().out
