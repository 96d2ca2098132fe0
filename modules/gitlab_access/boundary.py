"""The most that a role of the environment's own services can ever be given by the pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from modules.gitlab_access.applied_stack import PIPELINE, AppliedStack
from modules.gitlab_access.services import chosen
from modules.governance import Limits, documents
from modules.iam import Statement
from modules.naming import Naming

_BOUNDARY = f"{PIPELINE}-boundary"


def boundary_arn(environment: Naming) -> str:
    """ARN of the policy that bounds the environment's roles, known before the policy exists."""
    return environment.iam_arn(f"policy/{environment.name(_BOUNDARY)}")


def statements(stacks: Sequence[AppliedStack], limits: Limits) -> tuple[Statement, ...]:
    """What the roles of all stacks do, within the limits; nothing that changes IAM.

    A boundary permits nothing by itself: a role may do what its own policies allow and this, too.
    A module that grants a service more needs it here first, which an administrator applies.

    Args:
        stacks: the environment's stacks.
        limits: the environment's.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """
    environment = stacks[0].environment
    services = tuple(dict.fromkeys(name for stack in stacks for name in stack.services))
    # One boundary for the environment: its patterns are those of the whole environment.
    models = tuple(dict.fromkeys(model for stack in stacks for model in stack.models))
    whole = replace(stacks[0], id=environment.environment, services=services, models=models)
    allowed = {
        statement.sid: statement
        for service in chosen(services)
        for statement in service.boundary(whole)
    }
    return (
        *allowed.values(),
        Statement(
            sid="NotTheStatesKey",
            effect="Deny",
            actions=("kms:Decrypt", "kms:GenerateDataKey"),
            resources=(whole.keys,),
            conditions={"ForAnyValue:StringEquals": {"kms:ResourceAliases": whole.state.key_alias}},
        ),
        *documents.boundary_of_services(limits),
    )
