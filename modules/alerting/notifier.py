"""A function outside of any VPC that posts to Slack, and the secret that holds where to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cdktf_cdktf_provider_aws.lambda_permission import LambdaPermission
from cdktf_cdktf_provider_aws.sns_topic_subscription import SnsTopicSubscription
from constructs import Construct

from modules.alerting.topics import AlertTopic, Severity
from modules.encryption import EncryptionKey
from modules.iam import Statement
from modules.lambda_function import Capacity, CodePackage, Function
from modules.lifecycle import replaced_with
from modules.logs import RetentionDays
from modules.naming import Naming
from modules.slack_webhook import reading, slack_webhook

CAPACITY = Capacity(memory_mib=256, timeout_seconds=60, reserved_concurrency=2)
"""Time to wait for Slack when it is busy; two alarms at once, and Lambda keeps the others."""


def webhook_secret_name(naming: Naming) -> str:
    """Name of the secret that holds Slack's webhook, known before the secret exists."""
    return naming.path("alerts/slack-webhook")


@dataclass(frozen=True, kw_only=True, slots=True)
class SlackNotifier:
    """Slack by a function of ours.

    Attributes:
        code: its zip.
        handler: ``<module>.<function>`` inside the zip.
        variables: of its environment; the secret's name is ``webhook_secret_name``.
        recovery_window_days: days in which the deleted secret can be restored; 0 deletes at once.
    """

    code: CodePackage
    handler: str
    variables: Mapping[str, str] = field(default_factory=dict)
    recovery_window_days: int = 30


class NotifierFunction(Construct):
    """The function, what it may do, and its subscriptions.

    Outside of a VPC it reaches Slack and AWS also where the environment has no NAT.

    Attributes:
        function: the function.
        secret: made EMPTY. A person puts the webhook, so that no state and no plan ever holds it.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        key: EncryptionKey,
        notifier: SlackNotifier,
        topics: Mapping[Severity, AlertTopic],
        log_retention_days: RetentionDays,
    ) -> None:
        """Create the function and subscribe it to the topics.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
            naming: names and ARNs of the environment.
            key: encrypts the secret and all that the function keeps.
            notifier: its code and settings.
            topics: what it is told of.
            log_retention_days: when log entries expire.
        """
        super().__init__(scope, construct_id)
        self.secret = slack_webhook(
            self,
            "webhook",
            name=webhook_secret_name(naming),
            description="Slack's incoming webhook; put by a person, never by Terraform",
            key=key,
            recovery_window_days=notifier.recovery_window_days,
        )
        self.function = Function(
            self,
            "function",
            naming=naming,
            role="notifier",
            description="Tells Slack what alarms say",
            code=notifier.code,
            handler=notifier.handler,
            network=None,
            key=key,
            capacity=CAPACITY,
            log_retention_days=log_retention_days,
            environment=notifier.variables,
        )
        self._grant(naming, key)
        for severity, topic in topics.items():
            self._subscribe(severity, topic)

    def _grant(self, naming: Naming, key: EncryptionKey) -> None:
        self.function.grant("read-webhook", *reading(self.secret, key=key, naming=naming))
        self.function.grant(
            "read-history",
            Statement(
                sid="ReadHistoryOfAlarms",
                actions=("cloudwatch:DescribeAlarmHistory",),
                resources=(naming.arn("cloudwatch", "alarm:*"),),
            ),
        )

    def _subscribe(self, severity: Severity, topic: AlertTopic) -> None:
        alias = self.function.alias
        allowed = LambdaPermission(
            self,
            f"invoke-{severity}",
            statement_id=f"alerts-{severity}",
            action="lambda:InvokeFunction",
            function_name=self.function.function.id,
            qualifier=alias.name,
            principal="sns.amazonaws.com",
            source_arn=topic.arn,
            lifecycle=replaced_with(alias),
        )
        SnsTopicSubscription(
            self,
            f"subscription-{severity}",
            topic_arn=topic.arn,
            protocol="lambda",
            endpoint=alias.arn,
            depends_on=[allowed],
        )
