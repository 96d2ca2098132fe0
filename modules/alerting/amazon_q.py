"""Amazon Q Developer in chat applications (once AWS Chatbot): Slack without code and secret of ours.

A person authorises the Slack workspace once an account, in the console. Terraform cannot.

Source: https://docs.aws.amazon.com/chatbot/latest/adminguide/slack-setup.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.chatbot_slack_channel_configuration import (
    ChatbotSlackChannelConfiguration,
)
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from modules.alerting.topics import AlertTopic
from modules.iam import Statement, policy, service_role
from modules.naming import Naming

_GUARDRAIL = "arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"
"""The most that anybody in the channel can ever do; AWS's default would be AdministratorAccess."""

_READING = (
    "cloudwatch:DescribeAlarmHistory",
    "cloudwatch:DescribeAlarms",
    "cloudwatch:GetMetricData",
    "cloudwatch:GetMetricStatistics",
    "cloudwatch:ListMetrics",
)
"""What it needs to draw an alarm's graph beside its message. IAM ties most of it to no resource.

Source: https://docs.aws.amazon.com/chatbot/latest/adminguide/chatbot-iam-policies.html
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class AmazonQ:
    """Slack by Amazon Q Developer in chat applications.

    Attributes:
        workspace_id: of the Slack workspace, such as ``T0123ABCD``.
        channel_id: of the channel, such as ``C0123ABCD``.
    """

    workspace_id: str
    channel_id: str


class SlackChannel(Construct):
    """A Slack channel that is told what the topics say.

    Attributes:
        configuration: of the channel.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        channel: AmazonQ,
        topics: Sequence[AlertTopic],
    ) -> None:
        """Create the channel's configuration and its role, which reads metrics and alarms.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
            naming: names of the environment.
            channel: which channel.
            topics: what it is told of.
        """
        super().__init__(scope, construct_id)
        role = service_role(
            self,
            "role",
            name=naming.name("alerts-channel"),
            service="chatbot.amazonaws.com",
            description="What people may read of alarms from the Slack channel",
        )
        reading = IamRolePolicy(
            self,
            "reading",
            name="read-alarms",
            role=role.id,
            policy=policy(Statement(sid="ReadAlarms", actions=_READING, resources=("*",))),
        )
        self.configuration = ChatbotSlackChannelConfiguration(
            self,
            "channel",
            configuration_name=naming.name("alerts"),
            iam_role_arn=role.arn,
            slack_team_id=channel.workspace_id,
            slack_channel_id=channel.channel_id,
            sns_topic_arns=[topic.arn for topic in topics],
            guardrail_policy_arns=[_GUARDRAIL],
            user_authorization_required=False,
            logging_level="ERROR",
            depends_on=[reading],
        )
