"""The verdicts for programs: our own JSON, and GitLab's Code Quality report."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from policies.findings import Finding, Severity, Verdict

SOURCE = "environments/app.py"
"""Code Quality wants a file of the repository: the one that builds every stack. The resource stands
in the description."""


def as_json(verdicts: Iterable[Verdict], *, planned: bool = False) -> str:
    """Every failure and every skip, as ``pipeline.report.model.PolicyFinding`` reads them.

    A stale skip is told as a failure: it fails too.

    Args:
        verdicts: of stacks, or of a plan.
        planned: tell also what is left open: of a stack the plan decides it, of a plan nobody can
            say before the apply.
    """
    rows = [
        {**_row(finding), "skipped": kind == "skipped", "undecided": kind == "undecided"}
        for verdict in verdicts
        for kind, findings in (
            ("failed", (*verdict.failed, *map(_stale, verdict.stale))),
            ("undecided", verdict.undecided if planned else ()),
            ("skipped", verdict.skipped),
        )
        for finding in findings
    ]
    return json.dumps(rows, indent=2) + "\n"


def _stale(finding: Finding) -> Finding:
    text = f"it passes now, and is skipped because: {finding.text}"
    return replace(finding, text=text, severity=Severity.LOW, remedy="Remove the skip.")


def _row(finding: Finding) -> dict[str, Any]:
    return {
        "stack": finding.stack,
        "resource": finding.resource,
        "check": finding.check,
        "text": finding.text,
        "severity": finding.severity,
        "remedy": finding.remedy,
    }


_CODE_QUALITY = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
}
"""GitLab's words, of which ``blocker`` is the worst.

Source: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""


def code_quality(verdicts: Iterable[Verdict]) -> str:
    """Failures in GitLab's format (docs.gitlab.com/ci/testing/code_quality)."""
    return (
        json.dumps(
            [
                {
                    "description": " ".join(
                        (f"{f.stack}: {f.resource}: {f.text}", f.remedy)
                    ).strip(),
                    "check_name": f.check,
                    "fingerprint": hashlib.sha256(
                        f"{f.stack} {f.resource} {f.check}".encode()
                    ).hexdigest(),
                    "severity": _CODE_QUALITY[f.severity],
                    "location": {"path": SOURCE, "lines": {"begin": 1}},
                }
                for verdict in verdicts
                for f in (*verdict.failed, *map(_stale, verdict.stale))
            ],
            indent=2,
        )
        + "\n"
    )
