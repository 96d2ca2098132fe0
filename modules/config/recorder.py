"""The recorder of a region, and the bucket that it delivers to.

Sources: https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html and
https://docs.aws.amazon.com/config/latest/developerguide/s3-kms-key-policy.html
"""

from __future__ import annotations

from cdktf_cdktf_provider_aws.config_configuration_recorder import (
    ConfigConfigurationRecorder,
    ConfigConfigurationRecorderRecordingGroup,
    ConfigConfigurationRecorderRecordingMode,
)
from cdktf_cdktf_provider_aws.config_configuration_recorder_status import (
    ConfigConfigurationRecorderStatus,
)
from cdktf_cdktf_provider_aws.config_delivery_channel import ConfigDeliveryChannel
from cdktf_cdktf_provider_aws.iam_service_linked_role import IamServiceLinkedRole
from constructs import Construct

from modules.checkov import skip
from modules.encryption import EncryptionKey
from modules.iam import Conditions, Statement
from modules.naming import Naming
from modules.private_bucket import PrivateBucket

_SERVICE = "config.amazonaws.com"
_ROLE = "config"


def key_statement(naming: Naming) -> Statement:
    """What the policy of the bucket's key must say, so that Config can write there.

    Args:
        naming: the account.
    """
    return Statement(
        sid="ConfigEncryptsFiles",
        principals={"Service": _SERVICE},
        actions=("kms:GenerateDataKey", "kms:Decrypt"),
        resources=("*",),
        conditions=_own_account(naming),
    )


class ConfigurationRecorder(Construct):
    """Once an account and region; its price is that of the items which it records.

    Attributes:
        bucket: holds what was recorded.
        status: the recorder runs once this is made.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        key: EncryptionKey,
        retention_days: int = 365,
        keep: bool = True,
    ) -> None:
        """Create the bucket, the recorder and the way from one to the other.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
            naming: names and ARNs of the environment.
            key: encrypts the files; its policy needs ``key_statement``.
            retention_days: days until a file is gone.
            keep: Terraform refuses to plan the end of the bucket; without it, Terraform deletes
                the files with the bucket.
        """
        super().__init__(scope, construct_id)
        self.bucket = self._bucket(naming, key, retention_days, keep=keep)
        role = IamServiceLinkedRole(self, "role", aws_service_name=_SERVICE)
        recorder = ConfigConfigurationRecorder(
            self,
            "recorder",
            name=naming.name(_ROLE),
            role_arn=role.arn,
            recording_group=ConfigConfigurationRecorderRecordingGroup(
                all_supported=True, include_global_resource_types=True
            ),
            # A day's changes of a resource are one item, instead of one each.
            recording_mode=ConfigConfigurationRecorderRecordingMode(recording_frequency="DAILY"),
        )
        channel = ConfigDeliveryChannel(
            self,
            "channel",
            name=naming.name(_ROLE),
            s3_bucket_name=self.bucket.bucket.id,
            s3_kms_key_arn=key.arn,
            depends_on=[recorder, self.bucket.bucket_policy],
        )
        self.status = ConfigConfigurationRecorderStatus(
            self, "status", name=recorder.id, is_enabled=True, depends_on=[channel]
        )

    def _bucket(
        self, naming: Naming, key: EncryptionKey, retention_days: int, *, keep: bool
    ) -> PrivateBucket:
        name = naming.global_name(_ROLE)
        arn, own_account = f"arn:aws:s3:::{name}", _own_account(naming)
        written = {"s3:x-amz-acl": "bucket-owner-full-control"}
        bucket = PrivateBucket(
            self,
            "bucket",
            naming=naming,
            name=name,
            key=key,
            keep_old_versions_days=retention_days,
            expire_after_days=retention_days,
            keep=keep,
            force_destroy=not keep,
            more_statements=(
                Statement(
                    sid="ConfigChecksBucket",
                    principals={"Service": _SERVICE},
                    actions=("s3:GetBucketAcl", "s3:ListBucket"),
                    resources=(arn,),
                    conditions=own_account,
                ),
                Statement(
                    sid="ConfigWritesFiles",
                    principals={"Service": _SERVICE},
                    actions=("s3:PutObject",),
                    resources=(f"{arn}/AWSLogs/{naming.account_id}/Config/*",),
                    conditions={"StringEquals": {**own_account["StringEquals"], **written}},
                ),
            ),
        )
        skip(
            bucket.bucket,
            "CKV_AWS_18",
            reason="only Config writes to it, and CloudTrail tells who changes the bucket itself",
        )
        return bucket


def _own_account(naming: Naming) -> Conditions:
    return {"StringEquals": {"aws:SourceAccount": naming.account_id}}
