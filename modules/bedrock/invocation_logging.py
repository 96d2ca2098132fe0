"""Who called which model, when, with how many tokens: Bedrock's log of all invocations.

AWS keeps one such configuration an account and region, whoever writes it: a second one overwrites
the first, and the end of either ends both. So two environments of one account and region may not
both have this construct.

Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cdktf_cdktf_provider_aws.bedrock_model_invocation_logging_configuration import (
    BedrockModelInvocationLoggingConfiguration,
    BedrockModelInvocationLoggingConfigurationLoggingConfig,
    BedrockModelInvocationLoggingConfigurationLoggingConfigCloudwatchConfig,
    BedrockModelInvocationLoggingConfigurationLoggingConfigCloudwatchConfigLargeDataDeliveryS3Config,
    BedrockModelInvocationLoggingConfigurationLoggingConfigS3Config,
)
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from modules.checkov import skip
from modules.encryption import EncryptionKey
from modules.iam import Statement, policy, service_role
from modules.logs import RetentionDays, log_group
from modules.monitoring.protection import protect
from modules.naming import Naming
from modules.private_bucket import PrivateBucket, bedrock_conditions

SERVICE: Final = "bedrock.amazonaws.com"
LOG_GROUP = "/aws/bedrock/modelinvocations"
"""The name that AWS's own examples give the group."""
LOG_STREAM = "aws/bedrock/modelinvocations"
"""The one stream into which Bedrock writes."""
BUCKET_ROLE = "bedrock-logs"
"""Last part of the bucket's name, before the account."""

_YEAR_DAYS = 365


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveredData:
    """What of an invocation is delivered beside who, when, which model and how many tokens.

    Without a word AWS delivers all of it; here each kind must be asked for.

    Attributes:
        texts: prompts and answers.
        images: pictures sent to models and made by them.
        embeddings: texts and their vectors.
        videos: films sent to models and made by them.
    """

    texts: bool = False
    images: bool = False
    embeddings: bool = False
    videos: bool = False

    @property
    def anything(self) -> bool:
        """Whether content of calls is delivered at all."""
        return self.texts or self.images or self.embeddings or self.videos


def key_statement(naming: Naming) -> Statement:
    """What the policy of the bucket's key must say, so that Bedrock can write there.

    Args:
        naming: account and region.
    """
    return Statement(
        sid="BedrockWritesLogs",
        principals={"Service": SERVICE},
        actions=("kms:GenerateDataKey",),
        resources=("*",),
        conditions=bedrock_conditions(naming),
    )


class InvocationLogging(Construct):
    """The log of all invocations of an account and region, to CloudWatch Logs and to S3.

    Attributes:
        group: the log group, to search.
        bucket: the bucket, to keep.
        role: what Bedrock writes to the group with.
        configuration: the account's setting.
        masks: whether the group masks secrets and addresses.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        key: EncryptionKey,
        log_group_name: str = LOG_GROUP,
        log_retention_days: RetentionDays = 30,
        bucket_retention_days: int = 90,
        force_destroy: bool = False,
        data: DeliveredData | None = None,
    ) -> None:
        """Create both destinations, what lets Bedrock write there, and then the setting.

        Args:
            scope: the construct that owns them.
            construct_id: id within the scope.
            naming: names and ARNs of the environment.
            key: encrypts both; its policy needs ``key_statement``.
            log_group_name: full name of the group.
            log_retention_days: when entries of the group expire.
            bucket_retention_days: when objects of the bucket expire.
            force_destroy: Terraform deletes the objects with the bucket; AWS refuses to delete a
                bucket that holds any, and holds a sample of Bedrock's from the beginning.
            data: what of the invocations' content is delivered; by default nothing.
        """
        super().__init__(scope, construct_id)
        self._naming = naming
        data = data or DeliveredData()
        self.group = self._group(key, log_group_name, log_retention_days)
        self.masks = data.texts or data.embeddings
        if self.masks:
            # What people ask may hold more than they know.
            protect(self, "protection", log_group=self.group)
        self.bucket = self._bucket(key, bucket_retention_days, force_destroy=force_destroy)
        self.role = self._role()
        permission = self._permission(self.role, self.group)
        self.configuration = BedrockModelInvocationLoggingConfiguration(
            self,
            "configuration",
            logging_config=self._config(data),
            # AWS writes a sample to both before it agrees: "Failed to validate permissions".
            depends_on=[permission, self.bucket.bucket_policy],
        )

    @property
    def log_group_name(self) -> str:
        """Where to search."""
        return self.group.name

    @property
    def bucket_name(self) -> str:
        """Where it is kept."""
        return self.bucket.bucket.bucket

    def _group(self, key: EncryptionKey, name: str, days: RetentionDays) -> CloudwatchLogGroup:
        group = log_group(self, "log-group", name=name, key=key, retention_days=days)
        if days < _YEAR_DAYS:
            skip(
                group,
                "CKV_AWS_338",
                reason="the group is for searching the last weeks; the bucket beside it keeps the "
                "same records longer, and neither holds them for a year, for they say who asked",
            )
        return group

    def _bucket(self, key: EncryptionKey, days: int, *, force_destroy: bool) -> PrivateBucket:
        bucket = PrivateBucket(
            self,
            "bucket",
            naming=self._naming,
            name=self._naming.global_name(BUCKET_ROLE),
            key=key,
            keep_old_versions_days=days,
            expire_after_days=days,
            receives_from=SERVICE,
            force_destroy=force_destroy,
        )
        skip(
            bucket.bucket,
            "CKV_AWS_18",
            reason="it holds logs itself and only Bedrock's delivery writes to it",
        )
        return bucket

    def _role(self) -> IamRole:
        return service_role(
            self,
            "role",
            name=self._naming.name(BUCKET_ROLE),
            service=SERVICE,
            description="Writes the log of Bedrock's invocations to its log group",
            conditions=bedrock_conditions(self._naming),
        )

    def _permission(self, role: IamRole, group: CloudwatchLogGroup) -> IamRolePolicy:
        return IamRolePolicy(
            self,
            "write",
            name="write-invocation-logs",
            role=role.id,
            policy=policy(
                Statement(
                    actions=("logs:CreateLogStream", "logs:PutLogEvents"),
                    resources=(f"{group.arn}:log-stream:{LOG_STREAM}",),
                )
            ),
        )

    def _config(
        self, data: DeliveredData
    ) -> BedrockModelInvocationLoggingConfigurationLoggingConfig:
        to_group = BedrockModelInvocationLoggingConfigurationLoggingConfigCloudwatchConfig
        large = BedrockModelInvocationLoggingConfigurationLoggingConfigCloudwatchConfigLargeDataDeliveryS3Config
        to_bucket = BedrockModelInvocationLoggingConfigurationLoggingConfigS3Config
        return BedrockModelInvocationLoggingConfigurationLoggingConfig(
            cloudwatch_config=to_group(
                log_group_name=self.group.id,
                role_arn=self.role.arn,
                # An event holds 100 KB; what is larger, or binary, goes to the bucket.
                large_data_delivery_s3_config=large(bucket_name=self.bucket.bucket.id)
                if data.anything
                else None,
            ),
            s3_config=to_bucket(bucket_name=self.bucket.bucket.id),
            text_data_delivery_enabled=data.texts,
            image_data_delivery_enabled=data.images,
            embedding_data_delivery_enabled=data.embeddings,
            video_data_delivery_enabled=data.videos,
        )
