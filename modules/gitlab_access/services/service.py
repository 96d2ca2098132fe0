"""What Terraform needs of one AWS service to make, change, read and delete a stack's resources."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from modules.gitlab_access.applied_stack import AppliedStack
from modules.iam import Statement

PolicyName = Literal["network", "compute", "data", "monitoring", "roles"]
"""The managed policies that an apply role's permissions are divided into, for their length."""

Statements = Callable[[AppliedStack], tuple[Statement, ...]]


def nothing(_: AppliedStack) -> tuple[Statement, ...]:
    """No statements."""
    return ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """What one AWS service adds to the roles and the boundary.

    Attributes:
        policy: the apply role's policy that holds ``write``.
        title: what the policy's description calls it; nothing by default.
        write: statements that make, change and delete.
        never: statements that refuse what ``write`` would open a way to.
        describe: reading actions that AWS ties to no resource, or to ids that it chooses.
        read: statements that read the rest of the configuration.
        tell: statements that publish what a plan found, for the plan role alone.
        boundary: the most that the stack's own roles may do with it.
        roles_for: services that the stack's roles are given to.
        service_linked_roles: services that make a role of their own when they are first used.
        encrypts_as: its name in ``kms:ViaService`` where it encrypts with the stack's key.
        decrypts_on_refresh: whether Terraform reads something encrypted when it refreshes.
    """

    policy: PolicyName
    title: str = ""
    write: Statements = nothing
    never: Statements = nothing
    describe: tuple[str, ...] = ()
    read: Statements = nothing
    tell: Statements = nothing
    boundary: Statements = nothing
    roles_for: tuple[str, ...] = ()
    service_linked_roles: tuple[str, ...] = ()
    encrypts_as: str = ""
    decrypts_on_refresh: bool = False
