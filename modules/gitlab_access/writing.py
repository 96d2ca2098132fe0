"""What ``terraform apply`` needs, divided into policies for their length."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from modules.gitlab_access import state
from modules.gitlab_access.applied_stack import AppliedStack
from modules.gitlab_access.boundary import boundary_arn
from modules.gitlab_access.services import PolicyName, chosen, roles
from modules.iam import Statement


def policies(stack: AppliedStack) -> list[tuple[str, str, tuple[Statement, ...]]]:
    """Name, description and statements of each; ``data`` holds the state and is always there."""
    services = chosen(stack.services)
    # Not in each service: a role or a key of the stack serves several of them.
    shared: Mapping[PolicyName, tuple[Statement, ...]] = {
        "data": (*_encrypt(stack), *state.write(stack), *_publish(stack)),
        "roles": _roles(stack) if "roles" in stack.services else (),
    }
    found = []
    for name in get_args(PolicyName):
        own = [service for service in services if service.policy == name]
        statements = [statement for service in own for statement in service.write(stack)]
        statements += shared.get(name, ())
        titles = [service.title for service in own if service.title]
        if name == "data":
            titles.append("state")
        if statements:
            text = ", ".join(titles)
            found.append((name, f"{text[:1].upper()}{text[1:]}", tuple(statements)))
    return found


def _roles(stack: AppliedStack) -> tuple[Statement, ...]:
    services = chosen(stack.services)
    return roles.write(
        stack,
        boundary=boundary_arn(stack.environment),
        roles_for=sorted({to for service in services for to in service.roles_for}),
        linked=sorted({to for service in services for to in service.service_linked_roles}),
    )


def _publish(stack: AppliedStack) -> tuple[Statement, ...]:
    """Tell CloudWatch of deployments, and nothing else: no metric that an alarm of AWS's watches.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html
    """
    if not stack.metrics:
        return ()
    return (
        Statement(
            sid="TellOfDeployments",
            actions=("cloudwatch:PutMetricData",),
            resources=("*",),
            conditions={"StringEquals": {"cloudwatch:namespace": stack.metrics}},
        ),
    )


def _encrypt(stack: AppliedStack) -> tuple[Statement, ...]:
    """Have services encrypt with the stack's key."""
    through = sorted(s.encrypts_as for s in chosen(stack.services) if s.encrypts_as)
    if "keys" not in stack.services or not through:
        return ()
    return (
        Statement(
            sid="EncryptThroughServices",
            actions=("kms:CreateGrant", "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*"),
            resources=(stack.keys,),
            conditions=stack.via(*through),
        ),
    )
