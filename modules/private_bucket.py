"""An S3 bucket that nobody outside the account can reach and that keeps its history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.s3_bucket_lifecycle_configuration import (
    S3BucketLifecycleConfiguration,
    S3BucketLifecycleConfigurationRule,
    S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload,
    S3BucketLifecycleConfigurationRuleExpiration,
    S3BucketLifecycleConfigurationRuleFilter,
    S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration,
    S3BucketLifecycleConfigurationRuleTransition,
)
from cdktf_cdktf_provider_aws.s3_bucket_logging import S3BucketLoggingA
from cdktf_cdktf_provider_aws.s3_bucket_object_lock_configuration import (
    S3BucketObjectLockConfigurationA,
    S3BucketObjectLockConfigurationRuleA,
    S3BucketObjectLockConfigurationRuleDefaultRetentionA,
)
from cdktf_cdktf_provider_aws.s3_bucket_ownership_controls import (
    S3BucketOwnershipControls,
    S3BucketOwnershipControlsRule,
)
from cdktf_cdktf_provider_aws.s3_bucket_policy import S3BucketPolicy
from cdktf_cdktf_provider_aws.s3_bucket_public_access_block import S3BucketPublicAccessBlock
from cdktf_cdktf_provider_aws.s3_bucket_server_side_encryption_configuration import (
    S3BucketServerSideEncryptionConfigurationA,
    S3BucketServerSideEncryptionConfigurationRuleA,
    S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA,
)
from cdktf_cdktf_provider_aws.s3_bucket_versioning import (
    S3BucketVersioningA,
    S3BucketVersioningVersioningConfiguration,
)
from constructs import Construct

from modules.checkov import skip
from modules.encryption import EncryptionKey
from modules.iam import Conditions, Statement, acting_for, policy
from modules.naming import Naming

LogService = Literal[
    "bedrock.amazonaws.com", "delivery.logs.amazonaws.com", "logging.s3.amazonaws.com"
]
"""Services that deliver logs into a bucket: Bedrock's invocations, VPC flow logs, and S3's own
access logs."""

_ABANDONED_UPLOAD_DAYS = 7

COLDER_CLASS = "GLACIER_IR"
"""Glacier Instant Retrieval: a fifth of Standard's price to keep, readable at once, dearer to read."""

_WITHOUT_KEY: dict[LogService | None, str] = {
    "delivery.logs.amazonaws.com": "it holds addresses and ports, no content, and a mistake in a "
    "key's policy would stop their delivery without a word",
    "logging.s3.amazonaws.com": "S3 access logs cannot be delivered under a KMS key",
}
"""Why a bucket has no key of its own, by who delivers to it."""


