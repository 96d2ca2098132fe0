"""An encrypted topic to which the account's CloudWatch alarms may publish, and the key that lets them."""

from __future__ import annotations

from typing import Literal, get_args

from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sns_topic_policy import SnsTopicPolicy
from constructs import Construct

from modules.encryption import EncryptionKey
from modules.iam import Conditions, Statement, policy
from modules.naming import Naming

Severity = Literal["critical", "warning"]
"""Critical calls somebody at night, a warning waits for the morning."""

SEVERITIES: tuple[Severity, ...] = get_args(Severity)

_CLOUDWATCH = "cloudwatch.amazonaws.com"

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
    """A key that CloudWatch's alarms may use, too.

    They call KMS themselves: with a key that does not admit them, and with ``alias/aws/sns``, which
    cannot, messages vanish, and only the alarm's history tells.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html

    Args:
        scope: the construct that owns it.
        construct_id: id within the scope.
        naming: names and ARNs of the environment.
        deletion_window_days: see ``EncryptionKey``.
    """
    return EncryptionKey(
        scope,
        construct_id,
        naming=naming,
        role="alerts",
        description=f"Alerts of {naming.title}",
        deletion_window_days=deletion_window_days,
        more_statements=(
            Statement(
                sid="AlarmsOfThisAccount",
                principals={"Service": _CLOUDWATCH},
                actions=("kms:Decrypt", "kms:GenerateDataKey*"),
                resources=("*",),
                conditions=_alarms(naming),
            ),
        ),
    )


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
            key: encrypts its messages; CloudWatch may use it.
        """
        super().__init__(scope, construct_id)
        name = naming.name(f"alerts-{severity}")
        self.topic = SnsTopic(self, "topic", name=name, kms_master_key_id=key.key.key_id)
        self.known_arn = arn = naming.arn("sns", name)
        SnsTopicPolicy(
            self,
            "policy",
            arn=self.topic.arn,
            policy=policy(
                Statement(
                    sid="AlarmsOfThisAccount",
                    principals={"Service": _CLOUDWATCH},
                    actions=("sns:Publish",),
                    resources=(arn,),
                    conditions=_alarms(naming),
                ),
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


def _alarms(naming: Naming) -> Conditions:
    """Of this account and region, and no other's that names our topic."""
    return {
        "StringEquals": {"aws:SourceAccount": naming.account_id},
        "ArnLike": {"aws:SourceArn": naming.arn("cloudwatch", "alarm:*")},
    }
