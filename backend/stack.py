"""The stack that holds an environment's remote state: bucket, access log, lock table, key."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf import TerraformOutput, TerraformResourceLifecycle, TerraformStack
from cdktf_cdktf_provider_aws.dynamodb_table import (
    DynamodbTable,
    DynamodbTableAttribute,
    DynamodbTablePointInTimeRecovery,
    DynamodbTableServerSideEncryption,
)
from constructs import Construct

from backend.state import KEY_ROLE, attach_state, aws_provider
from modules.encryption import EncryptionKey
from modules.naming import Naming
from modules.private_bucket import PrivateBucket

LOCK_ATTRIBUTE = "LockID"
"""The attribute that Terraform's S3 backend expects."""

_KEEP_STATE_VERSIONS_DAYS = 180
_KEEP_ACCESS_LOG_DAYS = 365


def stack_id(environment: str) -> str:
    """The id of an environment's state stack."""
    return f"backend-{environment}"


class BackendStack(TerraformStack):
    """Made once an environment, before anything else, by ``make backend ENV=…``.

    Its own state lies in the bucket that it makes.
    """

    def __init__(
        self, scope: Construct, *, naming: Naming, tags: Mapping[str, str], lockfile: bool = False
    ) -> None:
        """Create the stack ``backend-<environment>``.

        Args:
            scope: the app.
            naming: names and ARNs of the environment.
            tags: tags of every resource.
            lockfile: see ``attach_state``.
        """
        super().__init__(scope, stack_id(naming.environment))
        aws_provider(self, naming=naming, tags=tags)
        self.state = attach_state(
            self, naming=naming, stack_id=stack_id(naming.environment), lockfile=lockfile
        )
        key = EncryptionKey(
            self,
            "key",
            naming=naming,
            role=KEY_ROLE,
            description=f"Terraform state of {naming.project} {naming.environment}",
            deletion_window_days=30,
        )
        access_log = PrivateBucket(
            self,
            "access-log",
            naming=naming,
            name=self.state.log_bucket,
            expire_after_days=_KEEP_ACCESS_LOG_DAYS,
            receives_from="logging.s3.amazonaws.com",
        )
        self.bucket = PrivateBucket(
            self,
            "bucket",
            naming=naming,
            name=self.state.bucket,
            key=key,
            keep_old_versions_days=_KEEP_STATE_VERSIONS_DAYS,
            access_logs_to=access_log,
            access_log_prefix="state/",
            keep=True,
        )
        self.table = DynamodbTable(
            self,
            "lock-table",
            name=self.state.lock_table,
            billing_mode="PAY_PER_REQUEST",
            hash_key=LOCK_ATTRIBUTE,
            attribute=[DynamodbTableAttribute(name=LOCK_ATTRIBUTE, type="S")],
            server_side_encryption=DynamodbTableServerSideEncryption(
                enabled=True, kms_key_arn=key.arn
            ),
            point_in_time_recovery=DynamodbTablePointInTimeRecovery(enabled=True),
            deletion_protection_enabled=True,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
        )
        TerraformOutput(
            self, "state_location", value=self.state.location, description="This stack's own state"
        )
