"""What watches, limits and remembers stays on: nobody switches off what would tell of it."""

from __future__ import annotations

from modules.governance.limits import ADMINISTERED, GOVERNANCE, PIPELINE, Limits
from modules.iam import Conditions, Statement

_WATCHING = (
    "access-analyzer:Delete*",
    "account:CloseAccount",
    "bedrock:DeleteModelInvocationLoggingConfiguration",
    "bedrock:PutModelInvocationLoggingConfiguration",
    "budgets:CreateBudgetAction",
    "budgets:DeleteBudgetAction",
    "budgets:ExecuteBudgetAction",
    "budgets:ModifyBudget",
    "budgets:UpdateBudgetAction",
    "ce:Delete*",
    "ce:Update*",
    "cloudtrail:Delete*",
    "cloudtrail:Put*",
    "cloudtrail:Stop*",
    "cloudtrail:Update*",
    "config:Delete*",
    "config:Stop*",
    "ec2:DeleteFlowLogs",
    "ec2:DisableEbsEncryptionByDefault",
    "ec2:DisableImageBlockPublicAccess",
    "ec2:DisableSnapshotBlockPublicAccess",
    "ec2:ModifyInstanceMetadataDefaults",
    "guardduty:Delete*",
    "guardduty:Disassociate*",
    "guardduty:Stop*",
    "guardduty:Update*",
    "organizations:LeaveOrganization",
    "s3:PutAccountPublicAccessBlock",
    "securityhub:BatchDisable*",
    "securityhub:Delete*",
    "securityhub:Disable*",
)
"""``budgets:ModifyBudget`` makes, changes and deletes a budget; there is no other action.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbudgetservice.html
"""

_CHANGES_OF_IAM = (
    "iam:Add*",
    "iam:Attach*",
    "iam:Create*",
    "iam:Delete*",
    "iam:Detach*",
    "iam:Put*",
    "iam:Remove*",
    "iam:Set*",
    "iam:Tag*",
    "iam:Untag*",
    "iam:Update*",
)


def watching(*, but_for: Conditions | None = None) -> Statement:
    """Refuse to switch off budgets, trails, flow logs and findings.

    Args:
        but_for: a condition that exempts somebody.
    """
    return Statement(
        sid="WatchingStays",
        effect="Deny",
        actions=_WATCHING,
        resources=("*",),
        conditions=but_for or {},
    )


def flow_logs() -> Statement:
    """Refuse to delete flow logs, whosever they are."""
    return Statement(
        sid="FlowLogsStay", effect="Deny", actions=("ec2:DeleteFlowLogs",), resources=("*",)
    )


def state(limits: Limits, *, but_for: Conditions | None = None) -> Statement:
    """Refuse everything with Terraform's states and their locks, reading them as well.

    Args:
        limits: the environment's.
        but_for: a condition that exempts somebody.
    """
    environment = limits.environment
    bucket = f"arn:aws:s3:::{environment.pattern('state-*')}"
    return Statement(
        sid="StateIsClosed",
        effect="Deny",
        actions=("*",),
        resources=(bucket, environment.arn("dynamodb", f"table/{environment.pattern('state-*')}")),
        conditions=but_for or {},
    )


def state_key(limits: Limits, *, but_for: Conditions | None = None) -> Statement:
    """Refuse to take away the key without which no state can be read.

    Args:
        limits: the environment's.
        but_for: a condition that exempts somebody.
    """
    alias = f"alias/{limits.environment.pattern('state')}"
    return Statement(
        sid="StateKeyStays",
        effect="Deny",
        actions=("kms:*Alias", "kms:CreateGrant", "kms:Disable*", "kms:Put*", "kms:Schedule*"),
        resources=("*",),
        conditions={
            "ForAnyValue:StringEquals": {"kms:ResourceAliases": alias},
            **(but_for or {}),
        },
    )


def administered(limits: Limits, *, but_for: Conditions | None = None) -> Statement:
    """Refuse to change the policies, roles, groups and users that administrators' stacks made.

    Args:
        limits: the environment's.
        but_for: a condition that exempts somebody.
    """
    environment = limits.environment
    return Statement(
        sid="GuardRailsStay",
        effect="Deny",
        actions=(*_CHANGES_OF_IAM, "iam:PassRole", "sts:AssumeRole"),
        resources=tuple(
            environment.iam_arn(f"{kind}/{environment.pattern(f'{first}-*')}")
            for kind in ("group", "policy", "role")
            for first in ADMINISTERED
        ),
        conditions=but_for or {},
    )


def bounded(limits: Limits, *, but_for: Conditions | None = None) -> tuple[Statement, ...]:
    """Refuse roles and users without one of the environment's boundaries, and to take them off.

    Only administrators make policies that are so called (``administered``).

    Args:
        limits: the environment's.
        but_for: a condition that exempts somebody.
    """
    spared, environment = dict(but_for or {}), limits.environment
    boundaries = tuple(
        environment.iam_arn(f"policy/{environment.pattern(f'{first}-*boundary')}")
        for first in (GOVERNANCE, PIPELINE)
    )
    return (
        Statement(
            sid="RolesAreBounded",
            effect="Deny",
            actions=("iam:CreateRole", "iam:CreateUser", "iam:Put*PermissionsBoundary"),
            resources=("*",),
            conditions={"StringNotLike": {"iam:PermissionsBoundary": boundaries}, **spared},
        ),
        Statement(
            sid="BoundariesStay",
            effect="Deny",
            actions=("iam:Delete*PermissionsBoundary",),
            resources=("*",),
            conditions=spared,
        ),
    )


def people(limits: Limits) -> tuple[Statement, ...]:
    """Refuse people every change of IAM but that of their own password, keys and second factors.

    A role that is handed to a service could do more than whoever hands it over: only the environment's
    own may be, which all have a boundary.
    """
    environment = limits.environment
    own = environment.iam_arn("user/$${aws:username}")
    return (
        Statement(
            sid="PermissionsStay",
            effect="Deny",
            actions=_CHANGES_OF_IAM,
            not_resources=(own, environment.iam_arn("mfa/*")),
        ),
        Statement(
            sid="OwnPermissionsStay",
            effect="Deny",
            actions=(
                "iam:AttachUserPolicy",
                "iam:DeleteUser*",
                "iam:DetachUserPolicy",
                "iam:PutUser*",
                "iam:TagUser",
                "iam:UntagUser",
                "iam:UpdateUser",
            ),
            resources=("*",),
        ),
        Statement(
            sid="RolesOfOthers",
            effect="Deny",
            actions=("iam:PassRole",),
            not_resources=(environment.iam_arn(f"role/{environment.pattern('*')}"),),
        ),
        administered(limits),
    )
