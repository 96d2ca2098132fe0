"""Checkov's findings, and which of them are new on this branch."""

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


def new_findings(found: Iterable[PolicyFinding], baseline: Iterable[PolicyFinding]) -> Findings:
    """Those that the default branch does not have; another reason for a skip is a new one."""
    known = set(baseline)
    return tuple(finding for finding in found if finding not in known)
