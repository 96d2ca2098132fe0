"""What somebody changed behind Terraform's back: what the plan would undo, and what it would not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from pipeline.plan.attributes import path_text
from pipeline.plan.masking import with_secrecy
from pipeline.plan.model import Action, Change, Plan
from pipeline.plan.text import escaped
from pipeline.plan.values import as_map, as_text
from pipeline.report.model import PlanWarning, Topic
from pipeline.warnings.accounts import Accounts
from pipeline.warnings.additions import additions
from pipeline.warnings.data import lost_with
from pipeline.warnings.exposure import exposed
from pipeline.warnings.permissions import widened
from pipeline.warnings.policies import judged_policies
from pipeline.warnings.protection import unprotected

_NAMED = 5
_NAMES = ("name", "function_name", "alarm_name", "identifier", "bucket", "id")
"""Attributes by which people know a resource, best first."""
_BY_KEY = ("tags", "tags_all")
_SHORT = {"iam", "vpc", "s3", "db", "sns", "sqs", "kms", "api"}


def drifted(plan: Plan, accounts: Accounts) -> Iterator[PlanWarning]:
    """A warning for each resource that somebody deleted, changed or added to outside Terraform.

    Terraform lists everything that it reads otherwise than it remembers, such as the routes that a
    route table got after it was made. What counts is what the plan would change back: an attribute
    that differs from the state and from the configuration. What was added, no plan takes away.

    Args:
        plan: the plan.
        accounts: which are ours.
    """
    planned = {change.address: change for change in plan.changed}
    for change in plan.drift:
        if change.action == Action.DELETE:
            text = "was deleted outside Terraform; the plan would create it again"
        elif names := _reverted(change, planned.get(change.address)):
            text = f"was changed outside Terraform: {_listed(change, names)}"
        else:
            continue
        harm = _harm(change, plan, accounts)
        yield _warning(change, plan, "; ".join([text, *harm]), serious=bool(harm))
    for each in additions(plan):
        text = f"{each.text}: added outside Terraform, and no plan takes it away"
        yield _warning(each.change, plan, text, serious=each.opens)


def _warning(change: Change, plan: Plan, text: str, *, serious: bool) -> PlanWarning:
    topic = Topic.HARMFUL_DRIFT if serious else Topic.DRIFT
    return PlanWarning(
        topic=topic,
        address=change.address,
        text=f"{_named(change)}{_owner(change, plan)} {text}",
    )


def _owner(change: Change, plan: Plan) -> str:
    """The security group of a rule, whose own name says nothing to anybody."""
    group = as_map(change.before).get("security_group_id")
    known = (each for each in plan.by_type.get("aws_security_group", ()))
    return next(
        (
            f" of {_named(each)}"
            for each in known
            if group and as_map(each.before).get("id") == group
        ),
        "",
    )


def _named(change: Change) -> str:
    """What it is and how AWS calls it, such as ``the security group mapvibe-dev-database``."""
    words = change.type.removeprefix("aws_").split("_")
    kind = " ".join(word.upper() if word in _SHORT else word for word in words)
    values = as_map(change.before)
    name = next(filter(None, (as_text(values.get(each)) for each in _NAMES)), "")
    return f"the {kind} {escaped(name)}".rstrip()


def _harm(change: Change, plan: Plan, accounts: Accounts) -> list[str]:
    """What the change opens or loses, as a reviewer would be told if it were planned."""
    found = chain(
        exposed(change, plan, accounts),
        unprotected(change),
        widened(change),
        judged_policies(change, plan, accounts),
    )
    lost = lost_with(change.type) if change.action is Action.DELETE else ""
    return [*([f"lost: {lost}"] if lost else []), *dict.fromkeys(w.text for w in found)]


def _reverted(drift: Change, planned: Change | None) -> list[str]:
    """Names of the attributes that drifted and that the plan changes."""
    return sorted(_differing(drift) & _differing(planned)) if planned else []


def _differing(change: Change) -> set[str]:
    before, after = change.before or {}, change.after or {}
    # Providers tell null, an empty text and no items alike.
    return {
        name
        for name in {*before, *after}
        if (before.get(name) or None) != (after.get(name) or None)
    }


def _listed(change: Change, names: list[str]) -> str:
    """The attributes, with what they were and are where that is a plain number or switch."""
    found: dict[str, None] = {}
    for leaf, secret in with_secrecy(change):
        if leaf.path[0] not in names:
            continue
        values = (leaf.before, leaf.after)
        if not secret and all(isinstance(value, int | float) for value in values):
            found[f"{path_text(leaf.path)} {_plain(leaf.before)} → {_plain(leaf.after)}"] = None
        else:
            # A tag is named; of a document that it differs is enough.
            found[path_text(leaf.path[: 2 if leaf.path[0] in _BY_KEY else 1])] = None
    listed = list(found or names)
    more = len(listed) - _NAMED
    return ", ".join(listed[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)
