"""What the apply role never does, whatever else is ever attached to it."""

from __future__ import annotations

from collections.abc import Sequence

from modules.gitlab_access.scope import Scope
from modules.iam import Statement

REGIONAL = (
    "apigateway:*",
    "dynamodb:*",
    "ec2:*",
    "kms:*",
    "lambda:*",
    "logs:*",
    "rds:*",
    "secretsmanager:*",
    "sqs:*",
)
"""Services of the stacks that live in a region; IAM, Route 53 and S3's names are global."""


def statements(scope: Scope, *, foreign_states: Sequence[str]) -> tuple[Statement, ...]:
    """Keep the pipeline off its own permissions, other environments, other states and regions.

    Args:
        scope: the environment.
        foreign_states: ARN patterns of states that an administrator applies.
    """
    naming = scope.naming
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
            resources=scope.pipeline_identities,
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
        Statement(
            sid="HistoryOfStateStays",
            effect="Deny",
            actions=("s3:DeleteObject", "s3:DeleteObjectVersion"),
            resources=(scope.state.arn,),
        ),
        Statement(
            sid="StateBucketsStay",
            effect="Deny",
            actions=("s3:DeleteBucket*", "s3:PutBucket*", "s3:Put*Configuration"),
            resources=(scope.state.bucket_arn, f"arn:aws:s3:::{naming.pattern('state-logs-*')}"),
        ),
        Statement(
            sid="StateKeyStays",
            effect="Deny",
            actions=_KEY_ADMINISTRATION,
            resources=(scope.keys,),
            conditions={"ForAnyValue:StringEquals": {"kms:ResourceAliases": scope.state.key_alias}},
        ),
        Statement(
            sid="StateAliasStays",
            effect="Deny",
            actions=("kms:*Alias",),
            resources=(naming.arn("kms", scope.state.key_alias),),
        ),
        _foreign("NotAnotherEnvironments", "Environment", naming.environment),
        _foreign("NotAnotherProjects", "Project", naming.project),
        Statement(
            sid="NotInAnotherRegion",
            effect="Deny",
            actions=REGIONAL,
            resources=("*",),
            conditions={"StringNotEquals": {"aws:RequestedRegion": naming.region}},
        ),
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


def _foreign(sid: str, tag: str, own: str) -> Statement:
    """Refuse what carries a tag with another value than ours.

    A resource without the tag is not refused: what was made a moment ago, or by AWS itself (a
    network's default security group), has none yet. Changing the tag is refused likewise.
    """
    return Statement(
        sid=sid,
        effect="Deny",
        actions=REGIONAL,
        resources=("*",),
        conditions={
            "Null": {f"aws:ResourceTag/{tag}": "false"},
            "StringNotEquals": {f"aws:ResourceTag/{tag}": own},
        },
    )
