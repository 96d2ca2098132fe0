"""What the checks found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much harm it does where a check fails, worst first."""

    CRITICAL = "critical"
    """Anybody could read, change or delete."""
    HIGH = "high"
    """Data could be lost or read, or money spent without end, after one more mistake."""
    MEDIUM = "medium"
    """A safeguard is missing. Checkov's own checks rank here: without its maker's service they carry
    no severity."""
    LOW = "low"
    """It is untidy."""


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Finding:
    """One check on one resource.

    Attributes:
        stack: id of the stack.
        resource: the resource's name in the stack's JSON, without its type.
        check: the check's id.
        text: what is wrong (the check's title for Checkov's own), or the reason for a skip.
        severity: how much harm it does.
        remedy: how to mend it; empty for Checkov's own.
    """

    stack: str
    resource: str
    check: str
    text: str
    severity: Severity = Severity.MEDIUM
    remedy: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What the checks say of one stack.

    Attributes:
        stack: id of the stack.
        passed: number of checks that passed.
        failed: checks that failed and are not skipped, worst first.
        skipped: checks that failed and are skipped with a reason.
        stale: skips of checks that no longer fail: to be removed.
        undecided: checks that what is not known yet leaves open: the plan decides them, and of
            what a plan leaves open nobody can say before the apply.
    """

    stack: str
    passed: int
    failed: tuple[Finding, ...]
    skipped: tuple[Finding, ...]
    stale: tuple[Finding, ...]
    undecided: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing fails and no skip is left over."""
        return not self.failed and not self.stale
