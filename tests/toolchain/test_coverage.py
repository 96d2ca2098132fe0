"""What users run is measured, and a merge request's tests fail below the floor."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

from toolchain.layout import ROOT

CONFIGURATION = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["coverage"]


def test_the_rooms_that_users_run_are_measured() -> None:
    measured = set(CONFIGURATION["run"]["source"])
    assert measured == {"backend", "environments", "modules", "pipeline", "services", "stacks"}
    assert all((ROOT / name / "__init__.py").is_file() for name in measured)
    assert CONFIGURATION["run"]["branch"]


def test_below_the_floor_the_tests_fail(tmp_path: Path) -> None:
    """Every line runs, and one branch of two: less than all, which the floor is here."""
    (tmp_path / "backend").mkdir()
    (tmp_path / "backend" / "__init__.py").write_text(
        "def sign(x: int) -> int:\n    if x:\n        x = 1\n    return x\n"
    )
    (tmp_path / "test_it.py").write_text(
        "import backend\n\n\ndef test_it() -> None:\n    assert backend.sign(2)\n"
    )
    kept = f"fail_under = {CONFIGURATION['report']['fail_under']}\n"
    text = (ROOT / "pyproject.toml").read_text()
    assert text.count(kept) == 1
    (tmp_path / "pyproject.toml").write_text(text.replace(kept, "fail_under = 100\n"))
    options = ["-p", "pytest_cov", "--cov=backend", "--cov-report="]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "test_it.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 passed" in done.stdout
    assert "coverage of 100.0% not reached" in done.stdout
    assert done.returncode == 1
