"""Flow logs of a whole VPC: who talked to whom, accepted and refused alike."""

from __future__ import annotations

from typing import Literal

from cdktf_cdktf_provider_aws.flow_log import FlowLog, FlowLogDestinationOptions
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from modules.checkov import skip
from modules.encryption import EncryptionKey
from modules.iam import Statement, policy, service_role
from modules.logs import RetentionDays, log_group
from modules.naming import Naming
from modules.private_bucket import PrivateBucket
from modules.vpc.network import Vpc

FlowLogDestination = Literal["cloudwatch", "s3"]

_AGGREGATION_SECONDS = 60


class FlowLogs(Construct):
    """ALL traffic of the VPC, to CloudWatch Logs (to search) or to S3 (to keep cheaply)."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        network: Vpc,
        key: EncryptionKey,
        destination: FlowLogDestination = "cloudwatch",
        retention_days: RetentionDays = 30,
    ) -> None:
        """Create the flow log and its destination.

        Args:
            scope: the construct that owns them.
            construct_id: id within the scope.
            naming: names and ARNs of the environment.
            network: the VPC to observe.
            key: encrypts the log group; S3 delivers with S3's own key.
            destination: ``cloudwatch`` or ``s3``.
            retention_days: when records expire.
        """
        super().__init__(scope, construct_id)
        self.log_group_name: str | None = None
        if destination == "cloudwatch":
            self._to_cloudwatch(naming, network, key, retention_days)
        else:
            self._to_s3(naming, network, retention_days)

    def _to_cloudwatch(
        self, naming: Naming, network: Vpc, key: EncryptionKey, retention_days: RetentionDays
    ) -> None:
        group = log_group(
            self,
            "log-group",
            name=f"/{naming.path('vpc-flow')}",
            key=key,
            retention_days=retention_days,
        )
        self.log_group_name = group.name
        role = service_role(
            self,
            "role",
            name=naming.name("vpc-flow-logs"),
            service="vpc-flow-logs.amazonaws.com",
            description="Writes the VPC's flow logs to their log group",
            conditions={"StringEquals": {"aws:SourceAccount": naming.account_id}},
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
                Statement(
                    actions=("logs:DescribeLogGroups",),
                    resources=(naming.arn("logs", "log-group:*"),),
                ),
            ),
        )
        FlowLog(
            self,
            "flow-log",
            vpc_id=network.id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=_AGGREGATION_SECONDS,
            tags={"Name": naming.tag("vpc-flow")},
            depends_on=[permission],
        )

    def _to_s3(self, naming: Naming, network: Vpc, retention_days: RetentionDays) -> None:
        bucket = PrivateBucket(
            self,
            "bucket",
            name=naming.global_name("vpc-flow"),
            expire_after_days=retention_days,
            receives_from="delivery.logs.amazonaws.com",
            naming=naming,
        )
        skip(
            bucket.bucket,
            "CKV_AWS_18",
            reason="it holds logs itself and only the delivery service writes to it",
        )
        FlowLog(
            self,
            "flow-log",
            vpc_id=network.id,
            traffic_type="ALL",
            log_destination_type="s3",
            log_destination=bucket.bucket.arn,
            destination_options=FlowLogDestinationOptions(
                file_format="parquet", hive_compatible_partitions=True, per_hour_partition=True
            ),
            max_aggregation_interval=_AGGREGATION_SECONDS,
            tags={"Name": naming.tag("vpc-flow")},
            depends_on=[bucket.bucket_policy],
        )
