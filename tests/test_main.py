"""The app as CDKTF's command line runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def synthesise(
    out: Path, folder: Path = ROOT, **variables: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py")],
        cwd=folder,
        env={**os.environ, "CDKTF_OUTDIR": str(out), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_stacks_are_exactly_these(tmp_path: Path) -> None:
    done = synthesise(tmp_path)
    assert done.returncode == 0, done.stderr
    stacks = {path.name for path in (tmp_path / "stacks").iterdir()}
    assert stacks == {
        "dev",
        "prod",
        "backend-dev",
        "backend-prod",
        "delivery-dev",
        "delivery-prod",
        "governance-dev",
        "governance-prod",
        "account-dev",
        "account-prod",
    }
    assert done.stderr == ""


def test_two_syntheses_are_the_same_byte_for_byte(tmp_path: Path) -> None:
    """Even from another folder: no path, time or order of this machine is in the JSON."""
    for name, folder in (("one", ROOT), ("two", tmp_path)):
        assert synthesise(tmp_path / name, folder).returncode == 0
    for path in (tmp_path / "one").glob("stacks/*/cdk.tf.json"):
        twin = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert path.read_bytes() == twin.read_bytes()
        assert str(ROOT) not in path.read_text()


@pytest.mark.parametrize("value", ["staging", "prod,dev"])
def test_a_mistake_is_one_line_and_no_traceback(value: str, tmp_path: Path) -> None:
    done = synthesise(tmp_path, MAPVIBE_ALLOW_DESTROY=value)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"MAPVIBE_ALLOW_DESTROY={value}: no such environment; use one of dev, prod, or unset it"
    ]
    assert not list(tmp_path.glob("stacks/*"))
