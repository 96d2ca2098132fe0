"""IAM policy documents as sets of grants that can be compared."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

Statement = dict[str, Any]


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

    def covers(self, other: Grant) -> bool:
        """Whether whoever has this grant gains nothing by the other one."""
        return (
            self.conditions in ("", other.conditions)
            and _within(other.action.lower(), self.action.lower())
            and _within(other.resource, self.resource)
            and (self.principal in ("*", other.principal))
        )

    def __str__(self) -> str:
        """In words, for a warning."""
        who = f" by {self.principal}" if self.principal else ""
        when = " under a condition" if self.conditions else ""
        return f"{self.action} on {self.resource or 'itself'}{who}{when}"


def _within(inner: str, outer: str) -> bool:
    """Whether a pattern matches only what another matches; IAM's ``*`` and ``?``."""
    if inner == outer:
        return True
    if inner.startswith("not ") or outer.startswith("not "):
        return outer == "*"
    return fnmatchcase(inner, outer.replace("[", "[[]"))


def statements(document: object) -> list[Statement]:
    """The statements of a policy given as JSON text; none where it is no policy."""
    if not isinstance(document, str) or not document.lstrip().startswith("{"):
        return []
    try:
        parsed = json.loads(document)
    except ValueError:
        return []
    found = parsed.get("Statement", [])
    rows = found if isinstance(found, list) else [found]
    return [row for row in rows if isinstance(row, dict)]


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


def public_statements(rows: Iterable[Statement]) -> Iterator[str]:
    """Actions that anybody may do without a condition, each in words."""
    for grant in sorted(grants(rows)):
        if grant.principal == "*" and not grant.conditions:
            yield f"{grant.action} on {grant.resource or 'itself'}"


def _named(row: Statement, name: str) -> list[str]:
    if name in row:
        return _many(row[name])
    return [f"not {value}" for value in _many(row.get(f"Not{name}", []))] or [""]


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
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]
