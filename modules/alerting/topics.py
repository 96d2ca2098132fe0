"""An encrypted topic to which services of AWS publish for this account, and the key that lets them."""

from __future__ import annotations

from typing import Literal, get_args

from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sns_topic_policy import SnsTopicPolicy
from constructs import Construct

from modules.alerting.publishers import PUBLISHERS
from modules.encryption import EncryptionKey
from modules.iam import Statement, policy
from modules.naming import Naming

Severity = Literal["critical", "warning"]
"""Critical calls somebody at night, a warning waits for the morning."""

SEVERITIES: tuple[Severity, ...] = get_args(Severity)

_OWNERS_ACTIONS = (
    "sns:AddPermission",
    "sns:DeleteTopic",
    "sns:GetTopicAttributes",
    "sns:ListSubscriptionsByTopic",
    "sns:Publish",
    "sns:RemovePermission",
    "sns:SetTopicAttributes",
    "sns:Subscribe",
)
"""What AWS's default policy of a topic gives its account.

Source: https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
"""


def alerts_key(
    scope: Construct, construct_id: str, *, naming: Naming, deletion_window_days: int
) -> EncryptionKey:
    """A key that the services which publish may use, too.

    SNS calls KMS as the publisher: with a key that does not admit it, and with ``alias/aws/sns``,
    which cannot, messages vanish. Of an alarm's only its history tells.

    Source: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html

    Args:
        scope: the construct that owns it.
        construct_id: id within the scope.
        naming: names and ARNs of the environment.
        deletion_window_days: see ``EncryptionKey``.
    """
    topics = [topic_arn(naming, severity) for severity in SEVERITIES]
    return EncryptionKey(
        scope,
        construct_id,
        naming=naming,
        role="alerts",
        description=f"Alerts of {naming.title}",
        deletion_window_days=deletion_window_days,
        more_statements=[publisher.use_key(naming, topics) for publisher in PUBLISHERS],
    )


def topic_arn(naming: Naming, severity: Severity) -> str:
    """ARN of a topic by its name: for other stacks, and for what shall not wait for the topic.

    Args:
        naming: names and ARNs of the environment.
        severity: whose topic.
    """
    return naming.arn("sns", _name(naming, severity))


def _name(naming: Naming, severity: Severity) -> str:
    return naming.name(f"alerts-{severity}")


class AlertTopic(Construct):
    """The topic of one severity.

    Attributes:
        topic: the topic.
        known_arn: its ARN by its name. What names the topic so does not wait for it, and may be
            replaced by creating first, which Terraform would demand of the topic as well otherwise.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        severity: Severity,
        key: EncryptionKey,
    ) -> None:
        """Create the topic ``<project>-<environment>-alerts-<severity>`` and its policy.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
            naming: names and ARNs of the environment.
            severity: which alarms it is for.
            key: encrypts its messages; who publishes may use it.
        """
        super().__init__(scope, construct_id)
        self.topic = SnsTopic(
            self, "topic", name=_name(naming, severity), kms_master_key_id=key.key.key_id
        )
        self.known_arn = arn = topic_arn(naming, severity)
        SnsTopicPolicy(
            self,
            "policy",
            arn=self.topic.arn,
            policy=policy(
                *[publisher.publish(naming, arn) for publisher in PUBLISHERS],
                Statement(
                    sid="AccountOwnsIt",
                    principals={"AWS": naming.iam_arn("root")},
                    actions=_OWNERS_ACTIONS,
                    resources=(arn,),
                ),
                Statement(
                    sid="NothingInClear",
                    effect="Deny",
                    principals={"*": "*"},
                    actions=("sns:Publish",),
                    resources=(arn,),
                    conditions={"Bool": {"aws:SecureTransport": "false"}},
                ),
            ),
        )

    @property
    def arn(self) -> str:
        """The topic's ARN (a token until apply)."""
        return self.topic.arn
