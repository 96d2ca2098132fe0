"""The database as the rest of the system sees it: an address, a role, and a verb to connect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from constructs import Construct

from modules import network_access
from modules.encryption import EncryptionKey
from modules.iam import Statement
from modules.logs import RetentionDays
from modules.naming import Naming
from modules.network_access import Peer
from modules.rds.application_secret import ApplicationSecret
from modules.rds.instance import MASTER_USER, Instance, InstanceProtection, InstanceSize
from modules.rds.proxy import Proxy, ProxySize
from modules.vpc import Vpc

APPLICATION_USER = "mapvibe_app"
"""The application's own role. Nothing that answers requests ever connects as the master user."""


class Client(Peer, Protocol):
    """What can be granted a connection: it has a security group, a role and an environment."""

    def grant(self, name: str, *statements: Statement) -> None:
        """Attach a policy of this name to the client's role."""
        ...

    def add_environment(self, **variables: str) -> None:
        """Tell the client's code."""
        ...


class Database(Construct):
    """A PostgreSQL instance, the application role's secret and, if asked for, the proxy.

    Clients connect through the proxy where there is one, directly otherwise; either way with an
    IAM token and over TLS, and either way through the same verbs.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        network: Vpc,
        zones: Sequence[str],
        key: EncryptionKey,
        engine_version: str,
        parameter_family: str,
        database_name: str,
        size: InstanceSize,
        protection: InstanceProtection,
        proxy: ProxySize | None,
        secret_version: int,
        log_retention_days: RetentionDays,
    ) -> None:
        """Create the database.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
            naming: names and ARNs of the environment.
            network: the VPC.
            zones: the two zones of the proxy; the instance's subnet group spans all zones.
            key: encrypts everything that it stores.
            engine_version: PostgreSQL's version on RDS.
            parameter_family: family of the parameter group.
            database_name: the first database.
            size: the instance's class, storage and standby.
            protection: backups and guards.
            proxy: the proxy's share of connections, or None for no proxy.
            secret_version: raise it by one to change the application role's password.
            log_retention_days: when log entries expire.
        """
        super().__init__(scope, construct_id)
        self._naming = naming
        self.name = database_name
        self.instance = Instance(
            self,
            "instance",
            naming=naming,
            vpc_id=network.id,
            subnet_ids=network.subnet_ids("database"),
            key=key,
            engine_version=engine_version,
            parameter_family=parameter_family,
            database_name=database_name,
            size=size,
            protection=protection,
            log_retention_days=log_retention_days,
        )
        self.application_secret = ApplicationSecret(
            self,
            "application-secret",
            naming=naming,
            key=key,
            username=APPLICATION_USER,
            version=secret_version,
            recovery_window_days=30 if protection.deletion_protection else 0,
        )
        self.proxy = (
            Proxy(
                self,
                "proxy",
                naming=naming,
                vpc_id=network.id,
                subnet_ids=network.subnet_ids("database", zones),
                key=key,
                instance=self.instance,
                secret_arns=(self.application_secret.arn, self.instance.master_secret_arn),
                size=proxy,
                log_retention_days=log_retention_days,
            )
            if proxy
            else None
        )

    @property
    def address(self) -> str:
        """Host that clients connect to: the proxy's, or the instance's without a proxy."""
        return self.proxy.address if self.proxy else self.instance.address

    @property
    def port(self) -> int:
        """TCP port."""
        return self.instance.port

    @property
    def log_group_names(self) -> list[str]:
        """Log groups of the instance and the proxy."""
        proxy = [self.proxy.log_group_name] if self.proxy else []
        return [*self.instance.log_group_names, *proxy]

    def grant_connect(self, client: Client) -> None:
        """Let ``client`` connect as the application's role.

        Writes the exact ``rds-db:connect`` permission, both security-group rules, and the
        ``DATABASE_*`` variables that the service reads.
        """
        self._grant(client, user=APPLICATION_USER)

    def grant_administer(self, client: Client) -> None:
        """Let ``client`` connect as the master user and read the application role's secret.

        For what prepares the database, never for what answers requests.
        """
        self._grant(client, user=MASTER_USER)
        client.grant(
            "read-application-secret",
            Statement(
                sid="ReadApplicationSecret",
                actions=("secretsmanager:GetSecretValue",),
                resources=(self.application_secret.arn,),
            ),
        )
        client.add_environment(APP_SECRET_ARN=self.application_secret.arn)

    def _grant(self, client: Client, *, user: str) -> None:
        target = self.proxy or self.instance
        network_access.allow(
            self,
            f"{user}-from-{client.node.id}",
            source=client,
            target=target,
            port=self.port,
            purpose=f"{user} to PostgreSQL",
        )
        client.grant(
            f"connect-as-{user}",
            Statement(
                sid="ConnectToDatabase",
                actions=("rds-db:connect",),
                resources=(self._connect_arn(user),),
            ),
        )
        client.add_environment(
            DATABASE_HOST=self.address,
            DATABASE_PORT=str(self.port),
            DATABASE_NAME=self.name,
            DATABASE_USER=user,
            DATABASE_AUTH="iam",
        )

    def _connect_arn(self, user: str) -> str:
        if self.proxy:
            return self.proxy.connect_arn(user)
        return self._naming.arn("rds-db", f"dbuser:{self.instance.instance.resource_id}/{user}")
