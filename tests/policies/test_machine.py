"""The verdicts as programs read them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from policies import check_stack
from policies.__main__ import main
from policies.findings import Finding, Severity, Verdict
from policies.machine import as_json, code_quality
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
        "severity": "medium",
        "remedy": "",
        "skipped": False,
        "undecided": False,
    }


def test_what_a_plan_leaves_open_is_told_and_what_a_stack_leaves_open_is_not() -> None:
    verdict = replace(VERDICT, failed=(), stale=(), skipped=(), undecided=(FAILED,))
    assert json.loads(as_json([verdict])) == []
    [row] = json.loads(as_json([verdict], planned=True))
    assert (row["undecided"], row["skipped"]) == (True, False)


def test_code_quality_holds_what_fails_each_with_a_fingerprint_of_its_own() -> None:
    first, second = json.loads(code_quality([VERDICT]))
    assert (first["check_name"], second["check_name"]) == ("CKV_AWS_27", "CKV_AWS_7")
    assert first["description"] == "dev: queue_1: Encrypt the queue"
    assert set(first) == {"description", "check_name", "fingerprint", "severity", "location"}
    assert first["location"] == {"path": "environments/app.py", "lines": {"begin": 1}}
    assert first["fingerprint"] != second["fingerprint"]


def test_code_quality_has_gitlabs_severities_and_the_remedy() -> None:
    found = {
        Severity.CRITICAL: "blocker",
        Severity.HIGH: "critical",
        Severity.MEDIUM: "major",
        Severity.LOW: "minor",
    }
    failed = tuple(
        replace(FAILED, check=f"MV_AWS_{number}", severity=severity, remedy="Mend it.")
        for number, severity in enumerate(found)
    )
    rows = json.loads(code_quality([replace(VERDICT, failed=failed, stale=())]))
    assert [row["severity"] for row in rows] == list(found.values())
    assert rows[0]["description"] == "dev: queue_1: Encrypt the queue Mend it."
    assert found.keys() == set(Severity)


def test_the_command_writes_both(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(backend_stack("dev"), tmp_path, "backend-dev")
    files = [tmp_path / "reports" / name for name in ("policies.json", "quality.json")]
    options = ["--json", str(files[0]), "--code-quality", str(files[1])]
    assert main(["--out", str(tmp_path), *options]) == 0
    capsys.readouterr()
    assert len(json.loads(files[0].read_text())) == len(check_stack(path).skipped)
    assert json.loads(files[1].read_text()) == []
