"""The packager: the same bytes everywhere, and never an old zip."""

from __future__ import annotations

import errno
import os
import sys
import threading
import zipfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import pytest

from services import cache, dependencies, package, pinned
from services.archive import write_zip
from services.bytecode import with_bytecode
from services.package import Package, PackageError, build

INSTALLED = {"library/__init__.py": b"", "library/native.so": b"\x7fELF"}
TAG = sys.implementation.cache_tag


@pytest.fixture
def installs(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The lock files that were installed, by an installer that needs no network.

    The zips are finished in this process: the pinned interpreter takes seconds to start.
    """
    locks: list[bytes] = []

    def install(lock: bytes) -> dict[str, bytes]:
        locks.append(lock)
        return dict(INSTALLED)

    def make_zip(target: Path, files: Mapping[str, bytes]) -> None:
        write_zip(target, with_bytecode(files))

    monkeypatch.setattr(package, "install", install)
    monkeypatch.setattr(cache, "make_zip", make_zip)
    return locks


def clone(root: Path) -> Path:
    """A small repository with one service."""
    folder = root / "services" / "little"
    (folder / "inner").mkdir(parents=True)
    for name in ("__init__.py", "app.py", "inner/__init__.py", "inner/query.sql"):
        (folder / name).write_text(f"# {name}\n")
    (folder / "requirements.txt").write_text("library==1 --hash=sha256:00\n")
    return root


def build_in(root: Path) -> Package:
    return build("little", root=root, output=root / "build")


@pytest.mark.usefixtures("installs")
def test_two_clones_give_the_same_bytes(tmp_path: Path) -> None:
    first = build_in(clone(tmp_path / "first"))
    umask = os.umask(0o077)
    try:
        second_root = clone(tmp_path / "second")
        app = second_root / "services/little/app.py"
        app.chmod(0o755)
        os.utime(app, (0, 0))
        (app.parent / "__pycache__").mkdir()
        for leftover in ("__pycache__/app.cpython-311.pyc.140", ".hidden", "app.py~", "old.pyc"):
            (app.parent / leftover).write_bytes(leftover.encode())
        (app.parent / "tests").mkdir()
        (app.parent / "tests" / "test_app.py").write_text("")
        second = build_in(second_root)
    finally:
        os.umask(umask)
    assert first.path.read_bytes() == second.path.read_bytes()
    assert (first.input_hash, first.path.name) == (second.input_hash, second.path.name)


@pytest.mark.usefixtures("installs")
def test_entries_are_plain(tmp_path: Path) -> None:
    built = build_in(clone(tmp_path))
    with zipfile.ZipFile(built.path) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == [
        "library/__init__.py",
        f"library/__pycache__/__init__.{TAG}.pyc",
        "library/native.so",
        "little/__init__.py",
        f"little/__pycache__/__init__.{TAG}.pyc",
        f"little/__pycache__/app.{TAG}.pyc",
        "little/app.py",
        "little/inner/__init__.py",
        f"little/inner/__pycache__/__init__.{TAG}.pyc",
        "little/inner/query.sql",
    ]
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {0o100644}
    assert {entry.create_system for entry in entries} == {3}
    assert {entry.compress_type for entry in entries} == {zipfile.ZIP_DEFLATED}


CHANGES: dict[str, Callable[[Path], object]] = {
    "content": lambda folder: (folder / "app.py").write_text("changed"),
    "name": lambda folder: (folder / "app.py").rename(folder / "api.py"),
    "folder": lambda folder: (folder / "inner").rename(folder / "outer"),
    "new file": lambda folder: (folder / "new.py").write_text(""),
    "removed file": lambda folder: (folder / "app.py").unlink(),
    "data": lambda folder: (folder / "inner/query.sql").write_text("changed"),
    "lock": lambda folder: (folder / "requirements.txt").write_text("library==2\n"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_of_an_input_makes_a_new_zip(
    tmp_path: Path, installs: list[bytes], change: str
) -> None:
    before = build_in(clone(tmp_path))
    CHANGES[change](tmp_path / "services/little")
    after = build_in(tmp_path)
    assert before.input_hash != after.input_hash
    assert before.path != after.path
    assert len(installs) == 2


@pytest.mark.usefixtures("installs")
def test_a_name_in_a_file_is_not_taken_for_a_file(tmp_path: Path) -> None:
    folder = clone(tmp_path) / "services/little"
    (folder / "x.py").write_text("little/y.py")
    before = build_in(tmp_path)
    (folder / "x.py").write_text("")
    (folder / "y.py").write_text("")
    assert build_in(tmp_path).input_hash != before.input_hash


@pytest.mark.parametrize(
    ("module", "constant"),
    [
        (package, "FORMAT"),
        (package, "PYTHON_VERSION"),
        (package, "PLATFORM"),
        (pinned, "VERSION"),
    ],
)
@pytest.mark.usefixtures("installs")
def test_another_packager_makes_a_new_zip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: ModuleType, constant: str
) -> None:
    before = build_in(clone(tmp_path))
    monkeypatch.setattr(module, constant, "another")
    assert build_in(tmp_path).input_hash != before.input_hash


def test_an_unchanged_service_is_not_built_again(tmp_path: Path, installs: list[bytes]) -> None:
    first = build_in(clone(tmp_path))
    os.utime(tmp_path / "services/little/app.py", (0, 0))
    assert build_in(tmp_path) == first
    assert len(installs) == 1


DAMAGES: dict[str, Callable[[Path], object]] = {
    "cut zip": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "changed zip": lambda path: path.write_bytes(path.read_bytes().replace(b"little", b"mickle")),
    "no zip": lambda path: path.unlink(),
    "changed manifest": lambda path: path.with_suffix(".json").write_text("{}"),
    "no manifest": lambda path: path.with_suffix(".json").unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_zip_is_built_again(tmp_path: Path, installs: list[bytes], damage: str) -> None:
    first = build_in(clone(tmp_path))
    content = first.path.read_bytes()
    DAMAGES[damage](first.path)
    assert build_in(tmp_path) == first
    assert first.path.read_bytes() == content
    assert len(installs) == 2


@pytest.mark.usefixtures("installs")
def test_builds_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    clone(tmp_path)
    barrier = threading.Barrier(8)

    def one(_: int) -> bytes:
        barrier.wait()
        return build_in(tmp_path).path.read_bytes()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(one, range(8)))) == 1
    assert sorted(path.suffix for path in (tmp_path / "build").iterdir()) == [".json", ".zip"]


@pytest.mark.usefixtures("installs")
def test_an_interrupted_build_leaves_nothing_that_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(target: Path, _: object) -> None:
        target.write_bytes(b"half")
        raise KeyboardInterrupt

    clone(tmp_path)
    monkeypatch.setattr(cache, "make_zip", interrupted)
    with pytest.raises(KeyboardInterrupt):
        build_in(tmp_path)
    assert list((tmp_path / "build").iterdir()) == []


@pytest.mark.usefixtures("installs")
def test_a_full_disk_is_an_error_of_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path, __: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(cache, "make_zip", full)
    with pytest.raises(PackageError, match=r"build: No space left on device$"):
        build_in(clone(tmp_path))


@pytest.mark.usefixtures("installs")
def test_a_leftover_in_a_service_is_an_error(tmp_path: Path) -> None:
    (clone(tmp_path) / "services/little/notes.tmp").write_text("")
    with pytest.raises(PackageError, match=r"notes\.tmp does not belong into a service$"):
        build_in(tmp_path)


@pytest.mark.parametrize("name", ["absent", "../services/little", ""])
def test_an_unknown_service_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(PackageError, match="there is no service"):
        build(name, root=clone(tmp_path), output=tmp_path / "build")


def test_a_missing_lock_is_an_error(tmp_path: Path) -> None:
    (clone(tmp_path) / "services/little/requirements.txt").unlink()
    with pytest.raises(PackageError, match=r"requirements\.txt: No such file"):
        build_in(tmp_path)


@pytest.mark.usefixtures("installs")
def test_what_is_no_python_is_an_error_of_one_line(tmp_path: Path) -> None:
    (clone(tmp_path) / "services/little/app.py").write_text("first = 1\nsecond = = 2\n")
    with pytest.raises(PackageError, match=r"^little/app\.py, line 2: invalid syntax$"):
        build_in(tmp_path)


@pytest.mark.usefixtures("installs")
def test_a_dependency_must_not_replace_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(INSTALLED, "little/app.py", b"")
    with pytest.raises(PackageError, match=r"files of the service too: little/app\.py"):
        build_in(clone(tmp_path))


@pytest.mark.usefixtures("installs")
@pytest.mark.parametrize("attempt", ["built", "cached"])
def test_a_zip_that_lambda_would_refuse_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, attempt: str
) -> None:
    clone(tmp_path)
    if attempt == "cached":
        build_in(tmp_path)
    monkeypatch.setattr(package, "_UPLOAD_LIMIT", 100)
    with pytest.raises(PackageError, match="Lambda takes 50 MiB"):
        build_in(tmp_path)


def test_a_lock_without_hashes_is_an_error_of_one_line() -> None:
    with pytest.raises(PackageError, match="could not install") as caught:
        dependencies.install(b"psycopg==3.3.9\n")
    assert "\n" not in str(caught.value)
