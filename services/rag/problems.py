"""Errors as problem details for the caller (RFC 9457)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request.

    Attributes:
        pointer: where, as a JSON pointer into the body or ``?name`` for a query parameter.
        detail: what is wrong there; never the value itself.
    """

    pointer: str
    detail: str


class Problem(Exception):
    """A request ends with this status.

    Attributes:
        status: the HTTP status.
        detail: one sentence for the caller: what, where, how to mend.
        retry_after_seconds: when it may be worth trying again.
        faults: what is wrong with the request, if there is more than one thing to say.
    """

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        retry_after_seconds: int | None = None,
        faults: Sequence[Fault] = (),
    ) -> None:
        """Keep the members of the problem."""
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.retry_after_seconds = retry_after_seconds
        self.faults = tuple(faults)

    def body(self, request_id: str) -> dict[str, Any]:
        """Return the members of the problem.

        Args:
            request_id: what finds the request in the logs.

        Returns:
            What becomes JSON.
        """
        members: dict[str, Any] = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": int(self.status),
            "detail": self.detail,
            "request_id": request_id,
        }
        if self.faults:
            members["errors"] = [
                {"pointer": fault.pointer, "detail": fault.detail} for fault in self.faults
            ]
        return members
