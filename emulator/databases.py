"""The databases of the RDS instances: a real PostgreSQL each, started when it is first needed."""

from __future__ import annotations

import subprocess
import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from moto.rds.models import DBInstance
from psycopg import sql

from emulator import postgres
from emulator.rds_proxy import (
    Authority,
    Endpoint,
    InstanceAccess,
    ProxyAccess,
    StandIn,
    deployed,
    start,
)
from emulator.rds_proxy.access import Access

_STOP_SECONDS = 30

# As RDS has them: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Roles.html
_ROLES = """
    CREATE ROLE rds_superuser;
    CREATE ROLE rds_iam;
    CREATE ROLE {master} LOGIN CREATEROLE CREATEDB IN ROLE rds_superuser;
    GRANT pg_monitor, pg_signal_backend TO rds_superuser;
    GRANT rds_iam TO {master} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE;
    ALTER DATABASE postgres OWNER TO {master}"""

_PROXY_ROLE = """
    DO $$ BEGIN
        CREATE ROLE rdsproxyadmin LOGIN;
    EXCEPTION WHEN duplicate_object THEN NULL;
    END $$"""


@dataclass(kw_only=True)
class _Database:
    """An instance's server, and the stand-ins for its RDS endpoints.

    Attributes:
        instance: as moto has it.
        keeper: the process that stops the server when this one ends.
        server: PostgreSQL.
        authority: signs the certificates of its hosts.
        stand_ins: by host name.
        password: the master user's, as the server knows it.
    """

    instance: DBInstance
    keeper: subprocess.Popen[str]
    server: postgres.Server
    authority: Authority = field(default_factory=Authority)
    stand_ins: dict[str, StandIn] = field(default_factory=dict)
    password: str | None = None

    def close(self) -> None:
        for stand_in in self.stand_ins.values():
            stand_in.relay.close()
        _stop(self.keeper)


class Databases:
    """Starts and stops the servers of one emulator. Threads may share it."""

    def __init__(self, lock: AbstractContextManager[Any] | None = None) -> None:
        """Starts no server yet.

        Args:
            lock: that everybody holds who reads or changes what moto has.
        """
        self._moto = lock or threading.Lock()
        self._lock = threading.Lock()
        self._databases: list[_Database] = []

    def environment(self, account_id: str, region: str, host: str) -> dict[str, str]:
        """Gives the variables by which a function reaches a host; none for an unknown one.

        They say where the host is (`PGHOSTADDR`, `DATABASE_PORT`) and whom to trust
        (`DATABASE_SSLROOTCERT`). Logging in is as on AWS: by the host's name, with TLS, with a
        token or a password.

        Args:
            account_id: twelve digits.
            region: such as `us-east-1`.
            host: endpoint of a proxy or an instance.

        Raises:
            OSError: if PostgreSQL does not start.
        """
        with self._lock:
            self._stop_deleted()
            with self._moto:
                found = deployed.find(account_id, region, host)
                password = deployed.master_password(found.instance) if found else ""
            if found is None:
                return {}
            database = self._database(found.instance)
            _set_password(database, password)
            if host not in database.stand_ins:
                endpoint = Endpoint(host=host, account_id=account_id, region=region)
                through_proxy = found.proxy is not None
                self._add_stand_in(database, endpoint, through_proxy=through_proxy)
            return database.stand_ins[host].environment

    def close(self) -> None:
        """Stops all servers."""
        with self._lock:
            while self._databases:
                self._databases.pop().close()

    def _stop_deleted(self) -> None:
        with self._moto:
            deleted = [each for each in self._databases if not deployed.exists(each.instance)]
        for database in deleted:
            self._databases.remove(database)
            database.close()

    def _database(self, instance: DBInstance) -> _Database:
        for database in self._databases:
            if database.instance is instance:
                return database
        keeper = postgres.keep()
        try:
            server = postgres.announced(keeper)
            _prepare(server, instance)
        except BaseException:
            _stop(keeper)
            raise
        database = _Database(instance=instance, keeper=keeper, server=server)
        self._databases.append(database)
        return database

    def _add_stand_in(
        self, database: _Database, endpoint: Endpoint, *, through_proxy: bool
    ) -> None:
        if through_proxy:
            with database.server.connect() as admin:
                admin.execute(_PROXY_ROLE)
        database.stand_ins[endpoint.host] = start(
            database.server,
            host=endpoint.host,
            access=self._access(database.instance, endpoint, through_proxy=through_proxy),
            authority=database.authority,
            file=database.authority.write(database.server.folder / "authority.pem"),
        )

    def _access(self, instance: DBInstance, endpoint: Endpoint, *, through_proxy: bool) -> Access:
        def role_secrets() -> dict[str, Any]:
            with self._moto:
                return deployed.role_secrets(endpoint.account_id, endpoint.region, endpoint.host)

        if through_proxy:
            return ProxyAccess(endpoint, role_secrets)
        return InstanceAccess(endpoint, iam=lambda: deployed.takes_tokens(instance))


def _prepare(server: postgres.Server, instance: DBInstance) -> None:
    """Creates what RDS creates in a new instance."""
    master = sql.Identifier(str(instance.master_username))
    with server.connect() as admin:
        admin.execute(sql.SQL(_ROLES).format(master=master))
        if instance.db_name and instance.db_name != "postgres":
            create = sql.SQL("CREATE DATABASE {} OWNER {}")
            admin.execute(create.format(sql.Identifier(instance.db_name), master))


def _set_password(database: _Database, password: str) -> None:
    """Does what RDS does when the master user's password changes."""
    if password != database.password:
        master = sql.Identifier(str(database.instance.master_username))
        with database.server.connect() as admin:
            alter = sql.SQL("ALTER ROLE {} PASSWORD {}")
            admin.execute(alter.format(master, sql.Literal(password)))
        database.password = password


def _stop(keeper: subprocess.Popen[str]) -> None:
    """Ends a keeper, which stops its server and removes its files."""
    for pipe in (keeper.stdin, keeper.stdout, keeper.stderr):
        if pipe:
            pipe.close()
    try:
        keeper.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        keeper.kill()
        keeper.wait()
