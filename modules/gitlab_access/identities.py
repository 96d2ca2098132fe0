"""Roles that the pipeline may make for the environment's services: never more than a boundary."""

from __future__ import annotations

from modules.gitlab_access.boundary import boundary_arn
from modules.gitlab_access.scope import Scope
from modules.iam import Statement

PASSED_TO = (
    "lambda.amazonaws.com",
    "monitoring.rds.amazonaws.com",
    "rds.amazonaws.com",
    "vpc-flow-logs.amazonaws.com",
)
"""Services that the environment's roles are for."""

_OF_SERVICES = ("ops.apigateway.amazonaws.com", "rds.amazonaws.com")
"""Services that make a role of their own when they are first used in an account."""


def statements(scope: Scope) -> tuple[Statement, ...]:
    """Make and change the environment's roles, as long as each has the boundary.

    Without it, whoever may write a role's policy and start a function with that role may do
    anything in the account.

    Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html and
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_service-linked-role.html
    """
    roles = scope.iam("role")
    return (
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
            resources=(roles,),
            conditions={"StringEquals": {"iam:PermissionsBoundary": boundary_arn(scope.naming)}},
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
            resources=(roles,),
        ),
        Statement(
            sid="GiveRolesToServices",
            actions=("iam:PassRole",),
            resources=(roles,),
            conditions={"StringEquals": {"iam:PassedToService": PASSED_TO}},
        ),
        Statement(
            sid="RolesOfServices",
            actions=("iam:CreateServiceLinkedRole",),
            resources=(f"arn:aws:iam::{scope.naming.account_id}:role/aws-service-role/*",),
            conditions={"StringEquals": {"iam:AWSServiceName": _OF_SERVICES}},
        ),
    )
