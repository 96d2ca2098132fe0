"""Two topics, and all who hear of what is published to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.sns_topic_subscription import SnsTopicSubscription
from constructs import Construct

from modules.alerting.amazon_q import AmazonQ, SlackChannel
from modules.alerting.notifier import NotifierFunction, SlackNotifier
from modules.alerting.topics import SEVERITIES, AlertTopic, Severity, alerts_key
from modules.logs import RetentionDays
from modules.naming import Naming


class Alerts(Construct):
    """Who is called when an alarm goes off.

    Attributes:
        key: encrypts all of it.
        critical: the topic of what cannot wait.
        warning: the topic of what waits for the morning.
        notifier: the function that posts to Slack; None without one.
        channel: the Slack channel of Amazon Q; None without one.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        emails: Mapping[Severity, Sequence[str]],
        slack: SlackNotifier | AmazonQ | None,
        key_deletion_window_days: int,
        log_retention_days: RetentionDays,
    ) -> None:
        """Create the topics and their subscriptions.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
            naming: names and ARNs of the environment.
            emails: addresses that are written to; each must confirm AWS's first message.
            slack: how a Slack channel is told; None for not at all.
            key_deletion_window_days: grace of the deleted key, 7 to 30.
            log_retention_days: when log entries of the function expire.
        """
        super().__init__(scope, construct_id)
        self.key = alerts_key(
            self, "key", naming=naming, deletion_window_days=key_deletion_window_days
        )
        topics = {
            severity: AlertTopic(self, severity, naming=naming, severity=severity, key=self.key)
            for severity in SEVERITIES
        }
        self.critical, self.warning = topics["critical"], topics["warning"]
        for severity, addresses in emails.items():
            for address in addresses:
                SnsTopicSubscription(
                    self,
                    f"{severity}-email-{address}",
                    topic_arn=topics[severity].arn,
                    protocol="email",
                    endpoint=address,
                )
        self.notifier = (
            NotifierFunction(
                self,
                "notifier",
                naming=naming,
                key=self.key,
                notifier=slack,
                topics=topics,
                log_retention_days=log_retention_days,
            )
            if isinstance(slack, SlackNotifier)
            else None
        )
        self.channel = (
            SlackChannel(self, "slack", naming=naming, channel=slack, topics=list(topics.values()))
            if isinstance(slack, AmazonQ)
            else None
        )
