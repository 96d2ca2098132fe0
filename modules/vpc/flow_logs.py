"""Flow logs of a whole VPC: who talked to whom, accepted and refused alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.flow_log import FlowLog, FlowLogDestinationOptions
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from modules.checkov import skip
from modules.encryption import EncryptionKey
from modules.iam import Statement, acting_for, policy, service_role
from modules.logs import RetentionDays, log_group
from modules.naming import Naming
from modules.private_bucket import PrivateBucket
from modules.vpc.network import Vpc

FlowLogFormat = Literal["parquet", "plain-text"]

_AGGREGATION_SECONDS = 60
_YEAR_DAYS = 365
_GRACE_DAYS = 30
"""How long a record that was deleted by mistake can be had back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FlowLogArchive:
    """How S3 keeps flow logs.

    Attributes:
        format: ``parquet`` is read by column and in a fraction of the time, and AWS charges its
            conversion by the GB; below 100 KB of records a period it is larger than ``plain-text``.
            Both are compressed with gzip. Source:
            https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html
        colder_after_days: days until files of 128 KB or more move to colder storage; None never.
        expire_after_days: days until they are deleted.
        force_destroy: the records are deleted with the bucket, which AWS otherwise refuses.
    """

    format: FlowLogFormat = "parquet"
    colder_after_days: int | None = None
    expire_after_days: int = 365
    force_destroy: bool = False


class FlowLogs(Construct):
    """ALL traffic of the VPC, to CloudWatch Logs (to search now) and to S3 (to keep cheaply).

    Attributes:
        log_group: where CloudWatch Logs keeps the records; None without.
        archive: the bucket that keeps them; None without.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        network: Vpc,
        key: EncryptionKey,
        cloudwatch_days: RetentionDays | None = 365,
        archive: FlowLogArchive | None = None,
    ) -> None:
        """Create a flow log for each destination, and the destinations.

        Args:
            scope: the construct that owns them.
            construct_id: id within the scope.
            naming: names and ARNs of the environment.
            network: the VPC to observe.
            key: encrypts the log group; S3 delivers with S3's own key.
            cloudwatch_days: days that CloudWatch Logs keeps records; None sends it none.
            archive: how S3 keeps them; None sends it none.

        Raises:
            ValueError: neither destination is wanted.
        """
        super().__init__(scope, construct_id)
        if cloudwatch_days is None and archive is None:
            raise ValueError("flow logs need a destination; give cloudwatch_days, or archive")
        self._naming = naming
        self._network = network
        self.log_group = self._to_cloudwatch(key, cloudwatch_days) if cloudwatch_days else None
        self.archive = self._to_s3(archive) if archive else None
        if self.log_group and cloudwatch_days and cloudwatch_days < _YEAR_DAYS and archive:
            _explain_retention(self.log_group, archive)

    @property
    def log_group_name(self) -> str | None:
        """Name of the log group (a token until apply); None where CloudWatch Logs has none."""
        return self.log_group.name if self.log_group else None

    def _to_cloudwatch(
        self, key: EncryptionKey, retention_days: RetentionDays
    ) -> CloudwatchLogGroup:
        group = log_group(
            self,
            "log-group",
            name=f"/{self._naming.path('vpc-flow')}",
            key=key,
            retention_days=retention_days,
        )
        role = service_role(
            self,
            "role",
            name=self._naming.name("vpc-flow-logs"),
            service="vpc-flow-logs.amazonaws.com",
            description="Writes the VPC's flow logs to their log group",
            conditions=acting_for(
                self._naming.account_id, self._naming.arn("ec2", "vpc-flow-log/*")
            ),
        )
        permission = IamRolePolicy(
            self,
            "write",
            name="write-flow-logs",
            role=role.id,
            policy=policy(
                Statement(
                    actions=(
                        "logs:CreateLogStream",
                        "logs:PutLogEvents",
                        "logs:DescribeLogStreams",
                    ),
                    resources=(f"{group.arn}:*",),
                ),
                # AWS ties listing to no ARN.
                Statement(actions=("logs:DescribeLogGroups",), resources=("*",)),
            ),
        )
        FlowLog(
            self,
            "flow-log",
            vpc_id=self._network.id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=_AGGREGATION_SECONDS,
            tags={"Name": self._naming.tag("vpc-flow")},
            depends_on=[permission],
        )
        return group

    def _to_s3(self, archive: FlowLogArchive) -> PrivateBucket:
        bucket = PrivateBucket(
            self,
            "bucket",
            name=self._naming.global_name("vpc-flow"),
            colder_after_days=archive.colder_after_days,
            expire_after_days=archive.expire_after_days,
            keep_old_versions_days=_GRACE_DAYS,
            force_destroy=archive.force_destroy,
            receives_from="delivery.logs.amazonaws.com",
            naming=self._naming,
        )
        skip(
            bucket.bucket,
            "CKV_AWS_18",
            reason="it holds logs itself and only the delivery service writes to it",
        )
        FlowLog(
            self,
            "archive-flow-log",
            vpc_id=self._network.id,
            traffic_type="ALL",
            log_destination_type="s3",
            # A prefix a format: after a change no table would meet files that it cannot read.
            log_destination=f"{bucket.bucket.arn}/{archive.format}/",
            # One layout for both formats: modules/flow_log_queries/table.py computes its paths.
            destination_options=FlowLogDestinationOptions(
                file_format=archive.format,
                hive_compatible_partitions=True,
                per_hour_partition=True,
            ),
            max_aggregation_interval=_AGGREGATION_SECONDS,
            tags={"Name": self._naming.tag("vpc-flow-archive")},
            # Delivery without the policy fails after the flow log was made, and tells nobody.
            depends_on=[bucket.bucket_policy],
        )
        return bucket


def _explain_retention(group: CloudwatchLogGroup, archive: FlowLogArchive) -> None:
    """Short retention is right where S3 keeps the year that Checkov asks for, and only there."""
    if archive.expire_after_days >= _YEAR_DAYS:
        skip(
            group,
            "CKV_AWS_338",
            reason=f"S3 keeps the same records for {archive.expire_after_days} days",
        )
