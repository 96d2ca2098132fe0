"""Topics, event rules, who is subscribed, and the Slack channel of Amazon Q."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.gitlab_access.services.service import Service
from modules.iam import Statement

if TYPE_CHECKING:
    from modules.gitlab_access.applied_stack import AppliedStack


def _write(stack: AppliedStack) -> tuple[Statement, ...]:
    """AWS ties no ARN to making a Slack channel, only to one that is there.

    Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html,
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
    and https://docs.aws.amazon.com/service-authorization/latest/reference/list_awschatbot.html
    """
    return (
        Statement(
            sid="Topics",
            actions=(
                "sns:CreateTopic",
                "sns:DeleteTopic",
                "sns:SetSubscriptionAttributes",
                "sns:SetTopicAttributes",
                "sns:Subscribe",
                "sns:TagResource",
                "sns:Unsubscribe",
                "sns:UntagResource",
            ),
            resources=(stack.own("sns"),),
        ),
        Statement(
            sid="NewSlackChannel",
            actions=("chatbot:CreateSlackChannelConfiguration",),
            resources=("*",),
        ),
        Statement(
            sid="EventRules",
            actions=(
                "events:DeleteRule",
                "events:PutRule",
                "events:PutTargets",
                "events:RemoveTargets",
                "events:TagResource",
                "events:UntagResource",
            ),
            resources=(stack.own("events", "rule/"),),
        ),
        Statement(
            sid="SlackChannel",
            actions=(
                "chatbot:DeleteSlackChannelConfiguration",
                "chatbot:TagResource",
                "chatbot:UntagResource",
                "chatbot:UpdateSlackChannelConfiguration",
            ),
            resources=(_channels(stack),),
        ),
    )


def _read(stack: AppliedStack) -> tuple[Statement, ...]:
    return (
        Statement(
            sid="SeeTopics",
            actions=(
                "sns:GetSubscriptionAttributes",
                "sns:GetTopicAttributes",
                "sns:ListSubscriptionsByTopic",
                "sns:ListTagsForResource",
            ),
            resources=(stack.own("sns"),),
        ),
        Statement(
            sid="SeeEventRules",
            actions=(
                "events:DescribeRule",
                "events:ListTagsForResource",
                "events:ListTargetsByRule",
            ),
            resources=(stack.own("events", "rule/"),),
        ),
    )


def _channels(stack: AppliedStack) -> str:
    """Configurations belong to no region."""
    own = stack.naming.pattern("*")
    return f"arn:aws:chatbot::{stack.naming.account_id}:chat-configuration/slack-channel/{own}"


def _tell(stack: AppliedStack) -> tuple[Statement, ...]:
    """Publish to the topics, with their key, which SNS uses as the publisher.

    Source: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    """
    alias = f"alias/{stack.naming.name('alerts')}"
    return (
        Statement(
            sid="TellTopics",
            actions=("sns:Publish",),
            resources=(stack.naming.arn("sns", stack.naming.pattern("alerts-*")),),
        ),
        Statement(
            sid="EncryptMessages",
            actions=("kms:Decrypt", "kms:GenerateDataKey*"),
            resources=(stack.keys,),
            conditions={
                **stack.via("sns"),
                "ForAnyValue:StringEquals": {"kms:ResourceAliases": alias},
            },
        ),
    )


def _look(_: AppliedStack) -> tuple[Statement, ...]:
    """What a message about an alarm is written from: its history, and the graph of its metric."""
    return (
        Statement(
            sid="Alarms",
            actions=(
                "cloudwatch:DescribeAlarmHistory",
                "cloudwatch:DescribeAlarms",
                "cloudwatch:GetMetricData",
                "cloudwatch:GetMetricStatistics",
                "cloudwatch:ListMetrics",
            ),
            resources=("*",),
        ),
    )


ALERTS = Service(
    policy="monitoring",
    title="alerts",
    write=_write,
    describe=("chatbot:DescribeSlackChannelConfigurations", "chatbot:ListTagsForResource"),
    read=_read,
    tell=_tell,
    boundary=_look,
    roles_for=("chatbot.amazonaws.com",),
    service_linked_roles=("management.chatbot.amazonaws.com",),
)
