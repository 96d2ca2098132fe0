"""Bytecode in the zip: loaded as it is, and the same wherever it was made."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from benchmarks import interpreter
from services import pinned
from services.bytecode import with_bytecode
from services.errors import PackageError
from services.pinned import make_zip

ROOT = Path(__file__).resolve().parents[2]
TAG = sys.implementation.cache_tag
FILES = {
    "thing/__init__.py": b"from .inner import VALUE\n",
    "thing/inner.py": b'assert True, "kept"\nVALUE = {"one", "two", "three"} and 6 * 7\n',
    "thing/page.sql": b"SELECT 1",
}
LONG = {"thing/squares.sql": b"".join(b"%d\n" % (number * number) for number in range(20_000))}
"""What compressors disagree about."""

RECORDED = "8d8acb8e2e7aedddf647c8bf588b20224e3d4b917b9de6ca74e082a71ddeb828"
DIGEST = """
import hashlib, sys
from services.bytecode import with_bytecode
files = eval(sys.stdin.read())
print(hashlib.sha256(repr(with_bytecode(files)).encode()).hexdigest())
"""


def unpack(files: dict[str, bytes], folder: Path) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def value_of(folder: Path, python: str | Path = sys.executable) -> str:
    """What a new process sees of the package in the folder."""
    script = f"import sys; sys.path.insert(0, '{folder}'); import thing; print(thing.VALUE)"
    command = [python, "-I", "-B", "-c", script]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def digest(environment: dict[str, str], files: dict[str, bytes]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", DIGEST],
        cwd=ROOT,
        env={**os.environ, **environment},
        input=repr(files),
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def test_every_source_gets_its_bytecode_and_nothing_else_does() -> None:
    assert set(with_bytecode(FILES)) - set(FILES) == {
        f"thing/__pycache__/__init__.{TAG}.pyc",
        f"thing/__pycache__/inner.{TAG}.pyc",
    }


def test_the_bytecode_is_loaded_whatever_became_of_its_source(tmp_path: Path) -> None:
    unpack(with_bytecode(FILES), tmp_path)
    # Another time, size and content: only what is never compared still gives the old value.
    (tmp_path / "thing/inner.py").write_text("VALUE = 'compiled from the source'\n")
    os.utime(tmp_path / "thing/__init__.py", (0, 0))
    assert value_of(tmp_path) == "42"


def test_each_is_named_after_its_source() -> None:
    pyc = with_bytecode(FILES)[f"thing/__pycache__/inner.{TAG}.pyc"]
    unchecked = (0b01).to_bytes(4, "little")
    assert pyc[:8] == importlib.util.MAGIC_NUMBER + unchecked
    assert pyc[8:16] == importlib.util.source_hash(FILES["thing/inner.py"])
    assert b"/var/task/thing/inner.py" in pyc


def test_neither_order_nor_environment_changes_it() -> None:
    backwards = dict(reversed(FILES.items()))
    environments = (
        {"PYTHONHASHSEED": "1"},
        {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
        {"PYTHONOPTIMIZE": "2"},
    )
    digests = {digest(environment, FILES) for environment in environments}
    assert len(digests | {digest({}, backwards), digest({}, backwards | FILES)}) == 2
    assert digests == {digest({}, FILES)}


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (b"x = 1\ny = = 2\n", "app.py, line 2: invalid syntax"),
        (b"x = '\xff'\n", r"app.py, line 1: \(unicode error\)"),
        (b"x = 1\x00", "app.py.*: source code .*null bytes"),
    ],
)
def test_what_is_no_python_is_an_error(source: bytes, problem: str) -> None:
    with pytest.raises(PackageError, match=problem) as caught:
        with_bytecode({"app.py": source})
    assert "\n" not in str(caught.value)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small zip from the pinned interpreter."""
    target = tmp_path_factory.mktemp("finished") / "zip"
    make_zip(target, FILES | LONG)
    return target


def test_the_pinned_interpreter_is_the_locked_one() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_bytes())
    assert lock["packages"]["node_modules/pyodide"]["version"] == pinned.VERSION


def test_the_pinned_interpreter_compiles_for_lambdas_python(finished: Path) -> None:
    with zipfile.ZipFile(finished) as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) - set(FILES | LONG) == {
            "thing/__pycache__/__init__.cpython-313.pyc",
            "thing/__pycache__/inner.cpython-313.pyc",
        }
        pyc = archive.read("thing/__pycache__/inner.cpython-313.pyc")
    assert int.from_bytes(pyc[:2], "little") == 3571  # every 3.13 from its first release on


def test_lambdas_python_loads_it(finished: Path, tmp_path: Path) -> None:
    python = interpreter.find()
    if python is None:
        pytest.skip("there is no Python 3.13 on this machine to load the bytecode with")
    with zipfile.ZipFile(finished) as archive:
        archive.extractall(tmp_path)
    (tmp_path / "thing/inner.py").write_text("VALUE = 'compiled from the source'\n")
    assert value_of(tmp_path, python) == "42"


def test_the_pinned_interpreter_gives_the_same_bytes_anywhere(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    folder = tmp_path / "another place"
    folder.mkdir()
    umask = os.umask(0o077)
    try:
        make_zip(folder / "another name", dict(reversed((FILES | LONG).items())))
    finally:
        os.umask(umask)
    assert (folder / "another name").read_bytes() == finished.read_bytes()
    assert (folder / "another name").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir()] == ["another name"]


def test_the_pinned_interpreter_gives_the_bytes_that_it_gave_elsewhere(finished: Path) -> None:
    # From x86-64 Linux. Where this fails, Terraform would deploy the functions anew because of
    # the machine it runs on. Record it again only with another version of the interpreter.
    assert hashlib.sha256(finished.read_bytes()).hexdigest() == RECORDED


def test_its_error_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"^app\.py, line 1: invalid syntax$"):
        make_zip(tmp_path / "zip", {"app.py": b"x = = 1\n"})


def test_another_version_of_the_interpreter_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pinned, "VERSION", "0.1.0")
    with pytest.raises(PackageError, match=r"not 0\.1\.0: run 'make setup'$"):
        make_zip(tmp_path / "zip", FILES)


def test_without_the_interpreter_there_is_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Outside of the repository, where Node finds no node_modules.
    program = tmp_path / "pinned.cjs"
    program.write_bytes((ROOT / "services/pinned.cjs").read_bytes())
    monkeypatch.setattr(pinned, "_PROGRAM", program)
    monkeypatch.delenv("NODE_PATH", raising=False)
    with pytest.raises(PackageError, match=r"^npm's pyodide is not installed: run 'make setup'$"):
        make_zip(tmp_path / "zip", FILES)


def test_without_node_there_is_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PackageError, match=r"no Node\.js to finish the zip with: run 'make setup'"):
        make_zip(tmp_path / "zip", FILES)
