"""Alarms, dashboards, saved queries, and masks of log groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.gitlab_access.services.service import Service
from modules.iam import Statement

if TYPE_CHECKING:
    from modules.gitlab_access.applied_stack import AppliedStack


def _write(stack: AppliedStack) -> tuple[Statement, ...]:
    """Dashboards belong to no region; saved queries have ids that AWS chooses.

    Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
    and https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
    """
    naming = stack.naming
    dashboards = f"arn:aws:cloudwatch::{naming.account_id}:dashboard/{naming.pattern('*')}"
    return (
        Statement(
            sid="Alarms",
            actions=(
                "cloudwatch:DeleteAlarms",
                "cloudwatch:DeleteDashboards",
                "cloudwatch:PutCompositeAlarm",
                "cloudwatch:PutDashboard",
                "cloudwatch:PutMetricAlarm",
                "cloudwatch:TagResource",
                "cloudwatch:UntagResource",
            ),
            resources=(stack.own("cloudwatch", "alarm:"), dashboards),
        ),
        Statement(
            sid="SavedQueries",
            actions=("logs:DeleteQueryDefinition", "logs:PutQueryDefinition"),
            resources=("*",),
        ),
        Statement(
            sid="LogMasks",
            actions=("logs:DeleteDataProtectionPolicy", "logs:PutDataProtectionPolicy"),
            resources=tuple(f"{group}:*" for group in stack.log_groups),
        ),
    )


MONITORING = Service(
    policy="monitoring",
    title="monitoring",
    write=_write,
    describe=(
        "cloudwatch:DescribeAlarms",
        "cloudwatch:GetDashboard",
        "cloudwatch:ListTagsForResource",
        "logs:DescribeQueryDefinitions",
        "logs:GetDataProtectionPolicy",
    ),
)
