"""The roles of GitLab's jobs: what they hold, and what their calls are to IAM."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tests.support.iam.decisions import Context, Policies, Request, Statements, decide
from tests.support.iam.reference import arns
from tests.support.provider_calls import ACCOUNT, ANY, REGION, Call
from tests.support.stacks import Stack, policy_of


def role_policies(stack: Stack, role: str) -> dict[str, list[dict[str, Any]]]:
    """Name to statements of the managed policies that a pipeline's role has.

    Args:
        stack: the pipeline's stack.
        role: ``plan``, ``apply``, or the apply role of another system, ``apply-<system>``.
    """
    made = stack.resources("aws_iam_policy")
    found = {}
    for attachment in stack.resources("aws_iam_role_policy_attachment").values():
        if f"gitlab_{role}_" in attachment["role"]:
            policy = made[attachment["policy_arn"].split(".")[1]]
            found[policy["name"]] = policy_of(policy)
    assert found, f"no role {role}"
    return found


def role_statements(stack: Stack, role: str) -> list[dict[str, Any]]:
    """All statements of :func:`role_policies`."""
    return [each for statements in role_policies(stack, role).values() for each in statements]


def requests(role: str, action: str, resource: str, context: Context) -> list[Request]:
    """What IAM judges when a job calls AWS: a request for each resource that the call acts on.

    Args:
        role: as for :func:`role_policies`.
        action: ``service:Name``.
        resource: an ARN; ``ANY`` stands for all that the action always acts on, with ids of AWS's.
        context: what the request carries, besides the region.
    """
    found = arns(action, ACCOUNT, REGION) if resource == ANY else [resource]
    return [
        Request(
            principal=f"arn:aws:sts::{ACCOUNT}:assumed-role/mapvibe-dev-pipeline-{role}/job",
            action=action,
            resource=each,
            context={"aws:RequestedRegion": REGION, **context},
        )
        for each in found
    ]


def refused(
    stack: Stack,
    role: str,
    calls: Iterable[Call],
    *,
    widened: Statements | None = None,
    boundary: Statements | None = None,
    scps: Sequence[Sequence[Statements]] = (),
) -> list[Call]:
    """The calls that a role may not make: each on every resource that it acts on, or not at all.

    Args:
        stack: the pipeline's stack.
        role: as for :func:`role_policies`.
        calls: see :func:`requests`.
        widened: one more policy, as somebody might attach it.
        boundary: a permissions boundary of the role.
        scps: as in :class:`Policies`.
    """
    identity = [*role_policies(stack, role).values(), *([widened] if widened else [])]
    policies = Policies(identity=identity, boundary=boundary, scps=scps)
    judged = [(call, each) for call in calls for each in requests(role, *call)]
    decisions = decide([each for _, each in judged], policies)
    denied = [call for (call, _), d in zip(judged, decisions, strict=True) if not d.allowed]
    return [call for number, call in enumerate(denied) if call not in denied[:number]]


def may(
    stack: Stack,
    role: str,
    action: str,
    resource: str,
    context: Context,
    *,
    widened: Statements | None = None,
) -> bool:
    """Whether a role's own policies allow one call; see :func:`refused`."""
    return not refused(stack, role, [(action, resource, context)], widened=widened)
