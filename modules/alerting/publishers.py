"""The services of AWS that publish to the topics, and how each is held to this account.

A service acts for whoever configured it, in whichever account: without a condition on the source
anybody's alarm could name our topics. What a service does not send cannot be demanded of it: with
such a condition its messages vanish, and nothing tells.

RDS is not among them. It does not publish to encrypted topics; its events come by EventBridge.
Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateEventSubscription.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modules.iam import Conditions, Statement, acting_for
from modules.naming import Naming


@dataclass(frozen=True, kw_only=True, slots=True)
class Publisher:
    """A service that publishes, and that uses the topics' key for it.

    Attributes:
        sid: of its statements.
        service: its principal.
        sends_account: whether it sends ``aws:SourceAccount``.
        source: pattern of what it sends as ``aws:SourceArn``, with ``{region}`` and ``{account}``;
            empty if AWS documents none.
    """

    sid: str
    service: str
    sends_account: bool
    source: str = ""

    def publish(self, naming: Naming, topic_arn: str) -> Statement:
        """Lets it publish to a topic.

        Args:
            naming: account and region of what it may publish for.
            topic_arn: the topic.
        """
        return Statement(
            sid=self.sid,
            principals={"Service": self.service},
            actions=("sns:Publish",),
            resources=(topic_arn,),
            conditions=self._source(naming),
        )

    def use_key(self, naming: Naming, topic_arns: Sequence[str]) -> Statement:
        """Lets it encrypt what it publishes. The key is the policy's own, so ``*`` names it alone.

        Args:
            naming: account and region of what it may publish for.
            topic_arns: the topics, which SNS names in the encryption context.
        """
        return Statement(
            sid=self.sid,
            principals={"Service": self.service},
            actions=("kms:Decrypt", "kms:GenerateDataKey*"),
            resources=("*",),
            conditions=self._source(naming)
            or {"StringEquals": {"kms:EncryptionContext:aws:sns:topicArn": tuple(topic_arns)}},
        )

    def _source(self, naming: Naming) -> Conditions:
        if not self.sends_account:
            return {}
        source = self.source.format(region=naming.region, account=naming.account_id)
        return acting_for(naming.account_id, source)


PUBLISHERS = (
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
    Publisher(
        sid="AlarmsOfThisAccount",
        service="cloudwatch.amazonaws.com",
        sends_account=True,
        source="arn:aws:cloudwatch:{region}:{account}:alarm:*",
    ),
    # https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
    Publisher(
        sid="BudgetsOfThisAccount",
        service="budgets.amazonaws.com",
        sends_account=True,
        source="arn:aws:budgets::{account}:*",
    ),
    # https://docs.aws.amazon.com/cost-management/latest/userguide/ad-SNS.html
    Publisher(
        sid="CostAnomaliesOfThisAccount",
        service="costalerts.amazonaws.com",
        sends_account=True,
    ),
    # EventBridge meets no condition in a topic's policy, and none on the source in its key's. A
    # stranger's rule that knows a topic's name could publish to it: noise, for it reads nothing.
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
    # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    Publisher(sid="EventRules", service="events.amazonaws.com", sends_account=False),
)
"""A service that is new here is one more row, with AWS's sample policy as its source."""
