"""What an apply role never does, whatever else is ever attached to it."""

from __future__ import annotations

from collections.abc import Sequence

from modules.gitlab_access import writing
from modules.gitlab_access.applied_stack import AppliedStack
from modules.gitlab_access.boundary import boundary_arn
from modules.gitlab_access.services import chosen
from modules.governance.limits import ADMINISTERED
from modules.iam import Statement

_GLOBAL = ("iam", "route53", "s3")
"""IAM and Route 53 have no region, and the names of S3's buckets none either."""


def statements(
    stack: AppliedStack, *, others: Sequence[AppliedStack], foreign_states: Sequence[str]
) -> tuple[Statement, ...]:
    """Keep the pipeline off its own permissions, other environments and other states.

    Args:
        stack: the stack that the role applies.
        others: the other stacks of the environment, which have roles of their own.
        foreign_states: ARN patterns of states that an administrator applies.
    """
    environment = stack.environment
    regional = _regional(stack)
    return (
        Statement(
            sid="NotItsOwnPermissions",
            effect="Deny",
            actions=(
                "iam:Add*",
                "iam:Attach*",
                "iam:Create*",
                "iam:Delete*",
                "iam:Detach*",
                "iam:PassRole",
                "iam:Put*",
                "iam:Remove*",
                "iam:Set*",
                "iam:Tag*",
                "iam:Untag*",
                "iam:Update*",
                "sts:AssumeRole",
            ),
            resources=(
                *(
                    environment.iam_arn(f"{kind}/{environment.pattern(f'{first}-*')}")
                    for kind in ("policy", "role")
                    for first in ADMINISTERED
                ),
                environment.iam_arn("oidc-provider/*"),
            ),
        ),
        Statement(
            sid="RolesAreBounded",
            effect="Deny",
            actions=("iam:CreateRole", "iam:PutRolePermissionsBoundary"),
            resources=("*",),
            conditions={"StringNotEquals": {"iam:PermissionsBoundary": boundary_arn(environment)}},
        ),
        Statement(
            sid="BoundariesStay",
            effect="Deny",
            actions=("iam:DeleteRolePermissionsBoundary",),
            resources=("*",),
        ),
        Statement(
            sid="NoLongLivedKeys",
            effect="Deny",
            actions=(
                "iam:CreateAccessKey",
                "iam:CreateLoginProfile",
                "iam:CreateServiceSpecificCredential",
                "iam:CreateUser",
            ),
            resources=("*",),
        ),
        Statement(
            sid="StatesOfAdministrators",
            effect="Deny",
            actions=("s3:DeleteObject*", "s3:GetObject*", "s3:PutObject*", "s3:RestoreObject"),
            resources=tuple(foreign_states),
        ),
        *(each for service in chosen(stack.services) for each in service.never(stack)),
        *_other_states(others),
        *_other_names(stack, others),
        Statement(
            sid="HistoryOfStateStays",
            effect="Deny",
            actions=("s3:DeleteObject", "s3:DeleteObjectVersion"),
            resources=(stack.state.arn,),
        ),
        Statement(
            sid="StateBucketsStay",
            effect="Deny",
            actions=("s3:DeleteBucket*", "s3:PutBucket*", "s3:Put*Configuration"),
            resources=(
                stack.state.bucket_arn,
                f"arn:aws:s3:::{environment.pattern('state-logs-*')}",
            ),
        ),
        Statement(
            sid="StateKeyStays",
            effect="Deny",
            actions=_KEY_ADMINISTRATION,
            resources=(stack.keys,),
            conditions={"ForAnyValue:StringEquals": {"kms:ResourceAliases": stack.state.key_alias}},
        ),
        Statement(
            sid="StateAliasStays",
            effect="Deny",
            actions=("kms:*Alias",),
            resources=(environment.arn("kms", stack.state.key_alias),),
        ),
        _foreign("NotAnotherEnvironments", "Environment", environment.environment, regional),
        _foreign("NotAnotherProjects", "Project", environment.project, regional),
    )


_KEY_ADMINISTRATION = (
    "kms:*Alias",
    "kms:CreateGrant",
    "kms:Disable*",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateKeyDescription",
)


def _regional(stack: AppliedStack) -> tuple[str, ...]:
    """Everything of the services that the role may change, but for those without a region."""
    services = {
        action.split(":")[0]
        for _, _, statements in writing.policies(stack)
        for statement in statements
        for action in statement.actions
    }
    return tuple(f"{service}:*" for service in sorted(services.difference(_GLOBAL)))


def _other_states(others: Sequence[AppliedStack]) -> list[Statement]:
    if not others:
        return []
    return [
        Statement(
            sid="StatesOfOtherStacks",
            effect="Deny",
            actions=("s3:DeleteObject*", "s3:GetObject*", "s3:PutObject*", "s3:RestoreObject"),
            resources=tuple(f"{other.state.arn}*" for other in others),
        )
    ]


def _other_names(stack: AppliedStack, others: Sequence[AppliedStack]) -> list[Statement]:
    """Refuse what another stack names, where its names begin as this stack's own do.

    The first stack's names are ``<project>-<environment>-…``, which those of every other system
    are, too.
    """
    patterns = sorted(
        resource
        for other in others
        if other.naming.pattern("").startswith(stack.naming.pattern(""))
        for resource in _named(other)
    )
    if not patterns:
        return []
    services = sorted({pattern.split(":")[2] for pattern in patterns})
    return [
        Statement(
            sid="NotAnotherStacks",
            effect="Deny",
            actions=tuple(f"{service}:*" for service in services),
            resources=tuple(patterns),
        )
    ]


def _named(stack: AppliedStack) -> set[str]:
    """Patterns of the resources that carry the stack's name, without the state."""
    naming = stack.naming
    own = (naming.pattern(""), naming.path("*"), naming.identifier(""))
    return {
        resource
        for service in chosen(stack.services)
        for statement in (*service.write(stack), *service.read(stack))
        for resource in statement.resources
        if any(part in resource for part in own)
    }


def _foreign(sid: str, tag: str, own: str, regional: Sequence[str]) -> Statement:
    """Refuse what carries a tag with another value than ours.

    A resource without the tag is not refused: what was made a moment ago, or by AWS itself (a
    network's default security group), has none yet. Changing the tag is refused likewise.
    """
    return Statement(
        sid=sid,
        effect="Deny",
        actions=regional,
        resources=("*",),
        conditions={
            "Null": {f"aws:ResourceTag/{tag}": "false"},
            "StringNotEquals": {f"aws:ResourceTag/{tag}": own},
        },
    )
