"""Grants with which somebody can get more than they were given.

The combinations are those of ``cloudsplaining``, a library that Checkov brings with it. Only its
data is used: its evaluation needs the definitions of all of AWS's actions, 11 MB that take half a
second of a report, and ends in a traceback at a statement that misses an element.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from typing import NamedTuple

from pipeline.warnings import conditions
from pipeline.warnings.documents import Grant, named

_GIVE_ROLE = "iam:passrole"
_BECOME = "sts:assumerole"
_MORE_WRITING = (
    "iam:deleterolepermissionsboundary",
    "iam:deleteuserpermissionsboundary",
    "iam:putrolepermissionsboundary",
    "iam:putuserpermissionsboundary",
)
_MORE_RUNNING = (
    "apprunner:createservice",
    "autoscaling:createautoscalinggroup",
    "batch:registerjobdefinition",
    "codebuild:createproject",
    "codebuild:updateproject",
    "ec2:associateiaminstanceprofile",
    "ec2:requestspotinstances",
    "ecs:registertaskdefinition",
    "ecs:runtask",
    "ecs:starttask",
    "elasticmapreduce:runjobflow",
    "glue:createjob",
    "glue:updatejob",
    "lambda:updatefunctionconfiguration",
    "sagemaker:createnotebookinstance",
    "sagemaker:createprocessingjob",
    "sagemaker:createtrainingjob",
    "ssm:startautomationexecution",
    "states:createstatemachine",
    "states:updatestatemachine",
)
"""What the library's list lacks: services that run what they are given, as the role that they get.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
(actions that depend on iam:PassRole)
"""


class Escalation(NamedTuple):
    """A way to more permissions.

    Attributes:
        text: what somebody may do then.
        grants: what it takes.
    """

    text: str
    grants: frozenset[Grant]


class _Known(NamedTuple):
    """Actions in lower case."""

    writing: frozenset[str]
    running: frozenset[str]
    changing: frozenset[str]


@cache
def _known() -> _Known:
    """The library's actions by what they are for; it is imported when a policy asks for it."""
    from cloudsplaining.shared.constants import PRIVILEGE_ESCALATION_METHODS

    methods = [frozenset(actions) for actions in PRIVILEGE_ESCALATION_METHODS.values()]
    passing = frozenset().union(*(each for each in methods if _GIVE_ROLE in each))
    rest = frozenset().union(*(each for each in methods if _GIVE_ROLE not in each))
    writing = frozenset(action for action in rest if action.startswith("iam:"))
    starters = frozenset(
        action for action in passing if action.partition(":")[2].startswith(("create", "run"))
    )
    return _Known(
        writing=writing | frozenset(_MORE_WRITING),
        running=(starters - {"dynamodb:createtable", "lambda:createeventsourcemapping"})
        | frozenset(_MORE_RUNNING),
        changing=rest - writing - {_BECOME},
    )


def escalations(allowed: Collection[Grant]) -> Iterator[Escalation]:
    """Ways to more permissions in the grants of an identity.

    Args:
        allowed: its grants. One for all actions of a service is no way of its own: that is told
            as it is.
    """
    some = [grant for grant in allowed if grant.of_identity and not grant.every_action]
    free = [grant for grant in some if not _is_limited(grant)]
    if writing := _with(free, "writing", ("iam",)):
        yield _one("may give itself more permissions", writing)
    wide = [grant for grant in free if _is_open(grant.resource)]
    if changing := _with(wide, "changing", ("lambda", "glue")):
        yield _one("may change the code of what has other roles", changing)
    if become := [grant for grant in wide if grant.allows(_BECOME)]:
        yield _one("may become any role that trusts its account", become)
    passing = [each for each in some if each.allows(_GIVE_ROLE) and _is_open(each.resource)]
    if passing and (running := _with(allowed, "running")):
        text = (
            f"may run code as any role that it hands over: {named(passing)} with {named(running)}"
        )
        yield Escalation(text, frozenset((*passing, *running)))
    elif passing := [grant for grant in passing if not _is_limited(grant)]:
        yield _one("may give any role to a service", passing)


def _one(text: str, found: Collection[Grant]) -> Escalation:
    return Escalation(f"{text}: {named(found)}", frozenset(found))


def _with(found: Collection[Grant], kind: str, services: Collection[str] = ()) -> list[Grant]:
    """Grants that allow an action of a kind, which some services have."""
    candidates = [each for each in found if not services or each.service in (*services, "*")]
    if not candidates:
        return []
    actions = getattr(_known(), kind)
    return [grant for grant in candidates if any(map(grant.allows, actions))]


def _is_limited(grant: Grant) -> bool:
    """Whether conditions narrow a grant, or it is for whoever has it alone."""
    return "${aws:username}" in grant.resource or conditions.narrows(grant.conditions)


def _is_open(resource: str) -> bool:
    """Whether a resource is any of its kind, such as ``arn:aws:iam::111122223333:role/*``."""
    if resource.startswith("not "):
        return True
    kind, *name = _SEPARATOR.split(resource.split(":", 5)[-1], maxsplit=1)
    return (name[0] if name else kind).startswith(("*", "?"))


_SEPARATOR = re.compile("[:/]")
