"""The zip of the function: it is small, complete, and imports nothing that Lambda lacks."""

from __future__ import annotations

import ast
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from services.notifier import contract
from services.package import Package, build

ROOT = Path(__file__).resolve().parents[3]
OF_THE_RUNTIME = {"boto3", "botocore", *sys.stdlib_module_names}


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return build("notifier", root=ROOT, output=tmp_path_factory.mktemp("build"))


def test_it_holds_the_service_and_nothing_else(real: Package) -> None:
    with zipfile.ZipFile(real.path) as archive:
        names = archive.namelist()
    assert real.size < 100_000
    assert all(name.startswith("notifier/") for name in names)
    assert "notifier/app.py" in names


def test_it_imports_what_lambda_brings() -> None:
    for path in (ROOT / "services/notifier").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            found = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                found = [node.module or ""]
            assert {name.partition(".")[0] for name in found} <= OF_THE_RUNTIME, path


def test_its_handler_is_found_at_the_root_of_the_zip(real: Package) -> None:
    module, _, function = contract.HANDLER.rpartition(".")
    script = (
        f"import sys; sys.path.insert(0, {str(real.path)!r}); import {module} as m; m.{function}"
    )
    subprocess.run([sys.executable, "-I", "-c", script], check=True)
