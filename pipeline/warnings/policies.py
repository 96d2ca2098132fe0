"""Policy documents: whom they let in, and what they let somebody do."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from pipeline.plan.masked import Masked
from pipeline.plan.model import Action, Change, Plan
from pipeline.plan.values import as_list, as_map, at
from pipeline.report.model import PlanWarning, Topic
from pipeline.schema import Need
from pipeline.warnings import judged
from pipeline.warnings.accounts import Accounts
from pipeline.warnings.callers import Caller, caller, grouped
from pipeline.warnings.documents import (
    Grant,
    Statement,
    added,
    grants,
    listed,
    named,
    statements,
)
from pipeline.warnings.escalation import escalations
from pipeline.warnings.side import HIDDEN, Side, sides

_READ_ONLY = ("describe", "get", "list", "batchget", "view", "lookup")
_TRUST = "assume_role_policy"
_UNKNOWN = "known only after the apply: nobody can review what {} will allow"

_OF_A_NETWORK = frozenset({"aws_vpc_endpoint", "aws_vpc_endpoint_policy"})
"""Their policies narrow what goes through them: who calls has permissions of his own."""

_NETWORK = "vpc_options"
"""A search domain in a VPC is reached by whom its security groups let in."""


_SEPARATE = (Action.CREATE, Action.DELETE)
"""What is not known of a new policy is told once for all; one that goes has nothing to review."""


class _Document(NamedTuple):
    """A policy before and after."""

    path: str
    before: list[Statement]
    after: list[Statement]


def judged_policies(change: Change, plan: Plan, accounts: Accounts) -> Iterator[PlanWarning]:
    """A warning for each way in which a resource's policies let somebody do more.

    Args:
        change: the resource.
        plan: it is part of.
        accounts: which are ours.
    """
    paths = judged.documents(change.type)
    if not paths or change.action is Action.FORGET:
        return
    before, after = sides(change, plan, accounts)
    for path, need in paths.items():
        document = _Document(path, _rows(before, path), _rows(after, path))
        unreadable = _marked(path, before, after)
        if not unreadable and change.action not in _SEPARATE and _to_come(after, path, need):
            unreadable = f"{_called(path)} is {_UNKNOWN.format('it')}"
        if unreadable:
            yield PlanWarning(topic=Topic.IAM, address=change.address, text=unreadable)
        else:
            for topic, text in _texts(change, document, accounts):
                yield PlanWarning(topic=topic, address=change.address, text=text)
            yield from _no_longer_denied(change, document)


def _no_longer_denied(change: Change, document: _Document) -> Iterator[PlanWarning]:
    if gone := grants(document.before, "Deny") - grants(document.after, "Deny"):
        text = f"is no longer denied {named(gone)}"
        yield PlanWarning(topic=Topic.IAM, address=change.address, text=text)


def unknown_policies(plan: Plan, accounts: Accounts) -> Iterator[PlanWarning]:
    """One warning for all new policies that are known only after the apply."""
    found = [
        (change.address, path)
        for change in plan.changed
        if change.action is Action.CREATE
        for path, need in judged.documents(change.type).items()
        if _to_come(sides(change, plan, accounts)[1], path, need)
    ]
    if len(found) == 1:
        [(address, path)] = found
        text = f"{_called(path)} is {_UNKNOWN.format('it')}"
        yield PlanWarning(topic=Topic.IAM, address=address, text=text)
    elif found:
        which = listed([f"{address} {_called(path)}" for address, path in sorted(found)])
        text = f"{len(found)} new policies are {_UNKNOWN.format('they')} ({which})"
        yield PlanWarning(topic=Topic.IAM, address="", text=text)


def _called(path: str) -> str:
    return path.rpartition(".")[2]


def _rows(side: Side, path: str) -> list[Statement]:
    texts = (text for value in at(side.values, path) for text in as_list(value))
    return [row for text in texts for row in statements(text)]


def _marked(path: str, before: Side, after: Side) -> str:
    """Why nobody can review a policy that is marked sensitive and changes."""
    marked = [value for value in at(after.values, path) if isinstance(value, Masked)]
    had = list(at(before.values, path))
    return f"{_called(path)} is {HIDDEN}" if any(value not in had for value in marked) else ""


def _to_come(side: Side, path: str, need: Need) -> bool:
    """Whether a policy that somebody writes is known only after the apply."""
    return side.is_unknown(path) and (need != "optional+computed" or side.is_written(path))


def _texts(change: Change, document: _Document, accounts: Accounts) -> Iterator[tuple[Topic, str]]:
    denials = grants(document.after, "Deny")
    gained = [
        grant
        for grant in added(document.before, document.after)
        if not any(denial.covers(grant) for denial in denials)
    ]
    told = _let_in(change, document, gained, denials, accounts)
    for (topic, who), found in grouped(told).items():
        yield topic, _words(document.path, who, found)
    rest = [grant for grant in gained if grant not in told]
    for way in escalations(grants(document.after)):
        if not way.grants.isdisjoint(rest):
            yield Topic.IAM, way.text
            rest = [grant for grant in rest if grant not in way.grants]
    if change.action is Action.CREATE:
        # All that a new policy grants is new; what is worth a look is what it does not limit.
        rest = [grant for grant in rest if _unlimited(grant)]
    if rest:
        yield Topic.IAM, f"may now {named(rest)}"


def _let_in(
    change: Change,
    document: _Document,
    gained: Collection[Grant],
    denials: Collection[Grant],
    accounts: Accounts,
) -> dict[Grant, Caller]:
    """Grants that somebody gets of whom a reviewer must know, with who it is."""
    if change.type in _OF_A_NETWORK or as_list(as_map(change.after).get(_NETWORK)):
        return {}
    trust = _called(document.path) == _TRUST
    return {
        grant: who
        for grant in gained
        if not grant.of_identity and (who := caller(grant, denials, accounts, trust=trust))
    }


def _words(path: str, who: str, found: Collection[Grant]) -> str:
    if _called(path) == _TRUST:
        return f"{who} may assume the role"
    what = {f"{grant.action} on {grant.resource or 'itself'}" for grant in found}
    return f"its policy lets {who} {listed(sorted(what))}"


def _unlimited(grant: Grant) -> bool:
    """Whether a grant of an identity reaches further than one action on named resources."""
    if not grant.of_identity:
        return False
    if grant.action.startswith("not ") or grant.resource.startswith("not "):
        return True
    if grant.every_action:
        return True
    reads = grant.action.lower().partition(":")[2].startswith(_READ_ONLY)
    return grant.resource == "*" and not reads and not grant.conditions
