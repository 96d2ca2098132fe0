"""What looks like a secret in the repository is one that somebody has looked at: ``.secrets.baseline``."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BASELINE = ROOT / ".secrets.baseline"
TOOL = ROOT / ".venv" / "bin" / "detect-secrets"

Found = set[tuple[str, str, str]]


def scan(folder: Path, baseline: Path) -> Found:
    """File, kind and hash of everything in a checkout that looks like a secret."""
    command: list[str | Path] = [TOOL, "-C", folder, "scan", "--no-verify"]
    command += ["--slim", "--baseline", baseline]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return held(baseline)


def held(baseline: Path) -> Found:
    results = json.loads(baseline.read_text(encoding="utf-8"))["results"]
    return {
        (file, each["type"], each["hashed_secret"])
        for file, all_ in results.items()
        for each in all_
    }


def test_nothing_looks_like_a_secret_but_what_was_looked_at(tmp_path: Path) -> None:
    copy = Path(shutil.copy(BASELINE, tmp_path))
    found, known = scan(ROOT, copy), held(BASELINE)
    assert not found - known, "no secret? then 'make secrets-baseline', and read its diff"
    assert not known - found, "gone: 'make secrets-baseline'"


def test_a_planted_key_is_found(tmp_path: Path) -> None:
    copy = Path(shutil.copy(BASELINE, tmp_path))
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (checkout / "settings.py").write_text(f'KEY = "AKIA{"IOSFODNN7CANARYX"}"\n', encoding="utf-8")
    for arguments in (["init", "--quiet"], ["add", "settings.py"]):
        subprocess.run(["git", *arguments], cwd=checkout, check=True)
    found = scan(checkout, copy)
    assert {(file, kind) for file, kind, _ in found} >= {("settings.py", "AWS Access Key")}
