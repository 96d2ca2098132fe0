"""Log groups mask what should not have been written: a second net below the code's own care."""

from __future__ import annotations

import json

from cdktf_cdktf_provider_aws.cloudwatch_log_data_protection_policy import (
    CloudwatchLogDataProtectionPolicy,
)
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from constructs import Construct

_IDENTIFIERS = (
    "AwsSecretKey",
    "CreditCardNumber",
    "EmailAddress",
    "OpenSshPrivateKey",
    "PkcsPrivateKey",
)
"""Source:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/protect-sensitive-log-data-types.html"""


def protect(scope: Construct, construct_id: str, *, log_group: CloudwatchLogGroup) -> None:
    """Mask secrets, cards and addresses in a log group, and count the entries that hold them.

    What is found goes nowhere else: a second group with findings would say where to look. The
    metric ``LogEventsWithFindings`` of ``AWS/Logs`` counts.

    Args:
        scope: the construct that owns the policy.
        construct_id: id within the scope.
        log_group: the group.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch-logs-data-protection-policies.html
    """
    identifiers = [f"arn:aws:dataprotection::aws:data-identifier/{name}" for name in _IDENTIFIERS]
    document = {
        "Name": "mask-sensitive-data",
        "Version": "2021-06-01",
        "Statement": [
            {
                "Sid": "Count",
                "DataIdentifier": identifiers,
                "Operation": {"Audit": {"FindingsDestination": {}}},
            },
            {
                "Sid": "Mask",
                "DataIdentifier": identifiers,
                "Operation": {"Deidentify": {"MaskConfig": {}}},
            },
        ],
    }
    # By its id, which is its name: AWS deletes the policy with the group.
    CloudwatchLogDataProtectionPolicy(
        scope, construct_id, log_group_name=log_group.id, policy_document=json.dumps(document)
    )
