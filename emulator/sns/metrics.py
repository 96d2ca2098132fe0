"""What a topic tells CloudWatch.

Source: https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
"""

from __future__ import annotations

from emulator.cloudwatch.publisher import Observation

PUBLISHED = "NumberOfMessagesPublished"
SIZE = "PublishSize"
DELIVERED = "NumberOfNotificationsDelivered"
FAILED = "NumberOfNotificationsFailed"
FILTERED = "NumberOfNotificationsFilteredOut"

_NAMESPACE = "AWS/SNS"


def observed(name: str, topic_arn: str, value: float = 1.0) -> Observation:
    """One value of a topic's metric.

    Args:
        name: one of this module's.
        topic_arn: which topic.
        value: a count, or bytes of `SIZE`.
    """
    return Observation(
        namespace=_NAMESPACE,
        name=name,
        value=value,
        unit="Bytes" if name == SIZE else "Count",
        dimension_sets=({"TopicName": topic_arn.rpartition(":")[2]},),
    )
