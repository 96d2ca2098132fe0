"""The wrappers pass on arguments, streams and exit codes, from wherever they are called."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.toolchain.conftest import write_program
from toolchain.layout import Layout
from toolchain.settings import Settings
from toolchain.wrappers import WRAPPERS, write_wrappers


@pytest.fixture
def installed(layout: Layout) -> Layout:
    """Wrappers around programs that show their arguments and answer with code 3."""
    show = 'for argument in "$@"; do echo "<$argument>"; done; cat; echo error >&2; exit 3'
    node = write_program(layout.local / "node", show)
    terraform = write_program(layout.local / "terraform" / "terraform", show)
    Settings(node=node, terraform=terraform).save(layout)
    write_wrappers(layout)
    return layout


@pytest.mark.parametrize("name", ["terraform", "node"])
def test_passes_everything_on(installed: Layout, name: str) -> None:
    result = subprocess.run(
        [installed.bin / name, "plan", "-var", "a=b c", ""],
        input="typed",
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stdout == "<plan>\n<-var>\n<a=b c>\n<>\ntyped"
    assert result.stderr == "error\n"
    assert result.returncode == 3


def test_cdktf_starts_with_the_terminal_module_replaced(installed: Layout) -> None:
    result = subprocess.run(
        [installed.bin / "cdktf", "list"], input="", capture_output=True, text=True, check=False
    )
    arguments = result.stdout.splitlines()
    root = installed.root
    assert arguments[-4:] == [
        "<--require>",
        f"<{root}/toolchain/pty.cjs>",
        f"<{installed.cdktf_entry}>",
        "<list>",
    ]


def test_works_through_a_link_from_elsewhere(installed: Layout, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere" / "terraform"
    link.parent.mkdir()
    link.symlink_to(installed.bin / "terraform")
    result = subprocess.run([link, "x"], input="", capture_output=True, text=True, check=False)
    assert result.stdout == "<x>\n"


def test_link_in_the_way_is_replaced_and_its_target_kept(installed: Layout, tmp_path: Path) -> None:
    target = write_program(tmp_path / "real node", "exit 0")
    before = target.read_bytes()
    (installed.bin / "node").unlink()
    (installed.bin / "node").symlink_to(target)
    write_wrappers(installed)
    assert target.read_bytes() == before
    assert not (installed.bin / "node").is_symlink()


def test_all_commands_are_there(installed: Layout) -> None:
    assert {path.name for path in installed.bin.iterdir()} == set(WRAPPERS)
