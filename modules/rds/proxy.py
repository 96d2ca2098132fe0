"""RDS Proxy: pools connections for functions, speaks TLS only, knows its callers by IAM."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf import Fn, TerraformLocal
from cdktf_cdktf_provider_aws.db_proxy import DbProxy, DbProxyAuth, DbProxyTimeouts
from cdktf_cdktf_provider_aws.db_proxy_default_target_group import (
    DbProxyDefaultTargetGroup,
    DbProxyDefaultTargetGroupConnectionPoolConfig,
)
from cdktf_cdktf_provider_aws.db_proxy_target import DbProxyTarget
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.security_group import SecurityGroup, SecurityGroupTimeouts
from constructs import Construct

from modules import network_access
from modules.checkov import skip
from modules.encryption import EncryptionKey
from modules.iam import Statement, policy, service_role
from modules.lifecycle import replaced_with
from modules.logs import RetentionDays, log_group
from modules.naming import Naming
from modules.rds.instance import Instance
from modules.timeouts import NETWORK_INTERFACE_RELEASE

_ARN_FIELD_OF_ID = 6
"""``arn:aws:rds:<region>:<account>:db-proxy:<id>``, counted from 0."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProxySize:
    """How the proxy uses the database's connections.

    Attributes:
        zones: full names of the zones of its interfaces, two at least.
        max_connections_percent: share of the instance's ``max_connections`` it may open.
        max_idle_percent: share that it keeps open without work.
        borrow_timeout_seconds: how long a client waits for a free connection.
        idle_client_timeout_seconds: when a silent client is disconnected.
    """

    zones: Sequence[str]
    max_connections_percent: int = 90
    max_idle_percent: int = 50
    borrow_timeout_seconds: int = 5
    idle_client_timeout_seconds: int = 1800


class Proxy(Construct):
    """The proxy, its role, its log group and its one target.

    It authenticates to the database with secrets; its clients authenticate to it with IAM tokens.
    Its subnets cannot be changed without a new proxy, so they are given once: a zone that is
    added to the network later does not touch it.
    """

    port = Instance.port

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        vpc_id: str,
        subnet_ids: Sequence[str],
        key: EncryptionKey,
        instance: Instance,
        secret_arns: Sequence[str],
        size: ProxySize,
        log_retention_days: RetentionDays,
    ) -> None:
        """Create the proxy in front of one instance.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
            naming: names and ARNs of the environment.
            vpc_id: the VPC.
            subnet_ids: subnets in two zones at least.
            key: the key that encrypts the secrets and the log group.
            instance: the database behind it.
            secret_arns: secrets with ``username`` and ``password``, one a database role.
            size: its share of connections and its time-outs.
            log_retention_days: when its log entries expire.
        """
        super().__init__(scope, construct_id)
        self.name = name = naming.name("database-proxy")
        self._naming = naming
        self.security_group = SecurityGroup(
            self,
            "security-group",
            vpc_id=vpc_id,
            name=name,
            description="RDS Proxy: admits its clients one by one, reaches the instance only",
            timeouts=SecurityGroupTimeouts(delete=NETWORK_INTERFACE_RELEASE),
            tags={"Name": name},
        )
        skip(
            self.security_group,
            "CKV2_AWS_5",
            reason="attached to the RDS Proxy below, a resource the check does not know",
        )
        network_access.allow(
            self,
            "to-instance",
            source=self,
            target=instance,
            port=instance.port,
            purpose="RDS Proxy to PostgreSQL",
        )
        role = service_role(
            self,
            "role",
            name=name,
            service="rds.amazonaws.com",
            # No condition on the source: AWS documents none for this service, and a proxy that
            # cannot assume its role fails only when the first client connects.
            description="Reads the database roles' secrets for RDS Proxy",
        )
        read_secrets = IamRolePolicy(
            self,
            "read-secrets",
            name="read-secrets",
            role=role.id,
            policy=policy(
                Statement(
                    sid="ReadSecrets",
                    actions=("secretsmanager:GetSecretValue",),
                    resources=tuple(secret_arns),
                ),
                key.decrypt(via=f"secretsmanager.{naming.region}.amazonaws.com"),
            ),
        )
        group = log_group(
            self,
            "log-group",
            name=f"/aws/rds/proxy/{name}",
            key=key,
            retention_days=log_retention_days,
        )
        self.log_group_name = group.name
        self.proxy = DbProxy(
            self,
            "proxy",
            name=name,
            engine_family="POSTGRESQL",
            role_arn=role.arn,
            vpc_subnet_ids=list(subnet_ids),
            vpc_security_group_ids=[self.security_group.id],
            require_tls=True,
            idle_client_timeout=size.idle_client_timeout_seconds,
            auth=[
                DbProxyAuth(auth_scheme="SECRETS", iam_auth="REQUIRED", secret_arn=arn)
                for arn in secret_arns
            ],
            timeouts=DbProxyTimeouts(create="30m", update="30m", delete="60m"),
            depends_on=[group, read_secrets],
        )
        # A local of its own: quotes inside a policy's JSON would keep Checkov from reading it.
        self._id = TerraformLocal(
            self, "id", Fn.element(Fn.split(":", self.proxy.arn), _ARN_FIELD_OF_ID)
        )
        self.target = self._target(instance, size)

    @property
    def address(self) -> str:
        """Host name of the proxy (a token until apply)."""
        return self.proxy.endpoint

    def connect_arn(self, user: str) -> str:
        """The ``rds-db:connect`` resource of one database role through this proxy.

        Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-connecting.html
        """
        return self._naming.arn("rds-db", f"dbuser:{self._id.as_string}/{user}")

    def _target(self, instance: Instance, size: ProxySize) -> DbProxyTarget:
        # The proxy's id is its name. AWS deletes both with the proxy, and a new one starts with
        # default pool settings and without a target, so both must be made again with it.
        group = DbProxyDefaultTargetGroup(
            self,
            "target-group",
            db_proxy_name=self.proxy.id,
            connection_pool_config=DbProxyDefaultTargetGroupConnectionPoolConfig(
                max_connections_percent=size.max_connections_percent,
                max_idle_connections_percent=size.max_idle_percent,
                connection_borrow_timeout=size.borrow_timeout_seconds,
            ),
        )
        return DbProxyTarget(
            self,
            "target",
            db_proxy_name=self.proxy.id,
            target_group_name=group.name,
            db_instance_identifier=instance.instance.identifier,
            lifecycle=replaced_with(instance.instance),
        )
