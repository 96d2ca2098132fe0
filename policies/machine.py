"""The verdicts for programs: our own JSON, and GitLab's Code Quality report."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from policies.run import Finding, Verdict

SOURCE = "environments/app.py"
"""Code Quality wants a file of the repository: the one that builds every stack. The resource stands
in the description."""


def as_json(verdicts: Iterable[Verdict]) -> str:
    """Every failure and every skip, as ``pipeline.report.model.PolicyFinding`` reads them.

    A stale skip is told as a failure: it fails too.
    """
    rows = [
        _row(finding, skipped=skipped)
        for verdict in verdicts
        for findings, skipped in (
            (verdict.failed, False),
            (verdict.stale, False),
            (verdict.skipped, True),
        )
        for finding in findings
    ]
    return json.dumps(rows, indent=2) + "\n"


def _row(finding: Finding, *, skipped: bool) -> dict[str, Any]:
    return {
        "stack": finding.stack,
        "resource": finding.resource,
        "check": finding.check,
        "text": finding.text,
        "skipped": skipped,
    }


def code_quality(verdicts: Iterable[Verdict]) -> str:
    """Failures in GitLab's format (docs.gitlab.com/ci/testing/code_quality)."""
    return (
        json.dumps(
            [
                {
                    "description": f"{f.stack}: {f.resource}: {f.text}",
                    "check_name": f.check,
                    "fingerprint": hashlib.sha256(
                        f"{f.stack} {f.resource} {f.check}".encode()
                    ).hexdigest(),
                    "severity": "major",
                    "location": {"path": SOURCE, "lines": {"begin": 1}},
                }
                for verdict in verdicts
                for f in (*verdict.failed, *verdict.stale)
            ],
            indent=2,
        )
        + "\n"
    )
