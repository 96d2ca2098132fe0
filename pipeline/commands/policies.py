"""Findings of the policy checks, of plans too, and which of them are new on this branch."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from pipeline.errors import PipelineError, Status
from pipeline.report.model import PolicyFinding

Findings = tuple[PolicyFinding, ...]


def read_policies(path: Path) -> Findings:
    """Findings from a file of ``python -m policies --json``.

    Raises:
        PipelineError: the file is missing or is none of that kind.
    """
    try:
        return parse_policies(path.read_bytes(), name=str(path))
    except OSError as error:
        raise PipelineError(
            f"{path}: cannot be read: {error.strerror}; write it with 'python -m policies --json'",
            Status.BAD_SETTINGS,
        ) from None


def parse_policies(data: bytes, *, name: str) -> Findings:
    """Findings from JSON.

    Args:
        data: what ``python -m policies --json`` wrote.
        name: the file's name, for a message.

    Raises:
        PipelineError: it is none of that kind.
    """
    try:
        return msgspec.json.decode(data, type=Findings)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PipelineError(
            f"{name}: no findings of 'python -m policies --json': {error}; write it again",
            Status.BAD_SETTINGS,
        ) from None


def plan_findings(folder: Path, plan: Path) -> Findings:
    """What the policy checks say of a plan: what fails, and what nobody can say before the apply.

    Skips are those of the stack, which the job that checks all stacks tells.

    Args:
        folder: the stack's folder.
        plan: what ``terraform show -json`` wrote.

    Raises:
        PipelineError: the checks failed themselves.
    """
    # Checkov takes seconds to import: only who plans shall wait for it.
    from policies import check_plan
    from policies.errors import PolicyError
    from policies.machine import as_json

    try:
        verdict = check_plan(folder / "cdk.tf.json", plan)
    except PolicyError as error:
        raise PipelineError(str(error)) from None
    found = parse_policies(as_json([verdict], planned=True).encode(), name=str(plan))
    return tuple(finding for finding in found if not finding.skipped)


def new_findings(found: Iterable[PolicyFinding], baseline: Iterable[PolicyFinding]) -> Findings:
    """Those that the default branch does not have; another reason for a skip is a new one."""
    known = {_identity(finding) for finding in baseline}
    return tuple(finding for finding in found if _identity(finding) not in known)


def _identity(finding: PolicyFinding) -> tuple[object, ...]:
    """What makes it the same finding, in whatever words its remedy is."""
    return finding.stack, finding.resource, finding.check, finding.text, finding.skipped
