"""Tests of the command line, against an emulator of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from emulator import control
from emulator.__main__ import main

ACCOUNT = "111122223333"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A working tree whose emulator runs."""
    folder = tmp_path_factory.mktemp("tree")
    control.start(folder)
    yield folder
    control.stop(folder)


def _run(root: Path, *words: str) -> int:
    return main(["--root", str(root), *words])


def test_start_status_and_stop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(tmp_path, "start") == 0
    emulator = control.running(tmp_path)
    assert emulator is not None
    try:
        assert capsys.readouterr().out == f"running at {emulator.url}\n"
        assert _run(tmp_path, "status") == 0
        assert f"pid {emulator.pid}" in capsys.readouterr().out
    finally:
        assert _run(tmp_path, "stop") == 0
    assert capsys.readouterr().out == "stopped\n"
    assert control.running(tmp_path) is None
    assert _run(tmp_path, "stop") == 0
    assert capsys.readouterr().out == "was not running\n"


def test_a_shell_that_evals_env_works_in_the_account(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "https://elsewhere.example")
    monkeypatch.setenv("AWS_PROFILE", "production")
    assert _run(root, "env", "--account", ACCOUNT, "--region", "eu-west-1") == 0
    lines = capsys.readouterr().out
    script = f"{lines}\nenv"
    shell = subprocess.run(["sh", "-c", script], check=True, capture_output=True, text=True)
    seen = shell.stdout.splitlines()
    emulator = control.running(root)
    assert emulator is not None
    wanted = control.environment(emulator, account_id=ACCOUNT, region="eu-west-1")
    assert {f"{name}={value}" for name, value in wanted.items()} <= set(seen)
    assert not [line for line in seen if line.startswith(("AWS_PROFILE=", "AWS_ENDPOINT_URL_S3="))]


def test_inventory_prints_a_line_per_resource(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    emulator = control.running(root)
    assert emulator is not None
    assert _run(root, "inventory", "--account", ACCOUNT) == 0
    assert capsys.readouterr().out == ""
    import boto3

    session = boto3.Session(f"local-{ACCOUNT}", "local", region_name="us-east-1")
    session.client("s3", endpoint_url=emulator.url).create_bucket(Bucket="planted")
    assert _run(root, "inventory", "--account", ACCOUNT) == 0
    assert capsys.readouterr().out == "s3:bucket planted\n"


def test_gaps_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gaps"]) == 0
    assert "rds/resource-ids\n  moto gives every" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words", [("status",), ("env", "--account", ACCOUNT), ("inventory", "--account", ACCOUNT)]
)
def test_without_an_emulator_one_line_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert _run(tmp_path, *words) == 1
    assert capsys.readouterr().err == (
        "emulator: not running; start it with: python -m emulator start\n"
    )


@pytest.mark.parametrize("command", ["env", "inventory"])
def test_a_wrong_account_id_is_one_line(
    root: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert _run(root, command, "--account", "42") == 1
    error = capsys.readouterr().err
    assert error.startswith("emulator: ")
    assert "'42' is not twelve digits" in error
    assert error.count("\n") == 1


def test_an_unknown_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["dance"])
    assert "invalid choice" in capsys.readouterr().err
