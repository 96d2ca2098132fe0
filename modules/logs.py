"""Log groups, encrypted and with retention: AWS would create them without either."""

from __future__ import annotations

from typing import Literal

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from constructs import Construct

from modules.encryption import EncryptionKey

RetentionDays = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
]  # fmt: skip
"""Days that CloudWatch Logs accepts.
Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
"""


def log_group(
    scope: Construct,
    construct_id: str,
    *,
    name: str,
    key: EncryptionKey,
    retention_days: RetentionDays,
) -> CloudwatchLogGroup:
    """A log group, encrypted.

    Args:
        scope: the construct that owns it.
        construct_id: id within the scope.
        name: the group's full name; AWS services expect theirs, for example ``/aws/lambda/<name>``.
        key: encrypts its entries.
        retention_days: when entries expire.
    """
    return CloudwatchLogGroup(
        scope,
        construct_id,
        name=name,
        retention_in_days=retention_days,
        kms_key_id=key.arn,
    )
