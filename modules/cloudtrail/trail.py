"""A trail of all regions, and its locked bucket.

Sources:
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html,
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html and
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html
"""

from __future__ import annotations

from cdktf_cdktf_provider_aws.cloudtrail import Cloudtrail
from constructs import Construct

from modules.checkov import skip
from modules.encryption import EncryptionKey
from modules.iam import Conditions, Statement
from modules.naming import Naming
from modules.private_bucket import PrivateBucket

_SERVICE = "cloudtrail.amazonaws.com"
_ROLE = "trail"


def trail_bucket_name(naming: Naming) -> str:
    """Name of the bucket, known before it exists."""
    return naming.global_name(_ROLE)


def key_statement(naming: Naming) -> Statement:
    """What the policy of the bucket's key must say, so that CloudTrail can write there.

    AWS's sample also ties it to the encryption context of any trail of the account, which is more
    than the one that the source names. ``kms:Decrypt`` is for the bucket's own data keys.

    Args:
        naming: names and ARNs of the environment, as the trail has them.
    """
    return Statement(
        sid="CloudTrailEncryptsFiles",
        principals={"Service": _SERVICE},
        actions=("kms:GenerateDataKey*", "kms:Decrypt", "kms:DescribeKey"),
        resources=("*",),
        conditions=_this_trail(naming),
    )


class Trail(Construct):
    """The account's management events of all regions, and those of the global services.

    Attributes:
        bucket: holds the files. For ``locked_days`` none of them can be changed or deleted.
        trail: the trail.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        key: EncryptionKey,
        locked_days: int = 90,
        retention_days: int = 365,
        keep: bool = True,
    ) -> None:
        """Create the bucket and the trail.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
            naming: names and ARNs of the environment.
            key: encrypts the files; its policy needs ``key_statement``.
            locked_days: days in which a file can't be changed or deleted, but with a permission
                that nobody needs otherwise (``s3:BypassGovernanceRetention``).
            retention_days: days until a file is gone; not below ``locked_days``.
            keep: Terraform refuses to plan the end of the bucket; without it, Terraform deletes
                the files with the bucket.
        """
        super().__init__(scope, construct_id)
        self.bucket = self._bucket(naming, key, locked_days, retention_days, keep=keep)
        self.trail = Cloudtrail(
            self,
            "trail",
            name=naming.name(_ROLE),
            s3_bucket_name=self.bucket.bucket.id,
            kms_key_id=key.arn,
            is_multi_region_trail=True,
            include_global_service_events=True,
            enable_log_file_validation=True,
            # AWS looks whether it may write there before it makes the trail.
            depends_on=[self.bucket.bucket_policy],
        )
        skip(
            self.trail,
            "CKV2_AWS_10",
            reason="EventBridge tells of what matters within minutes, and the event history "
            "searches the last 90 days; a copy in CloudWatch Logs would be paid for a third time",
        )
        skip(
            self.trail,
            "CKV_AWS_252",
            reason="a message for every file that is delivered would be read by nobody; alarms "
            "come from the events themselves",
        )

    def _bucket(
        self,
        naming: Naming,
        key: EncryptionKey,
        locked_days: int,
        retention_days: int,
        *,
        keep: bool,
    ) -> PrivateBucket:
        name = trail_bucket_name(naming)
        arn, this_trail = f"arn:aws:s3:::{name}", _this_trail(naming)
        written = {"s3:x-amz-acl": "bucket-owner-full-control"}
        bucket = PrivateBucket(
            self,
            "bucket",
            naming=naming,
            name=name,
            key=key,
            keep_old_versions_days=retention_days,
            expire_after_days=retention_days,
            locked_days=locked_days,
            keep=keep,
            force_destroy=not keep,
            more_statements=(
                Statement(
                    sid="CloudTrailChecksBucket",
                    principals={"Service": _SERVICE},
                    actions=("s3:GetBucketAcl",),
                    resources=(arn,),
                    conditions=this_trail,
                ),
                Statement(
                    sid="CloudTrailWritesFiles",
                    principals={"Service": _SERVICE},
                    actions=("s3:PutObject",),
                    resources=(f"{arn}/AWSLogs/{naming.account_id}/*",),
                    conditions={"StringEquals": {**this_trail["StringEquals"], **written}},
                ),
            ),
        )
        skip(
            bucket.bucket,
            "CKV_AWS_18",
            reason="only CloudTrail writes to it, what it holds is locked, and a change of the "
            "bucket itself rings",
        )
        return bucket


def _this_trail(naming: Naming) -> Conditions:
    """It is known by its name, so that bucket and key come first and let in no other."""
    return {
        "StringEquals": {"aws:SourceArn": naming.arn("cloudtrail", f"trail/{naming.name(_ROLE)}")}
    }
