"""One PostgreSQL instance with what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf import Fn, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.db_instance import (
    DbInstance,
    DbInstanceTimeouts,
)
from cdktf_cdktf_provider_aws.db_subnet_group import DbSubnetGroup
from cdktf_cdktf_provider_aws.security_group import SecurityGroup, SecurityGroupTimeouts
from constructs import Construct

from modules.checkov import skip
from modules.encryption import EncryptionKey
from modules.iam import acting_for, managed_policy, service_role
from modules.logs import RetentionDays, log_group
from modules.naming import Naming
from modules.rds.parameters import major_of, parameter_group
from modules.timeouts import NETWORK_INTERFACE_RELEASE
from modules.vpc import Vpc

EXPORTED_LOGS = ("postgresql", "upgrade")
_MONITORING_SECONDS = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class InstanceSize:
    """How large an instance is and how it grows.

    Attributes:
        instance_class: for example ``db.t4g.micro``.
        storage_gib: gp3 storage to begin with, GiB.
        max_storage_gib: storage grows by itself up to this, GiB.
        multi_az: a standby in a second zone.
    """

    instance_class: str
    storage_gib: int
    max_storage_gib: int
    multi_az: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class InstanceProtection:
    """What stands between an instance and its loss.

    Attributes:
        deletion_protection: Terraform refuses to plan the instance's end, AWS refuses it.
        backup_retention_days: days of point-in-time recovery, 1 to 35.
        final_snapshot: a snapshot is taken when the instance is deleted.
        apply_immediately: changes that restart the instance do not wait for its window.
        backup_window: when backups are taken, UTC.
        maintenance_window: when AWS maintains the instance, UTC; not during backups.
        major_upgrade_to: the one major version that AWS may change a deployed instance's to.
        performance_insights_days: days of query statistics kept; 7 are free.
    """

    deletion_protection: bool
    backup_retention_days: int
    final_snapshot: bool
    apply_immediately: bool
    backup_window: str = "17:00-18:00"
    maintenance_window: str = "sat:18:30-sat:19:30"
    major_upgrade_to: str | None = None
    performance_insights_days: int = 7


class Instance(Construct):
    """Encrypted, private, its password managed by RDS, its logs in groups of ours.

    Attributes:
        name: the instance's identifier, known before AWS makes it.
        size: class, storage and standby.
        instance: the ``aws_db_instance``.
        security_group: admits nobody until a verb does.
        port: TCP port.
    """

    port = 5432

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        network: Vpc,
        key: EncryptionKey,
        engine_version: str,
        parameter_family: str,
        database_name: str,
        master_user: str,
        size: InstanceSize,
        protection: InstanceProtection,
        log_retention_days: RetentionDays,
    ) -> None:
        """Create the instance, its subnet and parameter groups, log groups and monitoring role.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
            naming: names and ARNs of the environment.
            network: the VPC; the instance stands in its database tier, two zones at least.
            key: encrypts storage, snapshots, statistics, logs and the master secret.
            engine_version: ``17`` (AWS's default minor) or ``17.6``.
            parameter_family: ``postgres17``; must belong to the engine's major version.
            database_name: the first database.
            master_user: name of the role that owns the instance.
            size: class, storage and standby.
            protection: backups and guards.
            log_retention_days: when exported log entries expire.
        """
        super().__init__(scope, construct_id)
        self.name = name = naming.name("database")
        self.size = size
        self.security_group = SecurityGroup(
            self,
            "security-group",
            vpc_id=network.id,
            name=name,
            description="PostgreSQL instance: admits its clients one by one",
            timeouts=SecurityGroupTimeouts(delete=NETWORK_INTERFACE_RELEASE),
            tags={"Name": name},
        )
        subnet_group = DbSubnetGroup(
            self,
            "subnet-group",
            name=name,
            description=f"Database tier of {network.name}",
            subnet_ids=network.subnet_ids("database"),
        )
        parameters = parameter_group(self, "parameters", naming=naming, family=parameter_family)
        # Made before the instance: RDS would create them without retention and without our key.
        log_groups = [
            log_group(
                self,
                f"log-{log}",
                name=f"/aws/rds/instance/{name}/{log}",
                key=key,
                retention_days=log_retention_days,
            )
            for log in EXPORTED_LOGS
        ]
        self.log_group_names = [group.name for group in log_groups]
        monitoring = service_role(
            self,
            "monitoring-role",
            name=naming.name("database-monitoring"),
            service="monitoring.rds.amazonaws.com",
            description="Enhanced monitoring of the database's operating system",
            # What is restored beside the instance has a longer name.
            conditions=acting_for(naming.account_id, naming.arn("rds", f"db:{name}*")),
        )
        monitoring_policy = managed_policy(
            self,
            "monitoring-policy",
            role=monitoring,
            path="service-role/AmazonRDSEnhancedMonitoringRole",
        )
        self.instance = DbInstance(
            self,
            "instance",
            identifier=name,
            engine="postgres",
            engine_version=engine_version,
            allow_major_version_upgrade=protection.major_upgrade_to == major_of(engine_version),
            auto_minor_version_upgrade=True,
            apply_immediately=protection.apply_immediately,
            instance_class=size.instance_class,
            multi_az=size.multi_az,
            storage_type="gp3",
            allocated_storage=size.storage_gib,
            max_allocated_storage=size.max_storage_gib,
            storage_encrypted=True,
            kms_key_id=key.arn,
            db_name=database_name,
            port=self.port,
            username=master_user,
            manage_master_user_password=True,
            master_user_secret_kms_key_id=key.arn,
            iam_database_authentication_enabled=True,
            db_subnet_group_name=subnet_group.name,
            vpc_security_group_ids=[self.security_group.id],
            publicly_accessible=False,
            parameter_group_name=parameters.name,
            enabled_cloudwatch_logs_exports=list(EXPORTED_LOGS),
            monitoring_interval=_MONITORING_SECONDS,
            monitoring_role_arn=monitoring.arn,
            performance_insights_enabled=True,
            performance_insights_kms_key_id=key.arn,
            performance_insights_retention_period=protection.performance_insights_days,
            backup_retention_period=protection.backup_retention_days,
            backup_window=protection.backup_window,
            maintenance_window=protection.maintenance_window,
            copy_tags_to_snapshot=True,
            delete_automated_backups=not protection.final_snapshot,
            deletion_protection=protection.deletion_protection,
            skip_final_snapshot=not protection.final_snapshot,
            # A name of its own for each life of the environment: its key is new each time.
            final_snapshot_identifier=(
                f"{name}-final-{Fn.substr(key.key.key_id, 0, 8)}"
                if protection.final_snapshot
                else None
            ),
            # AWS's own guard answers only when everything around the instance is already gone;
            # Terraform's refuses the plan, before anything is touched.
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True)
            if protection.deletion_protection
            else None,
            timeouts=DbInstanceTimeouts(create="60m", update="90m", delete="60m"),
            tags={"Name": name},
            depends_on=[*log_groups, monitoring_policy],
        )
        if not size.multi_az:
            skip(
                self.instance,
                "CKV_AWS_157",
                reason="a single-zone database is this environment's stated choice of cost",
            )
        if not protection.deletion_protection:
            skip(
                self.instance,
                "CKV_AWS_293",
                reason="its environment may be destroyed and rebuilt",
            )

    @property
    def address(self) -> str:
        """Host name of the instance (a token until apply)."""
        return self.instance.address

    @property
    def master_secret_arn(self) -> str:
        """ARN of the secret that RDS keeps and rotates for the master user."""
        return self.instance.master_user_secret.get(0).secret_arn
