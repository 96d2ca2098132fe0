"""The virtual environment and its packages, with a Python that writes down what it is asked."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.toolchain.conftest import write_program
from toolchain.errors import ToolchainError
from toolchain.install import install
from toolchain.layout import Layout
from toolchain.packages import REQUIREMENTS, install_packages

# Plays the machine's Python, .venv/bin/python and .venv/bin/uv: "-m venv" and "-m pip install"
# leave copies of it where the real ones leave theirs. BREAK names the call that fails.
STAND_IN = """\
if [ "$1" = -c ]; then
    [ "${BREAK:-}" != import ] || exit 1
    echo "${PYTHON_IS:-cpython-311} x86_64"
    exit
fi
echo "${0##*/} $*" >>"$LOG"
if [ -n "${BREAK:-}" ]; then
    case "$*" in *"$BREAK"*) echo "$BREAK broke" >&2; exit 1 ;; esac
fi
case "$*" in
    "-m venv "*)
        rm -rf "$4"
        mkdir -p "$4/bin"
        cp "$0" "$4/bin/python"
        echo "#!$4/bin/python" >"$4/bin/pip"
        ;;
    "-m pip install "*) cp "$0" "${0%/*}/uv" ;;
esac
"""

STEPS = {"-m venv": "venv", "-m pip install": "uv", "pip sync": "packages"}


@dataclass
class Clone:
    """A repository that holds nothing but requirements."""

    layout: Layout
    log: Path

    def install(self, **env: str) -> list[str]:
        """Return what was done, a word a step."""
        self.log.write_text("")
        try:
            install_packages(self.layout, {"LOG": str(self.log), "PATH": "/usr/bin:/bin", **env})
        finally:
            self.calls = self.log.read_text().splitlines()
        return [word for call in self.calls for part, word in STEPS.items() if part in call]

    def fail(self, broken: str) -> str:
        """Return the message of an installation in which one call fails."""
        with pytest.raises(ToolchainError) as raised:
            self.install(BREAK=broken)
        return str(raised.value)

    def change(self, name: str, text: str = "changed\n") -> None:
        (self.layout.root / "requirements" / name).write_text(text)


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clone:
    stand_in = write_program(tmp_path / "python", STAND_IN)
    monkeypatch.setattr(sys, "_base_executable", str(stand_in))
    root = tmp_path / "a clone"
    (root / "requirements").mkdir(parents=True)
    made = Clone(Layout(root), tmp_path / "log")
    for name in REQUIREMENTS:
        made.change(name, name)
    return made


def test_a_fresh_clone_gets_everything_in_order_and_only_once(clone: Clone) -> None:
    assert clone.install() == ["venv", "uv", "packages"]
    assert clone.install() == []


def test_every_package_is_installed_by_its_hash(clone: Clone) -> None:
    clone.install()
    installs = [call for call in clone.calls if "pip install" in call or "pip sync" in call]
    assert len(installs) == 2
    assert all("--require-hashes" in call for call in installs)


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_changed_requirements_are_installed_into_the_same_environment(
    clone: Clone, name: str
) -> None:
    clone.install()
    clone.change(name)
    assert clone.install() == ["uv", "packages"]


@pytest.mark.parametrize("broken", ["-m venv", "pip install", "pip sync"])
def test_after_a_failure_which_is_shown_all_is_made_anew(clone: Clone, broken: str) -> None:
    """A full disk leaves half of a package, and uv takes it for the whole."""
    assert f"{broken} broke" in clone.fail(broken)
    assert clone.install() == ["venv", "uv", "packages"]


def test_a_change_taken_back_after_a_failure_is_installed_again(clone: Clone) -> None:
    clone.install()
    clone.change("dev.txt")
    clone.fail("pip sync")
    clone.change("dev.txt", "dev.txt")
    assert clone.install() == ["venv", "uv", "packages"]


def test_an_environment_whose_python_is_gone_is_made_anew(clone: Clone) -> None:
    clone.install()
    (clone.layout.bin / "python").unlink()
    (clone.layout.bin / "python").symlink_to("/nowhere/python3.11")
    assert clone.install() == ["venv", "uv", "packages"]


def test_another_version_in_its_place_finds_no_packages(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone.install()
    monkeypatch.setenv("BREAK", "import")
    assert clone.install()[0] == "venv"


def test_another_version_that_finds_packages_of_its_own(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone.install()
    monkeypatch.setenv("PYTHON_IS", "cpython-313")
    assert clone.install() == ["venv", "uv", "packages"]


def test_the_version_that_is_asked_for_replaces_another(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone.install()
    monkeypatch.setattr(sys.implementation, "cache_tag", "cpython-313")
    assert clone.install() == []
    assert clone.install(PYTHON="python3.13") == ["venv", "uv", "packages"]


@pytest.mark.parametrize("how", ["move", "copy"])
def test_the_environment_of_another_place_is_made_anew(
    clone: Clone, tmp_path: Path, how: str
) -> None:
    clone.install()
    place = tmp_path / "another place"
    if how == "move":
        clone.layout.root.rename(place)
    else:
        shutil.copytree(clone.layout.root, place)
    assert Clone(Layout(place), clone.log).install() == ["venv", "uv", "packages"]


def test_a_link_to_another_environment_is_replaced_and_that_one_kept(
    clone: Clone, tmp_path: Path
) -> None:
    clone.install()
    other = Clone(Layout(tmp_path / "other"), clone.log)
    shutil.copytree(clone.layout.root / "requirements", other.layout.root / "requirements")
    (other.layout.root / ".venv").symlink_to(clone.layout.root / ".venv")
    assert other.install() == ["venv", "uv", "packages"]
    assert not (other.layout.root / ".venv").is_symlink()
    assert clone.install() == []


@pytest.fixture
def copy(clone: Clone, tmp_path: Path) -> Clone:
    """A copy of a clone that is set up, without its tools."""
    clone.install()
    (clone.layout.node_modules).mkdir()
    left_out = shutil.ignore_patterns(".venv", "node_modules")
    shutil.copytree(clone.layout.root, tmp_path / "copy", ignore=left_out)
    return Clone(Layout(tmp_path / "copy"), clone.log)


def test_a_copy_uses_the_tools_of_the_clone_that_it_is_told(clone: Clone, copy: Clone) -> None:
    for _ in range(2):
        install(copy.layout, {"MAPVIBE_TOOLS": str(clone.layout.root)})
    for name in (".venv", "node_modules"):
        assert (copy.layout.root / name).readlink() == clone.layout.root / name


def test_a_copy_with_other_requirements_refuses_them(clone: Clone, copy: Clone) -> None:
    copy.change("dev.txt")
    with pytest.raises(ToolchainError, match="run 'make setup' there"):
        install(copy.layout, {"MAPVIBE_TOOLS": str(clone.layout.root)})
    assert not (copy.layout.root / ".venv").exists()
