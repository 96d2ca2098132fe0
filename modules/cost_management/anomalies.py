"""Cost Anomaly Detection: tells when a service costs more than it usually does."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.ce_anomaly_monitor import CeAnomalyMonitor
from cdktf_cdktf_provider_aws.ce_anomaly_subscription import (
    CeAnomalySubscription,
    CeAnomalySubscriptionSubscriber,
    CeAnomalySubscriptionThresholdExpression,
    CeAnomalySubscriptionThresholdExpressionDimension,
)
from constructs import Construct

from modules.naming import Naming


class CostAnomalies(Construct):
    """All AWS services of the account, each judged by its own past.

    A monitor of one tag would fit an environment better. Only an organisation's management account
    may make one; every account may have one monitor of AWS services.

    Source: https://docs.aws.amazon.com/cost-management/latest/userguide/getting-started-ad.html

    Attributes:
        monitor_arn: of the monitor (a token until apply, where it is made here).
        subscription: who is told.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        topic_arn: str,
        impact_usd: int,
        monitor_arn: str | None = None,
    ) -> None:
        """Create the subscription, and the monitor where there is none.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
            naming: names of the environment.
            topic_arn: the topic that is told. Only a topic is told at once; AWS writes e-mails
                once a day.
            impact_usd: what an anomaly must have cost above the expected before anybody is told.
            monitor_arn: the account's monitor of AWS services, where it exists; None makes one.
        """
        super().__init__(scope, construct_id)
        self.monitor_arn = monitor_arn or self._monitor(naming)
        self.subscription = CeAnomalySubscription(
            self,
            "subscription",
            name=naming.name("cost-anomalies"),
            frequency="IMMEDIATE",
            monitor_arn_list=[self.monitor_arn],
            subscriber=[CeAnomalySubscriptionSubscriber(type="SNS", address=topic_arn)],
            threshold_expression=CeAnomalySubscriptionThresholdExpression(
                dimension=CeAnomalySubscriptionThresholdExpressionDimension(
                    key="ANOMALY_TOTAL_IMPACT_ABSOLUTE",
                    match_options=["GREATER_THAN_OR_EQUAL"],
                    values=[str(impact_usd)],
                )
            ),
        )

    def _monitor(self, naming: Naming) -> str:
        monitor = CeAnomalyMonitor(
            self,
            "monitor",
            name=naming.name("aws-services"),
            monitor_type="DIMENSIONAL",
            monitor_dimension="SERVICE",
        )
        return monitor.arn
