"""Finds what a policy says and AWS never does: a grant that never works, a refusal that never holds.

IAM takes such policies without a word. The rules are those of AWS's tables
(:mod:`tests.support.iam.reference`): an action that takes no resource works on ``*`` alone; one that
takes several needs a resource of each; a condition on a key that is not sent never holds.
Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tests.support.iam.patterns import listed
from tests.support.iam.reference import EVERY_REQUEST, FROM_SERVICES, Action, actions

Statement = Mapping[str, Any]

ONE_OF = frozenset(
    {
        "athena:ListTagsForResource",
        "athena:TagResource",
        "athena:UntagResource",
        "bedrock:InvokeModel",
    }
)
"""Actions that AWS's tables want every type for, though a call names one thing, of one type."""


def dead(statements: Sequence[Statement]) -> Iterator[str]:
    """What of one policy does nothing, in words.

    Args:
        statements: the policy's, with ARNs for placeholders.
    """
    for statement in statements:
        for element in ("Action", "NotAction"):
            for pattern in listed(statement.get(element, ())):
                if not actions(pattern):
                    yield f"{pattern}: AWS has no such action"
        if "Resource" in statement:
            yield from _without_resource(statement)
            yield from _without_action(statement)
        yield from _unsent_keys(statement)


def incomplete(policies: Iterable[Sequence[Statement]]) -> Iterator[str]:
    """Actions that are allowed on some of the resources that they need, and so never work.

    Args:
        policies: all policies of one role or group.
    """
    granted: dict[str, tuple[Action, list[str]]] = {}
    for statement in (each for policy in policies for each in policy):
        if statement["Effect"] == "Allow" and "Resource" in statement:
            for action in _named(statement):
                _, resources = granted.setdefault(action.name, (action, []))
                resources += listed(statement["Resource"])
    for name, (action, resources) in granted.items():
        if name in ONE_OF and any(_acts_on(action, resource) for resource in resources):
            continue
        for each in action.types:
            if each.required and not any(each.named_by(resource) for resource in resources):
                yield f"{name}: no {each.name} among its resources"


def _named(statement: Statement) -> list[Action]:
    return [found for each in listed(statement.get("Action", ())) for found in actions(each)]


def _acts_on(action: Action, resource: str) -> bool:
    return resource == "*" or any(each.named_by(resource) for each in action.types)


def _without_resource(statement: Statement) -> Iterator[str]:
    resources = listed(statement["Resource"])
    for pattern in listed(statement.get("Action", ())):
        found = actions(pattern)
        if found and not any(_acts_on(action, each) for action in found for each in resources):
            yield f"{pattern}: acts on none of {', '.join(resources)}"


def _without_action(statement: Statement) -> Iterator[str]:
    found = _named(statement)
    for resource in listed(statement["Resource"]):
        if found and not any(_acts_on(action, resource) for action in found):
            yield f"{resource}: none of the statement's actions acts on it"


def _unsent_keys(statement: Statement) -> Iterator[str]:
    keys = {key for condition in statement.get("Condition", {}).values() for key in condition}
    for pattern in listed(statement.get("Action", ())):
        for key in sorted(keys):
            if not _is_sent(key, actions(pattern), statement):
                yield f"{pattern}: AWS sends no {key} with it"


def _is_sent(key: str, found: Sequence[Action], statement: Statement) -> bool:
    name = key.lower()
    principal = statement.get("Principal", {})
    if name in EVERY_REQUEST or any(action.takes(name) for action in found):
        return True
    if principal != "*" and "Service" in principal:
        return name in FROM_SERVICES
    # Claims of a web identity's token carry the name of whoever issued it.
    provider = principal.get("Federated", "") if principal != "*" else ""
    return bool(provider) and name.rpartition(":")[0] == provider.partition("/")[2]
