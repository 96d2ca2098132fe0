"""Log groups, and where flow logs go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from modules.gitlab_access.services.service import Service
from modules.iam import Statement

if TYPE_CHECKING:
    from modules.gitlab_access.applied_stack import AppliedStack


def _write(stack: AppliedStack) -> tuple[Statement, ...]:
    """Log groups, and the delivery of an API's access log.

    Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html and
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
    """
    return (
        group_statement("LogGroups", stack.log_groups),
        Statement(
            sid="LogDelivery",
            actions=(
                "logs:CreateLogDelivery",
                "logs:DeleteLogDelivery",
                "logs:DescribeResourcePolicies",
                "logs:GetLogDelivery",
                "logs:ListLogDeliveries",
                "logs:PutResourcePolicy",
                "logs:UpdateLogDelivery",
            ),
            resources=("*",),
        ),
    )


def group_statement(sid: str, groups: Sequence[str]) -> Statement:
    """Make, change and delete log groups.

    Args:
        sid: the statement's name.
        groups: ARN patterns of the groups.
    """
    return Statement(
        sid=sid,
        actions=(
            "logs:AssociateKmsKey",
            "logs:CreateLogGroup",
            "logs:DeleteLogGroup",
            "logs:DeleteRetentionPolicy",
            "logs:DisassociateKmsKey",
            "logs:PutRetentionPolicy",
            "logs:TagResource",
            "logs:UntagResource",
        ),
        resources=(*groups, *(f"{group}:*" for group in groups)),
    )


LOGS = Service(
    policy="compute",
    title="logs",
    write=_write,
    describe=("logs:DescribeLogGroups", "logs:ListTagsForResource"),
)


def write_logs(stack: AppliedStack) -> tuple[Statement, ...]:
    """What a role may do that writes log entries; AWS ties listing groups to no ARN."""
    return (
        Statement(sid="SeeLogGroups", actions=("logs:DescribeLogGroups",), resources=("*",)),
        Statement(
            sid="Logs",
            actions=(
                "logs:CreateLogGroup",
                "logs:CreateLogStream",
                "logs:DescribeLogStreams",
                "logs:GetLogEvents",
                "logs:PutLogEvents",
                "logs:PutRetentionPolicy",
            ),
            resources=(stack.naming.arn("logs", "*"),),
        ),
    )


_BUCKET_CHANGES = (
    "s3:CreateBucket",
    "s3:DeleteBucket",
    "s3:DeleteBucketPolicy",
    "s3:ListBucket",
    "s3:PutBucketOwnershipControls",
    "s3:PutBucketPolicy",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutBucketTagging",
    "s3:PutBucketVersioning",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
)
"""What our buckets are made with: no access list, website or notification among it."""


def bucket_statement(sid: str, bucket: str) -> Statement:
    """Make, change and delete a bucket, but no object in it.

    Args:
        sid: the statement's name.
        bucket: the bucket's name.
    """
    return Statement(sid=sid, actions=_BUCKET_CHANGES, resources=(f"arn:aws:s3:::{bucket}",))


def kept_objects(sid: str, bucket: str) -> Statement:
    """Refuse the objects of a bucket of logs to whoever may change its policy.

    Who writes a bucket's policy could let itself read, forge or erase what lies there; a refusal in
    its own policies stands above what a bucket allows.

    Args:
        sid: the statement's name.
        bucket: the bucket's name.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
    """
    return Statement(
        sid=sid,
        effect="Deny",
        actions=("s3:DeleteObject*", "s3:GetObject*", "s3:PutObject*", "s3:RestoreObject"),
        resources=(f"arn:aws:s3:::{bucket}/*",),
    )


def _bucket(stack: AppliedStack) -> str:
    return stack.naming.global_name("vpc-flow")


def _write_bucket(stack: AppliedStack) -> tuple[Statement, ...]:
    return (bucket_statement("FlowLogBucket", _bucket(stack)),)


def _keep_objects(stack: AppliedStack) -> tuple[Statement, ...]:
    return (kept_objects("FlowLogsStay", _bucket(stack)),)


_BUCKET_CONFIGURATION = (
    "s3:GetAccelerateConfiguration",
    "s3:GetBucketAcl",
    "s3:GetBucketCORS",
    "s3:GetBucketLogging",
    "s3:GetBucketObjectLockConfiguration",
    "s3:GetBucketOwnershipControls",
    "s3:GetBucketPolicy",
    "s3:GetBucketPublicAccessBlock",
    "s3:GetBucketRequestPayment",
    "s3:GetBucketTagging",
    "s3:GetBucketVersioning",
    "s3:GetBucketWebsite",
    "s3:GetEncryptionConfiguration",
    "s3:GetLifecycleConfiguration",
    "s3:GetReplicationConfiguration",
)


def read_buckets(stack: AppliedStack) -> tuple[Statement, ...]:
    """See how a stack's buckets are configured, and no object in them."""
    return (
        Statement(
            sid="SeeBuckets",
            actions=_BUCKET_CONFIGURATION,
            resources=(f"arn:aws:s3:::{stack.naming.pattern('*')}",),
        ),
    )


FLOW_LOGS = Service(
    policy="compute",
    write=_write_bucket,
    never=_keep_objects,
    read=read_buckets,
    boundary=write_logs,
    roles_for=("vpc-flow-logs.amazonaws.com",),
)
"""A network's flow logs, to CloudWatch Logs or to a bucket."""
