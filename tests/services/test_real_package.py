"""The real zip of services/rag: what it holds, for which machine, and that it is complete."""

from __future__ import annotations

import ast
import os
import shutil
import struct
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import aws_lambda_powertools
import pytest

from services.package import Package, build

ROOT = Path(__file__).resolve().parents[2]
AARCH64 = 183


def module_of(name: str) -> str:
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


PACKAGE = Path(aws_lambda_powertools.__file__).parent
POWERTOOLS = {
    module_of(path.relative_to(PACKAGE.parent).as_posix()) for path in PACKAGE.rglob("*.py")
}
"""All modules of the dependency of which the zip holds a part."""

LEFT_OUT_AND_NEVER_CALLED = {
    # Turns pydantic's models into JSON when an event or a response is logged: we log neither.
    (
        "aws_lambda_powertools/shared/functions.py",
        "aws_lambda_powertools.event_handler.openapi.compat",
    ),
}


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return build("rag", root=ROOT, output=tmp_path_factory.mktemp("build"))


@pytest.fixture(scope="module")
def contents(real: Package) -> dict[str, bytes]:
    with zipfile.ZipFile(real.path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_real_zip_is_small(real: Package) -> None:
    assert real.size <= 10_000_000


def test_other_programs_read_the_real_zip(real: Package) -> None:
    if (unzip := shutil.which("unzip")) is None:
        pytest.skip("this machine has no unzip")
    done = subprocess.run([unzip, "-tq", real.path], check=True, capture_output=True, text=True)
    assert done.stdout.startswith("No errors")


def test_every_source_in_the_real_zip_is_compiled(contents: dict[str, bytes]) -> None:
    sources = [PurePosixPath(name) for name in contents if name.endswith(".py")]
    compiled = {name for name in contents if name.endswith(".pyc")}
    expected = {f"{path.parent}/__pycache__/{path.stem}.cpython-313.pyc" for path in sources}
    assert {str(PurePosixPath(name)) for name in expected} == compiled
    assert len(sources) > 100


def test_nothing_in_the_real_zip_imports_what_was_left_out(contents: dict[str, bytes]) -> None:
    left_out = POWERTOOLS - {module_of(name) for name in contents}
    assert "aws_lambda_powertools.utilities.parser" in left_out
    wanted = {
        (name, module)
        for name, content in contents.items()
        if name.endswith(".py")
        for module in left_out.intersection(imported(content))
    }
    assert wanted == LEFT_OUT_AND_NEVER_CALLED


def imported(source: bytes) -> Iterator[str]:
    """The absolute names of the modules that a source imports, type checkers' aside."""
    waiting: list[ast.AST] = [ast.parse(source)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting.extend(node.orelse)
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        waiting.extend(ast.iter_child_nodes(node))


def test_the_real_zip_holds_both_handlers(contents: dict[str, bytes]) -> None:
    for name in ("rag/app.py", "rag/migrate.py"):
        assert b"\ndef handler(event: " in contents[name]
    for unwanted in (
        ".pyi",
        ".typed",
        ".c",
        ".pyo",
        "RECORD",
        "INSTALLER",
        "REQUESTED",
        ".lock",
        "requirements.txt",
    ):
        assert not [name for name in contents if name.endswith(unwanted)]
    assert not [name for name in contents if name.startswith(("boto", "services/", "tests/"))]


def test_the_real_libraries_are_for_arm_and_python_3_13(contents: dict[str, bytes]) -> None:
    machines = {
        name: struct.unpack_from("<H", content, 18)[0]
        for name, content in contents.items()
        if content.startswith(b"\x7fELF")
    }
    assert set(machines.values()) == {AARCH64}
    assert "psycopg_binary/_psycopg.cpython-313-aarch64-linux-gnu.so" in machines


def test_the_real_code_imports_from_the_root_of_the_zip(real: Package, tmp_path: Path) -> None:
    with zipfile.ZipFile(real.path) as archive:
        ours = [name for name in archive.namelist() if name.startswith("rag/")]
        archive.extractall(tmp_path, ours)
    script = "import rag.app, rag.migrate; assert rag.app.handler and rag.migrate.handler"
    # Isolated: it sees the zip's files and installed packages, not the repository.
    command = [
        sys.executable,
        "-I",
        "-c",
        f"import sys; sys.path.insert(0, '{tmp_path}'); {script}",
    ]
    subprocess.run(command, check=True, cwd=tmp_path)


def test_the_command_gives_the_same_zip_in_another_clone_and_environment(
    real: Package, tmp_path: Path
) -> None:
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "services", tmp_path / "services", ignore=ignored, copy_function=copy)
    # The copy has no node_modules of its own.
    modules = os.pathsep.join([str(ROOT / "node_modules"), os.environ.get("NODE_PATH", "")])
    environment = {
        "LC_ALL": "C",
        "NODE_PATH": modules,
        "PYTHONHASHSEED": "3",
        "TZ": "Asia/Tokyo",
        "UV_COMPILE_BYTECODE": "1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "services", "rag", "--output", tmp_path / "zips"],
        cwd=tmp_path,
        env={**os.environ, **environment},
        umask=0o077,
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines() == [
        f"path    {tmp_path / 'zips' / real.path.name}",
        f"size    {real.size}",
        f"sha256  {real.sha256_hex}",
    ]


def copy(source: str, target: str) -> None:
    """Copy a file with a mode and a time of its own."""
    shutil.copyfile(source, target)
    Path(target).chmod(0o700)


def test_the_real_zip_is_found_again_not_built(real: Package) -> None:
    written = real.path.stat()
    assert build("rag", root=ROOT, output=real.path.parent) == real
    found = real.path.stat()
    assert (found.st_ino, found.st_mtime_ns) == (written.st_ino, written.st_mtime_ns)
