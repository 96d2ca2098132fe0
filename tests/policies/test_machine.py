"""The verdicts as programs read them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policies import check_stack
from policies.__main__ import main
from policies.machine import as_json, code_quality
from policies.run import Finding, Verdict
from tests.policies.test_policies import written
from tests.support.stacks import backend_stack

FAILED = Finding(stack="dev", resource="queue_1", check="CKV_AWS_27", text="Encrypt the queue")
STALE = Finding(stack="dev", resource="key_1", check="CKV_AWS_7", text="used to be true")
SKIPPED = Finding(stack="dev", resource="api_1", check="CKV_AWS_309", text="the issuer is optional")
VERDICT = Verdict(stack="dev", passed=9, failed=(FAILED,), skipped=(SKIPPED,), stale=(STALE,))


def test_json_holds_failures_and_skips_apart() -> None:
    rows = json.loads(as_json([VERDICT]))
    assert [(row["check"], row["skipped"]) for row in rows] == [
        ("CKV_AWS_27", False),
        ("CKV_AWS_7", False),
        ("CKV_AWS_309", True),
    ]
    assert rows[0] == {
        "stack": "dev",
        "resource": "queue_1",
        "check": "CKV_AWS_27",
        "text": "Encrypt the queue",
        "skipped": False,
    }


def test_code_quality_holds_what_fails_each_with_a_fingerprint_of_its_own() -> None:
    first, second = json.loads(code_quality([VERDICT]))
    assert (first["check_name"], second["check_name"]) == ("CKV_AWS_27", "CKV_AWS_7")
    assert first["description"] == "dev: queue_1: Encrypt the queue"
    assert set(first) == {"description", "check_name", "fingerprint", "severity", "location"}
    assert first["location"] == {"path": "environments/app.py", "lines": {"begin": 1}}
    assert first["fingerprint"] != second["fingerprint"]


def test_the_command_writes_both(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(backend_stack("dev"), tmp_path, "backend-dev")
    files = [tmp_path / "reports" / name for name in ("policies.json", "quality.json")]
    options = ["--json", str(files[0]), "--code-quality", str(files[1])]
    assert main(["--out", str(tmp_path), *options]) == 0
    capsys.readouterr()
    assert len(json.loads(files[0].read_text())) == len(check_stack(path).skipped)
    assert json.loads(files[1].read_text()) == []
