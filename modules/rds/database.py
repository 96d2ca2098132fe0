"""The database as the rest of the system sees it: an address, a role, and a verb to connect."""

from __future__ import annotations

import json
from typing import Protocol

from cdktf import TerraformResource
from constructs import Construct

from modules.encryption import EncryptionKey
from modules.iam import Statement
from modules.logs import RetentionDays
from modules.naming import Naming
from modules.network_access import Peer
from modules.rds.application_secret import ApplicationSecret
from modules.rds.instance import MASTER_USER, Instance, InstanceProtection, InstanceSize
from modules.rds.proxy import Proxy, ProxySize
from modules.vpc import Vpc

RDS_AUTHORITIES = "/var/task/rag/certificates/rds-ap-southeast-1.pem"
"""Where the function's zip holds the certificates that sign RDS instances."""

APPLICATION_USER = "mapvibe_app"
"""The application's own role. Nothing that answers requests ever connects as the master user."""


class Client(Protocol):
    """What can be granted a connection: it has a role, an environment and a place in the network."""

    def grant(self, name: str, *statements: Statement) -> None:
        """Attach a policy of this name to the client's role."""
        ...

    def add_environment(self, **variables: str) -> None:
        """Tell the client's code."""
        ...

    def connect_to(self, target: Peer, *, port: int, purpose: str) -> None:
        """Open the network between the client and the target."""
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
            key: encrypts everything that it stores.
            engine_version: PostgreSQL's version on RDS.
            parameter_family: family of the parameter group.
            database_name: the first database.
            size: the instance's class, storage and standby.
            protection: backups and guards.
            proxy: the proxy's zones and share of connections, or None for no proxy.
            secret_version: raise it by one to change the application role's password.
            log_retention_days: when log entries expire.
        """
        super().__init__(scope, construct_id)
        self._naming = naming
        self._key = key
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
                subnet_ids=network.subnet_ids("database", proxy.zones),
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
    def ready(self) -> TerraformResource:
        """What must exist before anybody can connect."""
        return self.proxy.target if self.proxy else self.instance.instance

    @property
    def port(self) -> int:
        """TCP port."""
        return self.instance.port

    @property
    def log_group_names(self) -> list[str]:
        """Log groups of the instance and the proxy."""
        proxy = [self.proxy.log_group_name] if self.proxy else []
        return [*self.instance.log_group_names, *proxy]

    @property
    def role_request(self) -> str:
        """The event that makes the application's role, JSON: how the role will log in."""
        return json.dumps({"grant_rds_iam": self.proxy is None})

    def grant_connect(self, client: Client) -> None:
        """Let ``client`` connect as the application's role.

        Writes the exact ``rds-db:connect`` permission, both security-group rules, and the
        ``DATABASE_*`` variables that the service reads.
        """
        self._open(client, user=APPLICATION_USER)
        self._grant_token(client, user=APPLICATION_USER)

    def grant_administer(self, client: Client) -> None:
        """Let ``client`` connect as the master user and read the application role's secret.

        For what prepares the database, never for what answers requests. Through the proxy it
        needs no password: the proxy holds the master's secret. Without one it reads that secret.
        """
        self._open(client, user=MASTER_USER)
        secrets = {"APP_SECRET_ARN": self.application_secret.arn}
        if self.proxy:
            self._grant_token(client, user=MASTER_USER)
        else:
            secrets["MASTER_SECRET_ARN"] = self.instance.master_secret_arn
            client.add_environment(DATABASE_AUTH="password")
        client.grant(
            "read-secrets",
            Statement(
                sid="ReadSecrets",
                actions=("secretsmanager:GetSecretValue",),
                resources=tuple(secrets.values()),
            ),
            self._key.decrypt(via=f"secretsmanager.{self._naming.region}.amazonaws.com"),
        )
        client.add_environment(**secrets)

    def _open(self, client: Client, *, user: str) -> None:
        """Open the way through the network, and say where it leads."""
        client.connect_to(
            self.proxy or self.instance, port=self.port, purpose=f"{user} to PostgreSQL"
        )
        client.add_environment(
            DATABASE_HOST=self.address,
            DATABASE_PORT=str(self.port),
            DATABASE_NAME=self.name,
            DATABASE_USER=user,
        )
        if not self.proxy:
            # The instance's certificate is signed by RDS's own authority, the proxy's by Amazon's.
            client.add_environment(DATABASE_SSLROOTCERT=RDS_AUTHORITIES)

    def _grant_token(self, client: Client, *, user: str) -> None:
        """Let the client sign in with IAM tokens as one database role."""
        client.grant(
            f"connect-as-{user}",
            Statement(
                sid="ConnectToDatabase",
                actions=("rds-db:connect",),
                resources=(self._connect_arn(user),),
            ),
        )
        client.add_environment(DATABASE_AUTH="iam")

    def _connect_arn(self, user: str) -> str:
        if self.proxy:
            return self.proxy.connect_arn(user)
        return self._naming.arn("rds-db", f"dbuser:{self.instance.instance.resource_id}/{user}")
