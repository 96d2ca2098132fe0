"""Roles that the pipeline may make for a stack's own services: never more than a boundary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from modules.gitlab_access.services.service import Service
from modules.iam import Statement

if TYPE_CHECKING:
    from modules.gitlab_access.applied_stack import AppliedStack


def _read(stack: AppliedStack) -> tuple[Statement, ...]:
    return (
        Statement(
            sid="SeeRoles",
            actions=(
                "iam:GetRole",
                "iam:GetRolePolicy",
                "iam:ListAttachedRolePolicies",
                "iam:ListInstanceProfilesForRole",
                "iam:ListRolePolicies",
                "iam:ListRoleTags",
            ),
            resources=(stack.roles,),
        ),
    )


ROLES = Service(policy="roles", title="roles within the boundary", read=_read)


def write(
    stack: AppliedStack, *, boundary: str, roles_for: Sequence[str], linked: Sequence[str]
) -> tuple[Statement, ...]:
    """Make and change the stack's roles, as long as each has the boundary.

    Without it, whoever may write a role's policy and start a function with that role may do
    anything in the account.

    Args:
        stack: whose roles.
        boundary: ARN of the boundary.
        roles_for: services that the roles may be given to.
        linked: services that make a role of their own when they are first used in an account.

    Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html and
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_service-linked-role.html
    """
    statements = [
        Statement(
            sid="BoundedRoles",
            actions=(
                "iam:AttachRolePolicy",
                "iam:CreateRole",
                "iam:DeleteRolePolicy",
                "iam:DetachRolePolicy",
                "iam:PutRolePermissionsBoundary",
                "iam:PutRolePolicy",
            ),
            resources=(stack.roles,),
            conditions={"StringEquals": {"iam:PermissionsBoundary": boundary}},
        ),
        Statement(
            sid="Roles",
            actions=(
                "iam:DeleteRole",
                "iam:TagRole",
                "iam:UntagRole",
                "iam:UpdateAssumeRolePolicy",
                "iam:UpdateRole",
                "iam:UpdateRoleDescription",
            ),
            resources=(stack.roles,),
        ),
    ]
    if roles_for:
        statements.append(
            Statement(
                sid="GiveRolesToServices",
                actions=("iam:PassRole",),
                resources=(stack.roles,),
                conditions={"StringEquals": {"iam:PassedToService": roles_for}},
            )
        )
    if linked:
        statements.append(
            Statement(
                sid="RolesOfServices",
                actions=("iam:CreateServiceLinkedRole",),
                resources=(stack.naming.iam_arn("role/aws-service-role/*"),),
                conditions={"StringEquals": {"iam:AWSServiceName": linked}},
            )
        )
    return tuple(statements)