class PrivateBucket(Construct):
    """Versioned, encrypted, owner-enforced, TLS only, without public access.

    Old versions expire; so do current objects where the bucket holds logs.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        name: str,
        key: EncryptionKey | None = None,
        keep_old_versions_days: int = 90,
        expire_after_days: int | None = None,
        colder_after_days: int | None = None,
        access_logs_to: PrivateBucket | None = None,
        access_log_prefix: str = "",
        receives_from: LogService | None = None,
        locked_days: int | None = None,
        keep: bool = False,
        force_destroy: bool = False,
        more_statements: Sequence[Statement] = (),
    ) -> None:
        """Create the bucket and everything that makes it private.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
            naming: account and region, for the conditions of its policy.
            name: globally unique name, see ``Naming.global_name``.
            key: encrypts its objects; without one S3's own key does, and only a bucket that
                receives logs may do without.
            keep_old_versions_days: days until an overwritten or deleted version is gone.
            expire_after_days: days until an object expires; never by default.
            colder_after_days: days until an object of 128 KB or more moves to ``COLDER_CLASS``;
                S3 leaves smaller ones where they are, since the move would cost more than it saves.
            access_logs_to: the bucket that records who read and wrote.
            access_log_prefix: first letters of the records' keys there, for example ``state/``.
            receives_from: the service that may deliver logs here.
            locked_days: days in which no version can be changed or deleted, but with the permission
                ``s3:BypassGovernanceRetention``; not locked by default.
            keep: Terraform refuses to plan its end.
            force_destroy: Terraform deletes the objects with the bucket; AWS refuses to delete a
                bucket that is not empty.
            more_statements: further statements of the bucket's policy.
        """
        super().__init__(scope, construct_id)
        self.bucket = S3Bucket(
            self,
            "bucket",
            bucket=name,
            force_destroy=True if force_destroy else None,
            object_lock_enabled=True if locked_days else None,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if keep else None,
        )
        skip(
            self.bucket,
            "CKV2_AWS_62",
            reason="nothing waits for objects in it, so there is nobody to notify",
        )
        skip(
            self.bucket,
            "CKV_AWS_144",
            reason="the product lives in one region by decision; versions guard against mistakes",
        )
        self._block_public_access()
        self.versioning = S3BucketVersioningA(
            self,
            "versioning",
            bucket=self.bucket.id,
            versioning_configuration=S3BucketVersioningVersioningConfiguration(status="Enabled"),
        )
        if locked_days:
            self._lock(locked_days)
        self._encrypt(key, receives_from)
        self._expire(keep_old_versions_days, expire_after_days, colder_after_days)
        self._log_access(access_logs_to, access_log_prefix)
        self.bucket_policy = S3BucketPolicy(
            self,
            "policy",
            bucket=self.bucket.id,
            policy=policy(
                self._tls_only(),
                *(delivery_statements(self.bucket.arn, receives_from, naming)),
                *more_statements,
            ),
            depends_on=[self.public_access_block],
        )

    def _block_public_access(self) -> None:
        self.public_access_block = S3BucketPublicAccessBlock(
            self,
            "public-access-block",
            bucket=self.bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        )
        S3BucketOwnershipControls(
            self,
            "ownership",
            bucket=self.bucket.id,
            rule=S3BucketOwnershipControlsRule(object_ownership="BucketOwnerEnforced"),
        )

    def _lock(self, days: int) -> None:
        """Lock every new version.

        Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
        """
        S3BucketObjectLockConfigurationA(
            self,
            "lock",
            bucket=self.bucket.id,
            rule=S3BucketObjectLockConfigurationRuleA(
                default_retention=S3BucketObjectLockConfigurationRuleDefaultRetentionA(
                    mode="GOVERNANCE", days=days
                )
            ),
            depends_on=[self.versioning],
        )

    def _encrypt(self, key: EncryptionKey | None, receives_from: LogService | None) -> None:
        by_default = (
            S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA
        )
        S3BucketServerSideEncryptionConfigurationA(
            self,
            "encryption",
            bucket=self.bucket.id,
            rule=[
                S3BucketServerSideEncryptionConfigurationRuleA(
                    apply_server_side_encryption_by_default=by_default(
                        sse_algorithm="aws:kms" if key else "AES256",
                        kms_master_key_id=key.arn if key else None,
                    ),
                    bucket_key_enabled=True if key else None,
                )
            ],
        )
        if key is None and receives_from in _WITHOUT_KEY:
            for check in ("CKV_AWS_145", "MV_AWS_8"):
                skip(self.bucket, check, reason=_WITHOUT_KEY[receives_from])

    def _expire(
        self,
        keep_old_versions_days: int,
        expire_after_days: int | None,
        colder_after_days: int | None,
    ) -> None:
        S3BucketLifecycleConfiguration(
            self,
            "lifecycle",
            bucket=self.bucket.id,
            rule=[
                S3BucketLifecycleConfigurationRule(
                    id="expire",
                    status="Enabled",
                    filter=[S3BucketLifecycleConfigurationRuleFilter(prefix="")],
                    transition=[
                        S3BucketLifecycleConfigurationRuleTransition(
                            days=colder_after_days, storage_class=COLDER_CLASS
                        )
                    ]
                    if colder_after_days
                    else None,
                    expiration=[
                        S3BucketLifecycleConfigurationRuleExpiration(days=expire_after_days)
                    ]
                    if expire_after_days
                    else None,
                    noncurrent_version_expiration=[
                        S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration(
                            noncurrent_days=keep_old_versions_days
                        )
                    ],
                    abort_incomplete_multipart_upload=[
                        S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload(
                            days_after_initiation=_ABANDONED_UPLOAD_DAYS
                        )
                    ],
                )
            ],
            # A rule for old versions is refused until versioning is on.
            depends_on=[self.versioning],
        )

    def _log_access(self, target: PrivateBucket | None, prefix: str) -> None:
        if target is None:
            return
        S3BucketLoggingA(
            self,
            "access-log",
            bucket=self.bucket.id,
            target_bucket=target.bucket.id,
            target_prefix=prefix,
            depends_on=[target.bucket_policy],
        )

    def _tls_only(self) -> Statement:
        return Statement(
            sid="RefuseWithoutTls",
            effect="Deny",
            principals={"*": "*"},
            actions=("s3:*",),
            resources=(self.bucket.arn, f"{self.bucket.arn}/*"),
            conditions={"Bool": {"aws:SecureTransport": "false"}},
        )


def delivery_statements(
    bucket_arn: str, service: LogService | None, naming: Naming
) -> list[Statement]:
    """What a log-delivering service must be allowed, for this account's logs only.

    Sources: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html,
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html and
    https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html
    """
    if service is None:
        return []
    from_bedrock = service == "bedrock.amazonaws.com"
    folder = f"AWSLogs/{naming.account_id}/BedrockModelInvocationLogs/" if from_bedrock else ""
    ours = _sources(service, naming)
    statements = [
        Statement(
            sid="DeliverLogs",
            principals={"Service": service},
            actions=("s3:PutObject",),
            resources=(f"{bucket_arn}/{folder}*",),
            conditions=ours,
        )
    ]
    if service == "delivery.logs.amazonaws.com":
        statements.append(
            Statement(
                sid="CheckBeforeDelivery",
                principals={"Service": service},
                actions=("s3:GetBucketAcl", "s3:ListBucket"),
                resources=(bucket_arn,),
                conditions=ours,
            )
        )
    return statements


def _sources(service: LogService, naming: Naming) -> Conditions:
    """That the logs are of this account and region, or of a bucket of the environment."""
    if service == "bedrock.amazonaws.com":
        return bedrock_conditions(naming)
    source = {
        "delivery.logs.amazonaws.com": naming.arn("logs", "*"),
        "logging.s3.amazonaws.com": f"arn:aws:s3:::{naming.pattern('*')}",
    }[service]
    return acting_for(naming.account_id, source)


def bedrock_conditions(naming: Naming) -> Conditions:
    """That Bedrock acts for this account and region, and for no other customer.

    Args:
        naming: account and region.
    """
    return acting_for(naming.account_id, naming.arn("bedrock", "*"))
