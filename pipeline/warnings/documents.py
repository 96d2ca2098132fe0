"""IAM policy documents as sets of grants that can be compared."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from pipeline.plan.values import as_list, as_map, as_text, blocks

Statement = dict[str, Any]

_NOT = "not "
"""How what a statement leaves out begins."""


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """One action on one resource by one principal, under conditions.

    Attributes:
        action: such as ``sqs:SendMessage``; ``not <action>`` where all others are meant.
        resource: an ARN or pattern; ``not <ARN>`` where all others are meant.
        principal: who; empty in a policy of an identity.
        conditions: canonical JSON; empty where it always holds.
    """

    action: str
    resource: str
    principal: str
    conditions: str

    @property
    def of_identity(self) -> bool:
        """Whether it stands in a policy of whoever may do it."""
        return not self.principal

    @property
    def service(self) -> str:
        """Of its action, in lower case, such as ``sqs``."""
        return self.action.lower().partition(":")[0]

    @property
    def every_action(self) -> bool:
        """Whether it is for all actions of a service, or of all services."""
        return self.service == "*" or self.action.endswith(":*")

    def allows(self, action: str) -> bool:
        """Whether it is for an action, given in lower case."""
        return not self.action.startswith(_NOT) and _within(action, self.action.lower())

    def reaches(self, other: Grant) -> bool:
        """Whether it is for all that another grant is for, by whomever and whenever."""
        return _within(other.action.lower(), self.action.lower()) and _within(
            other.resource, self.resource
        )

    def covers(self, other: Grant) -> bool:
        """Whether whoever has this grant gains nothing by the other one."""
        return (
            self.conditions in ("", other.conditions)
            and self.principal in ("*", other.principal)
            and self.reaches(other)
        )

    def __str__(self) -> str:
        """In words, for a warning."""
        who = f" by {self.principal}" if self.principal else ""
        when = " under a condition" if self.conditions else ""
        return f"{self.action} on {self.resource or 'itself'}{who}{when}"


def named(found: Iterable[Grant]) -> str:
    """The first grants in words, and how many more there are."""
    return listed(sorted({str(grant) for grant in found}))


def listed(texts: list[str]) -> str:
    """The first texts, and how many more there are; the plan below a warning holds all."""
    more = len(texts) - _SHOWN
    return "; ".join(texts[:_SHOWN]) + (f"; and {more} more" if more > 0 else "")


_SHOWN = 3


def _within(inner: str, outer: str) -> bool:
    """Whether a pattern matches only what another matches; IAM's ``*`` and ``?``."""
    if inner == outer:
        return True
    if inner.startswith(_NOT) or outer.startswith(_NOT):
        return outer == "*"
    return fnmatchcase(inner, outer.replace("[", "[[]"))


def statements(document: object) -> list[Statement]:
    """The statements of a policy given as JSON text; none where it is no policy."""
    if not isinstance(document, str) or not document.lstrip().startswith("{"):
        return []
    try:
        parsed = json.loads(document)
    except (ValueError, RecursionError):
        return []
    return [dict(row) for row in blocks(as_map(parsed).get("Statement"))]


def grants(rows: Iterable[Statement], effect: str = "Allow") -> frozenset[Grant]:
    """Every grant (or denial) in statements, one by one."""
    return frozenset(
        Grant(action=action, resource=resource, principal=principal, conditions=_conditions(row))
        for row in rows
        if row.get("Effect") == effect
        for action in _named(row, "Action")
        for resource in _named(row, "Resource")
        for principal in _principals(row)
    )


def added(before: Iterable[Statement], after: Iterable[Statement]) -> list[Grant]:
    """Grants that somebody gains: those of ``after`` that nothing in ``before`` covers."""
    had = grants(before)
    gained = grants(after) - had
    return sorted(g for g in gained if not any(old.covers(g) for old in had))


def _named(row: Statement, name: str) -> list[str]:
    if name in row:
        return _many(row[name])
    return [f"{_NOT}{value}" for value in _many(row.get(f"Not{name}", []))] or [""]


def _principals(row: Statement) -> list[str]:
    if "NotPrincipal" in row:
        return ["*"]
    principal = row.get("Principal")
    if principal is None:
        return [""]
    if isinstance(principal, dict):
        return [value for values in principal.values() for value in _many(values)]
    return _many(principal)


def _conditions(row: Statement) -> str:
    condition = row.get("Condition")
    return json.dumps(condition, sort_keys=True) if condition else ""


def _many(value: object) -> list[str]:
    return [text for item in as_list(value) if (text := as_text(item))]
