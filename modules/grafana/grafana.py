"""The machine that Grafana runs on: nobody reaches it from the network, and it keeps nothing."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.data_aws_ami import DataAwsAmi, DataAwsAmiFilter
from cdktf_cdktf_provider_aws.iam_instance_profile import IamInstanceProfile
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.instance import (
    Instance,
    InstanceCreditSpecification,
    InstanceMetadataOptions,
    InstanceRootBlockDevice,
)
from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from constructs import Construct

from modules import network_access
from modules.checkov import skip
from modules.encryption import EncryptionKey
from modules.grafana.panel import Alert, Dashboard
from modules.grafana.user_data import user_data
from modules.iam import Statement, managed_policy, policy, service_role
from modules.naming import Naming
from modules.slack_webhook import reading, slack_webhook
from modules.vpc import Vpc

_IMAGE = "al2023-ami-2023.*-kernel-6.1-x86_64"
"""Amazon Linux 2023, not its minimal image: it has the agent of Session Manager and AWS's command
line. AWS's parameter of the latest image would do as well, but who plans reads no parameter.
Source: https://docs.aws.amazon.com/linux/al2023/ug/ec2.html"""

_DISK_GIB = 10
_METRICS = (
    "cloudwatch:DescribeAlarmHistory",
    "cloudwatch:DescribeAlarms",
    "cloudwatch:DescribeAlarmsForMetric",
    "cloudwatch:GetInsightRuleReport",
    "cloudwatch:GetMetricData",
    "cloudwatch:ListMetrics",
)
_LOGS = ("logs:GetLogEvents", "logs:GetLogGroupFields", "logs:StartQuery")
_LOGS_WITHOUT_RESOURCE = ("logs:DescribeLogGroups", "logs:GetQueryResults", "logs:StopQuery")


def webhook_name(naming: Naming) -> str:
    """Name of the secret that a person puts Slack's webhook into, known before it exists."""
    return naming.path("grafana/slack-webhook")


class Grafana(Construct):
    """Grafana OSS on one instance in the application tier, opened through Session Manager.

    No rule lets anybody in: a session's port forwarding ends on the machine itself. The machine
    can be thrown away: what Grafana shows comes from files that Terraform wrote, so a change of
    them replaces it. A newer image of Amazon Linux does not; the machine updates itself.

    Attributes:
        instance: the ``aws_instance``.
        webhook: the secret, empty until a person writes Slack's webhook into it.
        security_group: of the machine.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        network: Vpc,
        key: EncryptionKey,
        version: str,
        dashboard: Dashboard,
        alert: Alert,
        log_groups: Sequence[str],
        recovery_window_days: int,
        instance_type: str = "t3.small",
        disk_type: str = "gp3",
    ) -> None:
        """Create the machine and what belongs to it.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
            naming: names and ARNs of the environment.
            network: the VPC; without NAT the machine cannot install anything.
            key: encrypts the disk and the secret.
            version: Grafana's version, such as ``11.6.16``.
            dashboard: what it shows.
            alert: what it calls for help about.
            log_groups: names of the log groups that its users may search.
            recovery_window_days: days in which the deleted secret can be restored; 0 deletes at
                once, and Grafana can be switched off and on on one day.
            instance_type: EC2's name of the machine's size; of the processor family x86-64.
            disk_type: EC2's name of the disk's kind.
        """
        super().__init__(scope, construct_id)
        name = naming.name("grafana")
        self._naming = naming
        self.security_group = SecurityGroup(
            self,
            "security-group",
            vpc_id=network.id,
            name=name,
            description=f"{name}: nobody comes in; HTTPS out",
            tags={"Name": name},
        )
        way_out = network_access.allow_https_out(self, "to-internet", source=self)
        network.allow_amazon_linux()
        self.webhook = slack_webhook(
            self,
            "webhook",
            name=webhook_name(naming),
            description="Slack's webhook for Grafana's alerts; a person writes it, no state holds it",
            key=key,
            recovery_window_days=recovery_window_days,
        )
        role = service_role(
            self,
            "role",
            name=name,
            service="ec2.amazonaws.com",
            description="What Grafana may read",
        )
        permissions = [
            managed_policy(self, "sessions", role=role, path="AmazonSSMManagedInstanceCore"),
            self._permission("read-cloudwatch", role, self._reading(log_groups)),
            self._permission("read-webhook", role, reading(self.webhook, key=key, naming=naming)),
        ]
        profile = IamInstanceProfile(self, "profile", name=name, role=role.id)
        image = DataAwsAmi(
            self,
            "image",
            most_recent=True,
            owners=["amazon"],
            filter=[DataAwsAmiFilter(name="name", values=[_IMAGE])],
        )
        self.instance = Instance(
            self,
            "instance",
            ami=image.id,
            instance_type=instance_type,
            # A single NAT gateway stands in the first zone.
            subnet_id=network.subnet_ids("application")[0],
            vpc_security_group_ids=[self.security_group.id],
            iam_instance_profile=profile.id,
            ebs_optimized=True,
            # Without this a busy t3 is billed for more than its price an hour.
            credit_specification=InstanceCreditSpecification(cpu_credits="standard"),
            metadata_options=InstanceMetadataOptions(
                http_endpoint="enabled", http_tokens="required", http_put_response_hop_limit=1
            ),
            root_block_device=InstanceRootBlockDevice(
                volume_type=disk_type, volume_size=_DISK_GIB, encrypted=True, kms_key_id=key.arn
            ),
            user_data=user_data(
                version=version,
                region=naming.region,
                secret=webhook_name(naming),
                dashboard=dashboard,
                alert=alert,
            ),
            # cloud-init reads it at the first start only.
            user_data_replace_on_change=True,
            tags={"Name": name},
            # AWS publishes another image every few weeks, which alone is no reason for a new
            # machine.
            lifecycle=TerraformResourceLifecycle(ignore_changes=["ami"]),
            # It installs Grafana as soon as it starts.
            depends_on=[*permissions, way_out, *network.routes_and_rules],
        )
        skip(
            self.instance,
            "CKV_AWS_126",
            reason="nothing looks at this machine minute by minute; its metrics would be billed",
        )

    def _reading(self, log_groups: Sequence[str]) -> tuple[Statement, ...]:
        """What Grafana documents for metrics and logs; without tags of EC2, which nothing shows.

        Metrics have no ARNs, so that only the region narrows them.

        Source: https://grafana.com/docs/grafana/v11.6/datasources/aws-cloudwatch/configure/
        """
        here = {"StringEquals": {"aws:RequestedRegion": self._naming.region}}
        groups = [self._naming.arn("logs", f"log-group:{group}:*") for group in log_groups]
        return (
            Statement(
                sid="Metrics",
                actions=(*_METRICS, *_LOGS_WITHOUT_RESOURCE),
                resources=("*",),
                conditions=here,
            ),
            Statement(sid="Logs", actions=_LOGS, resources=groups),
        )

    def _permission(
        self, name: str, role: IamRole, statements: Sequence[Statement]
    ) -> IamRolePolicy:
        return IamRolePolicy(
            self, f"{name}-policy", name=name, role=role.id, policy=policy(*statements)
        )
