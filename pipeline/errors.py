"""The exit statuses of ``python -m pipeline``, and the exception that carries one."""

from __future__ import annotations

from enum import IntEnum
from typing import Self


class Status(IntEnum):
    """Why a command ended; each reason has a number of its own, so that a job can tell them apart.

    Attributes:
        explanation: the reason in words, for ``--help``.
    """

    explanation: str

    def __new__(cls, value: int, explanation: str) -> Self:
        """Args: value: the exit status; explanation: what it means."""
        member = int.__new__(cls, value)
        member._value_ = value
        member.explanation = explanation
        return member

    OK = 0, "all is well"
    FAILED = 1, "a tool failed, or something else that the line on standard error names"
    USAGE = 2, "wrong arguments or variables"
    BAD_PLAN = 3, "the plan's JSON is empty, truncated, too large, of a newer format, or no plan"
    BAD_SETTINGS = 4, "a usage, budget, catalogue or report file is wrong"
    UNPRICED = 5, "a resource type that the estimator does not know"
    BUDGET = 6, "a budget is exceeded"
    REFUSED = 7, "AWS would refuse what the plan wants"
    POLICY = 8, "a policy check fails on the plan"
    DIFFERENT_PLAN = 10, "what would be applied is not what was reviewed"
    UNREVIEWED = 11, "no reviewed plan was found to compare with"
    STALE_PLAN = 12, "the saved plan is too old, of another commit or state, or was tried before"
    TAMPERED_PLAN = 13, "the saved plan cannot be authenticated, or files beside it changed"
    DATA_LOSS = 14, "the plan would destroy or replace what holds data, and nobody named it"
    APPLY_FAILED = 15, "terraform apply failed on the way; a new plan is needed"
    DRIFT = 16, "something was changed outside Terraform"
    GITLAB_DENIED = 20, "GitLab refused the token (401, 403)"
    GITLAB_MISSING = 21, "GitLab knows no such project or merge request (404)"
    GITLAB_CONFLICT = 22, "GitLab refused because something changed meanwhile (409, 412)"
    GITLAB_BUSY = 23, "GitLab asked to come back later than we can wait (429)"
    GITLAB_FAILED = 24, "GitLab failed (5xx), or its answer makes no sense"
    GITLAB_UNREACHABLE = 25, "GitLab could not be reached in time"


class PipelineError(Exception):
    """Something that a person can mend; its text is one line: what, where, how to mend.

    Attributes:
        status: the exit status of the command.
    """

    def __init__(self, message: str, status: Status = Status.FAILED) -> None:
        """Args: message: one line; status: the exit status."""
        super().__init__(message)
        self.status = status
