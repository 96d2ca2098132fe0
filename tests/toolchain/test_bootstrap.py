"""``toolchain/bootstrap.sh`` on machines that have a Python, several, or none."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.toolchain.conftest import write_program
from toolchain.layout import ROOT

SCRIPTS = ("bootstrap.sh", "debian.sh")
# All that the scripts use of the machine.
PROGRAMS = ("date", "dirname", "grep", "sh", "sleep", "tr")

PYTHON = 'case "$1" in -c) exit 0 ;; esac; echo "$0 $*"'
BROKEN = "echo 'shim: no version is set' >&2; exit 127"


@dataclass(frozen=True)
class Machine:
    """A clone that holds nothing but the scripts, and a PATH of one folder."""

    root: Path
    bin: Path

    def run(self, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", str(self.root / "toolchain" / "bootstrap.sh")],
            env={"PATH": str(self.bin), **variables},
            cwd=self.root.parent,
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )

    def debian(self, *, user: int, install: str) -> None:
        """Let it be Debian: apt-get does what is given, once it has its lists of packages."""
        write_program(self.bin / "id", f"echo {user}")
        write_program(
            self.bin / "apt-get",
            f'case "$*" in *update) word=update ;; *) word=install ;; esac\n'
            f'echo $word >>"{self.root}/apt"\n'
            f'if [ $word = update ]; then : >"{self.root}/lists"; exit; fi\n'
            f'[ -e "{self.root}/lists" ] || exit 100\n{install}',
        )

    @property
    def asked(self) -> list[str]:
        """What apt-get was asked to do."""
        log = self.root / "apt"
        return log.read_text().splitlines() if log.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    root = tmp_path / "a clone"
    (root / "toolchain").mkdir(parents=True)
    (root / "requirements").mkdir()
    for name in SCRIPTS:
        shutil.copy(ROOT / "toolchain" / name, root / "toolchain")
    (root / "requirements" / "debian.txt").write_text("# A comment\ngit\npython3-venv\n")
    folder = tmp_path / "bin"
    folder.mkdir()
    for program in PROGRAMS:
        found = shutil.which(program)
        assert found
        (folder / program).symlink_to(found)
    return Machine(root, folder)


def test_a_machine_with_python(machine: Machine) -> None:
    write_program(machine.bin / "python3", PYTHON)
    done = machine.run()
    assert done.stdout == f"{machine.bin}/python3 -m toolchain install\n"


def test_its_failure_is_the_scripts_failure(machine: Machine) -> None:
    write_program(machine.bin / "python3", 'case "$1" in -c) exit 0 ;; esac; exit 7')
    assert machine.run().returncode == 7


def test_a_shim_that_does_not_run_is_passed_over(machine: Machine, tmp_path: Path) -> None:
    shims = tmp_path / "shims"
    write_program(shims / "python3", BROKEN)
    write_program(shims / "python3.12", BROKEN)
    write_program(machine.bin / "python3.13", PYTHON)
    done = machine.run(PATH=f"{shims}{os.pathsep}{machine.bin}")
    assert done.stdout == f"{machine.bin}/python3.13 -m toolchain install\n"
    assert done.stderr == ""


def test_the_python_that_is_named_comes_first(machine: Machine, tmp_path: Path) -> None:
    write_program(machine.bin / "python3", PYTHON)
    named = write_program(tmp_path / "named", PYTHON)
    assert machine.run(PYTHON=str(named)).stdout == f"{named} -m toolchain install\n"


def test_root_on_debian_installs_python(machine: Machine) -> None:
    """First without, then with new lists of packages."""
    ready = write_program(machine.root / "python", PYTHON)
    machine.debian(user=0, install=f'/bin/cp "{ready}" "{machine.bin}/python3"')
    done = machine.run()
    assert done.returncode == 0, done.stderr
    assert machine.asked == ["install", "update", "install"]
    assert "Debian packages: git python3-venv\n" in done.stdout
    assert done.stdout.endswith("/python3 -m toolchain install\n")


def test_apt_is_not_asked_where_python_is_there(machine: Machine) -> None:
    write_program(machine.bin / "python3", PYTHON)
    machine.debian(user=0, install="exit 1")
    assert machine.run().returncode == 0
    assert machine.asked == []


def test_another_user_on_debian_is_told_what_to_type(machine: Machine) -> None:
    machine.debian(user=1000, install="exit 1")
    done = machine.run()
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "'sudo apt-get install -y git python3-venv'" in done.stderr
    assert machine.asked == []


def test_apts_own_words_are_shown_when_it_fails(machine: Machine) -> None:
    machine.debian(user=0, install="echo 'no space left' >&2; exit 1")
    done = machine.run()
    assert done.returncode == 1
    assert done.stderr.startswith("no space left\n")
    assert done.stderr.splitlines()[-1].startswith("setup: no Python")


def test_the_scripts_are_plain_sh() -> None:
    for name in SCRIPTS:
        script = ROOT / "toolchain" / name
        assert subprocess.run(["sh", "-n", script], check=False).returncode == 0
        assert script.read_text().startswith("#!/bin/sh\n")
