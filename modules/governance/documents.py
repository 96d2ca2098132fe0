"""The policies that hold the limits: for people, for the pipeline, and for a whole account.

By theme, and for their length, there are three of a kind: what may cost how much, where it may be and
how it is tagged, and what must stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from modules.governance.limits import PIPELINE, Limits
from modules.governance.people import permissions
from modules.governance.statements import databases, machines, protection, regions, tags, volumes
from modules.governance.statements.purchases import purchases
from modules.governance.statements.running_costs import running_costs
from modules.iam import Conditions, Statement

Document = tuple[str, str, tuple[Statement, ...]]
"""Name, description and statements of one policy."""


def for_people(limits: Limits) -> list[Document]:
    """What every group of people is refused, whatever else somebody attaches to it."""
    return [
        ("costs", "What people do not spend", (*_costs(limits), *running_costs())),
        ("places", "Where people are, and what they tag", _places(limits)),
        (
            "guard-rails",
            "What people leave alone",
            (
                protection.watching(),
                protection.state(limits),
                protection.state_key(limits),
                *protection.people(limits),
            ),
        ),
    ]


def boundary_of_people(limits: Limits) -> tuple[Statement, ...]:
    """The most that a person can ever be given: the groups' permissions, within the limits.

    It allows by name. What it does not name (fleets, purchases, whatever runs by the hour, every
    change of permissions, of a network or of a state) needs no refusal, and is left out of the
    limits' refusals. The statements have no names, either: IAM counts every character.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """
    most = permissions.most(limits.environment)
    allowed = [action for statement in most for action in statement.actions]
    refused = (
        regions.models(limits),
        machines.started(limits),
        *volumes.new(limits),
        *volumes.performance(),
        databases.new(limits),
        databases.changed(limits),
        *databases.storage(limits),
        *tags.demanded_of_people(limits),
        *tags.valued(limits),
    )
    return (
        *(replace(statement, sid=None) for statement in most),
        *(
            replace(statement, sid=None, actions=_of_these(statement.actions, allowed))
            for statement in refused
        ),
    )


def boundary_of_services(limits: Limits) -> tuple[Statement, ...]:
    """What the environment's own roles are refused: other regions, and models that answer there.

    Nothing here demands tags: what Lambda and RDS make in a role's name has none.
    """
    return regions.regions(limits)


def for_pipeline(limits: Limits, *, flow_logs_stay: bool) -> list[Document]:
    """What the roles that apply stacks are refused.

    Args:
        limits: the environment's.
        flow_logs_stay: nobody but an administrator deletes flow logs.
    """
    remaining = [protection.flow_logs()] if flow_logs_stay else []
    return [
        ("costs", "What the pipeline does not spend", _costs(limits)),
        (
            "places",
            "Where the pipeline works, and what it tags",
            (*_places(limits), tags.only_ours(limits), *remaining),
        ),
    ]


def for_organization(limits: Limits, *, administrators: Sequence[str]) -> list[Document]:
    """Service control policies for an account that holds this environment and no other.

    They bind whoever is in the account, its administrators as well where money is spent. Regions,
    budgets, trails, states and permissions are left to administrators and, as far as their own
    policies go, to the pipeline's roles. AWS's services' own roles are exempt.

    Args:
        limits: the environment's.
        administrators: ARN patterns of the roles that administer the account.

    Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
    """
    pipeline = limits.environment.iam_arn(f"role/{limits.environment.pattern(f'{PIPELINE}-*')}")
    spared: Conditions = {"ArnNotLike": {"aws:PrincipalArn": (*administrators, pipeline)}}
    others: Conditions = {"ArnNotLike": {"aws:PrincipalArn": administrators}}
    return [
        ("costs", "What nobody spends", _costs(limits)),
        ("places", "Where everybody is, and what is tagged", _places(limits, but_for=others)),
        (
            "guard-rails",
            "What everybody but administrators leaves alone",
            (
                protection.watching(but_for=spared),
                protection.state(limits, but_for=spared),
                protection.state_key(limits, but_for=others),
                protection.administered(limits, but_for=others),
                *protection.bounded(limits, but_for=others),
            ),
        ),
    ]


def _costs(limits: Limits) -> tuple[Statement, ...]:
    return (
        *machines.machines(limits),
        *volumes.new(limits),
        *volumes.changed(limits),
        *volumes.performance(),
        databases.new(limits),
        databases.changed(limits),
        *databases.storage(limits),
        databases.clusters(),
        *purchases(),
    )


def _places(limits: Limits, *, but_for: Conditions | None = None) -> tuple[Statement, ...]:
    return (
        *regions.regions(limits, but_for=but_for),
        *tags.demanded(limits),
        *tags.valued(limits),
        *tags.kept(limits),
    )


def _of_these(actions: Sequence[str], allowed: Sequence[str]) -> tuple[str, ...]:
    """The actions that may be allowed: patterns, and names that a pattern allows."""
    return tuple(
        action
        for action in actions
        if action.endswith("*") or any(fnmatchcase(action, pattern) for pattern in allowed)
    )
