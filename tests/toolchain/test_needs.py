"""What a command needs of the machine is checked before it starts, and said in one line."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from local.__main__ import main as local_command
from tests.toolchain.conftest import write_program
from toolchain import needs
from toolchain.__main__ import main
from toolchain.errors import ToolchainError
from toolchain.layout import ROOT, Layout

DEBIAN = [
    line
    for line in (ROOT / "requirements" / "debian.txt").read_text().splitlines()
    if not line.startswith("#")
]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH of one folder that holds what every Debian has, and nothing of the list."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for program in ("date", "dirname", "grep", "sh", "sleep", "tr"):
        found = shutil.which(program)
        assert found
        (folder / program).symlink_to(found)
    monkeypatch.setenv("PATH", str(folder))
    return folder


def test_each_need_is_a_package_of_the_list_and_of_a_target_of_make() -> None:
    assert {name for names in needs.NEEDS.values() for name in names} <= set(DEBIAN)
    makefile = (ROOT / "Makefile").read_text()
    for command in needs.NEEDS:
        assert f"\n{command}:" in makefile


def test_the_list_holds_nothing_that_no_command_needs() -> None:
    """``make`` starts every command, and the module venv every set-up."""
    needed = {name for names in needs.NEEDS.values() for name in names}
    assert set(DEBIAN) == needed | {"make", "python3-venv"}


@pytest.mark.parametrize("command", sorted(needs.NEEDS))
def test_nothing_is_said_where_everything_is_there(
    machine: Path, command: str, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in DEBIAN:
        write_program(machine / name, "")
    assert main(["need", command]) == 0
    assert capfd.readouterr() == ("", "")


def test_what_is_missing_is_one_line_with_the_remedy(
    machine: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write_program(machine / "id", "echo 1000")
    write_program(machine / "apt-get", "echo called; exit 1")
    write_program(machine / "git", "")
    assert main(["need", "test"]) == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert err == "setup: make test needs rsync. On Debian: sudo apt-get install -y rsync\n"


def test_root_on_debian_gets_it(machine: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_program(machine / "id", "echo 0")
    write_program(
        machine / "apt-get", f'for name in git rsync; do /bin/cp "$0" "{machine}/$name"; done'
    )
    assert main(["need", "test"]) == 0
    out, err = capfd.readouterr()
    assert out.startswith("Debian packages: ca-certificates git make python3-venv rsync\n")
    assert err == ""


def test_the_local_pipeline_asks_before_it_starts(
    machine: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_program(machine / "id", "echo 1000")

    def start(*_: object, **__: object) -> None:
        raise AssertionError("it started")

    monkeypatch.setattr("local.__main__.rehearse", start)
    assert local_command(["ci"]) == 1
    assert "apt-get install -y git rsync" in capsys.readouterr().err


def test_make_asks_before_the_tests_start() -> None:
    for target in ("test", "check"):
        planned = subprocess.run(
            ["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        assert planned.index(f"toolchain need {target}") < planned.index("bin/pytest")


def test_certificates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, layout: Layout) -> None:
    """Whether a file or a folder of them: where neither is, set-up says so."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "file"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "folder"))
    (layout.root / "requirements").mkdir()
    (layout.root / "requirements" / "debian.txt").write_text("ca-certificates\n")
    write_program(tmp_path / "id", "echo 1000")
    env = {"PATH": f"{tmp_path}{os.pathsep}/usr/bin:/bin"}
    with pytest.raises(ToolchainError, match="apt-get install -y ca-certificates"):
        needs.require("setup", layout, env)
    (tmp_path / "folder").mkdir()
    with pytest.raises(ToolchainError):
        needs.require("setup", layout, env)
    (tmp_path / "folder" / "0a1b.0").touch()
    needs.require("setup", layout, env)
    (tmp_path / "folder" / "0a1b.0").unlink()
    (tmp_path / "file").touch()
    needs.require("setup", layout, env)
