"""Log groups, and where flow logs go."""

from __future__ import annotations

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
    groups = stack.log_groups
    return (
        Statement(
            sid="LogGroups",
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
        ),
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


LOGS = Service(
    policy="compute",
    title="logs",
    write=_write,
    describe=("logs:DescribeLogGroups", "logs:ListTagsForResource"),
)


def write_logs(stack: AppliedStack) -> tuple[Statement, ...]:
    """What a role may do that writes log entries."""
    return (
        Statement(
            sid="Logs",
            actions=(
                "logs:CreateLogGroup",
                "logs:CreateLogStream",
                "logs:DescribeLogGroups",
                "logs:DescribeLogStreams",
                "logs:GetLogEvents",
                "logs:PutLogEvents",
                "logs:PutRetentionPolicy",
            ),
            resources=(stack.naming.arn("logs", "*"),),
        ),
    )


def _write_bucket(stack: AppliedStack) -> tuple[Statement, ...]:
    return (
        Statement(
            sid="FlowLogBucket",
            actions=(
                "s3:CreateBucket",
                "s3:DeleteBucket",
                "s3:DeleteBucketPolicy",
                "s3:ListBucket",
                "s3:PutBucket*",
                "s3:PutEncryptionConfiguration",
                "s3:PutLifecycleConfiguration",
            ),
            resources=(f"arn:aws:s3:::{stack.naming.global_name('vpc-flow')}",),
        ),
    )


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


def _read_buckets(stack: AppliedStack) -> tuple[Statement, ...]:
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
    read=_read_buckets,
    boundary=write_logs,
    roles_for=("vpc-flow-logs.amazonaws.com",),
)
"""A network's flow logs, to CloudWatch Logs or to a bucket."""
