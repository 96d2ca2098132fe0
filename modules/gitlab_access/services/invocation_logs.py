"""Bedrock's log of invocations: an account's setting, a log group and a bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.bedrock import BUCKET_ROLE
from modules.gitlab_access.services.logs import (
    bucket_statement,
    group_statement,
    kept_objects,
    read_buckets,
    write_logs,
)
from modules.gitlab_access.services.service import Service
from modules.iam import Statement

if TYPE_CHECKING:
    from modules.gitlab_access.applied_stack import AppliedStack


def _write(stack: AppliedStack) -> tuple[Statement, ...]:
    """The setting, to which AWS gives no ARN, and both destinations.

    The group's name does not say whose it is; an account and region have one such setting.

    Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrock.html
    """
    groups = stack.naming.arn("logs", "log-group:/aws/bedrock/*")
    return (
        Statement(
            sid="InvocationLogging",
            actions=(
                "bedrock:DeleteModelInvocationLoggingConfiguration",
                "bedrock:PutModelInvocationLoggingConfiguration",
            ),
            resources=("*",),
        ),
        group_statement("InvocationLogGroup", [groups]),
        Statement(
            sid="InvocationLogMasks",
            actions=("logs:DeleteDataProtectionPolicy", "logs:PutDataProtectionPolicy"),
            resources=(f"{groups}:*",),
        ),
        bucket_statement("InvocationLogBucket", stack.naming.global_name(BUCKET_ROLE)),
    )


def _keep_objects(stack: AppliedStack) -> tuple[Statement, ...]:
    return (kept_objects("InvocationLogsStay", stack.naming.global_name(BUCKET_ROLE)),)


INVOCATION_LOGS = Service(
    policy="monitoring",
    title="invocation logs",
    write=_write,
    never=_keep_objects,
    describe=(
        "bedrock:GetModelInvocationLoggingConfiguration",
        "logs:GetDataProtectionPolicy",
    ),
    read=read_buckets,
    boundary=write_logs,
    roles_for=("bedrock.amazonaws.com",),
)
