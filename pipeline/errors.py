"""The exit statuses of ``python -m pipeline``, and the exception that carries one."""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """Why a command ended; each reason has a number of its own, so that a job can tell them apart."""

    OK = 0
    FAILED = 1
    USAGE = 2
    """Wrong arguments or settings."""
    BAD_PLAN = 3
    """The plan's JSON is empty, truncated, too large, of a newer format, or no plan."""
    BAD_SETTINGS = 4
    """A usage, budget or catalogue file is wrong."""
    UNPRICED = 5
    """A resource type that the estimator does not know."""
    BUDGET = 6
    """A budget that fails is exceeded."""
    DIFFERENT_PLAN = 10
    """What would be applied is not what was reviewed: prod needs a second look."""
    UNREVIEWED = 11
    """No reviewed plan was found to compare with."""
    STALE_PLAN = 12
    """The saved plan is too old, of another commit or state, or was already tried."""
    TAMPERED_PLAN = 13
    """The saved plan cannot be authenticated, or files beside it changed."""
    DATA_LOSS = 14
    """The plan destroys or replaces what holds data, and nobody named that address."""
    APPLY_FAILED = 15
    """Terraform's apply failed; what it reached stays, and a new plan is needed."""
    DRIFT = 16
    """What exists is not what the default branch describes."""
    GITLAB_DENIED = 20
    """GitLab refused the token (401, 403)."""
    GITLAB_MISSING = 21
    """GitLab knows no such project or merge request (404)."""
    GITLAB_CONFLICT = 22
    """GitLab refused because something changed meanwhile (409, 412)."""
    GITLAB_BUSY = 23
    """GitLab asked to come later, for longer than we wait (429)."""
    GITLAB_FAILED = 24
    """GitLab failed (5xx) or gave an answer that is none."""
    GITLAB_UNREACHABLE = 25
    """GitLab could not be reached in time."""


class PipelineError(Exception):
    """Something that a person can mend; its text is one line: what, where, how to mend.

    Attributes:
        status: the exit status of the command.
    """

    def __init__(self, message: str, status: Status = Status.FAILED) -> None:
        """Args: message: one line; status: the exit status."""
        super().__init__(message)
        self.status = status
