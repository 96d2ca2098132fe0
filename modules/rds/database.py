"""The database as its clients see it: an address, its roles, and a verb to connect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from cdktf import TerraformResource
from constructs import Construct

from modules.encryption import EncryptionKey
from modules.iam import Statement
from modules.logs import RetentionDays
from modules.naming import Naming
from modules.network_access import Peer
from modules.rds.application_secret import ApplicationSecret
from modules.rds.instance import Instance, InstanceProtection, InstanceSize
from modules.rds.proxy import Proxy, ProxySize
from modules.vpc import Vpc


@dataclass(frozen=True, kw_only=True, slots=True)
class Roles:
    """Names of the database's roles.

    Attributes:
        master: owns the instance and prepares the database. Nothing that answers requests ever
            connects as it.
        application: what answers requests connects as it.
    """

    master: str
    application: str


class Client(Protocol):
    """What can be granted a connection: an IAM role, environment variables and a security group."""

    def grant(self, name: str, *statements: Statement) -> None:
        """Attach a policy of this name to the client's role."""
        ...

    def add_environment(self, **variables: str) -> None:
        """Add environment variables for the client's code."""
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
        roles: Roles,
        certificates: str,
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
            roles: names of its roles.
            certificates: where a client's code holds the certificates that sign RDS instances.
            size: the instance's class, storage and standby.
            protection: backups and guards.
            proxy: the proxy's zones and share of connections, or None for no proxy.
            secret_version: raise it by one to change the application role's password.
            log_retention_days: when log entries expire.
        """
        super().__init__(scope, construct_id)
        self._naming = naming
        self._key = key
        self._roles = roles
        self._certificates = certificates
        self.name = database_name
        self.instance = Instance(
            self,
            "instance",
            naming=naming,
            network=network,
            key=key,
            engine_version=engine_version,
            parameter_family=parameter_family,
            database_name=database_name,
            master_user=roles.master,
            size=size,
            protection=protection,
            log_retention_days=log_retention_days,
        )
        self.application_secret = ApplicationSecret(
            self,
            "application-secret",
            naming=naming,
            key=key,
            username=roles.application,
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

    def grant_connect(self, client: Client, *, prefix: str = "DATABASE") -> None:
        """Let ``client`` connect as the application's role.

        Writes the exact ``rds-db:connect`` permission, both security-group rules, and variables
        for the client's code: ``<prefix>_HOST``, ``_PORT``, ``_NAME``, ``_USER`` and ``_AUTH``.

        Args:
            client: who connects.
            prefix: first part of the variables; a client of two databases needs two.
        """
        self._open(client, user=self._roles.application, prefix=prefix)
        self._grant_token(client, user=self._roles.application, prefix=prefix)

    def grant_administer(self, client: Client) -> None:
        """Let ``client`` connect as the master user and read the application role's secret.

        For what prepares the database, never for what answers requests. Through the proxy it
        needs no password: the proxy holds the master's secret. Without one it reads that secret.
        """
        self._open(client, user=self._roles.master, prefix="DATABASE")
        secrets = {"APP_SECRET_ARN": self.application_secret.arn}
        if self.proxy:
            self._grant_token(client, user=self._roles.master, prefix="DATABASE")
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

    def _open(self, client: Client, *, user: str, prefix: str) -> None:
        """Open the network to the database, and tell the client's code the address."""
        client.connect_to(
            self.proxy or self.instance, port=self.port, purpose=f"{user} to PostgreSQL"
        )
        variables = {
            "HOST": self.address,
            "PORT": str(self.port),
            "NAME": self.name,
            "USER": user,
        }
        if not self.proxy:
            # The instance's certificate is signed by RDS's own authority, the proxy's by Amazon's.
            variables["SSLROOTCERT"] = self._certificates
        client.add_environment(**{f"{prefix}_{name}": text for name, text in variables.items()})

    def _grant_token(self, client: Client, *, user: str, prefix: str) -> None:
        """Let the client sign in with IAM tokens as one database role."""
        client.grant(
            f"connect-as-{user}",
            Statement(
                sid="ConnectToDatabase",
                actions=("rds-db:connect",),
                resources=(self._connect_arn(user),),
            ),
        )
        client.add_environment(**{f"{prefix}_AUTH": "iam"})

    def _connect_arn(self, user: str) -> str:
        if self.proxy:
            return self.proxy.connect_arn(user)
        return self._naming.arn("rds-db", f"dbuser:{self.instance.instance.resource_id}/{user}")
