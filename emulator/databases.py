"""The databases of the RDS instances: a real PostgreSQL each, started when it is first needed."""

from __future__ import annotations

import logging
import subprocess
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moto.rds.models import DBInstance
from psycopg import sql

from emulator import postgres, postgres_copies
from emulator.gaps.rds import power, restores
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
_LOGGER = logging.getLogger("emulator.databases")

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


@dataclass(frozen=True, kw_only=True)
class Database:
    """What others may know of a database.

    Attributes:
        instance: as moto has it.
        server: PostgreSQL; None while it is stopped.
        stand_ins: for its RDS endpoints, by host name.
    """

    instance: DBInstance
    server: postgres.Server | None
    stand_ins: Mapping[str, StandIn]


@dataclass(kw_only=True)
class _Database:
    """An instance's server, and the stand-ins for its RDS endpoints.

    Attributes:
        instance: as moto has it.
        keeper: the process that stops the server when this one ends.
        server: PostgreSQL.
        authority: signs the certificates of its hosts.
        stand_ins: by host name.
        password: the master user's.
        proxied: whether a proxy has been in front of it.
        known: both of that, as the server knows it.
        running: whether the server runs.
        earliest: the earliest time whose data it can give.
        lock: to be held while any of that changes.
    """

    instance: DBInstance
    keeper: subprocess.Popen[str]
    server: postgres.Server
    lock: threading.Lock
    earliest: datetime
    authority: Authority = field(default_factory=Authority)
    stand_ins: dict[str, StandIn] = field(default_factory=dict)
    password: str = ""
    proxied: bool = False
    known: tuple[str, bool] = ("", False)
    running: bool = True

    def catch_up(self) -> None:
        """Does in the server what RDS has done in the meantime, unless it is stopped."""
        wanted = (self.password, self.proxied)
        if not self.running or wanted == self.known:
            return
        master = sql.Identifier(str(self.instance.master_username))
        with self.server.connect() as admin:
            alter = sql.SQL("ALTER ROLE {} PASSWORD {}")
            admin.execute(alter.format(master, sql.Literal(self.password)))
            if self.proxied:
                admin.execute(_PROXY_ROLE)
        self.known = wanted

    def start(self) -> None:
        """Starts the server with its data; raises an OSError if it does not start."""
        postgres.tell(self.keeper, "start")
        self.running = True
        self.catch_up()

    def stop(self) -> None:
        """Ends every connection and stops the server; its data stay."""
        postgres.tell(self.keeper, "stop")
        self.running = False

    def close(self) -> None:
        power.detach(self.instance)
        for stand_in in self.stand_ins.values():
            stand_in.relay.close()
        _stop(self.keeper)


class _Machine:
    """Stops and starts a database in the background: see `power.Machine`."""

    def __init__(self, database: _Database) -> None:
        self._database = database
        self._thread: threading.Thread | None = None

    @property
    def busy(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    @property
    def running(self) -> bool:
        return self._database.running

    def stop(self) -> None:
        self._begin(self._database.stop)

    def start(self) -> None:
        self._begin(self._database.start)

    def reboot(self) -> None:
        self._begin(self._database.stop, self._database.start)

    @property
    def earliest(self) -> datetime:
        return self._database.earliest

    def copy(self, time: datetime | None) -> postgres_copies.Copy:
        # Whoever asks holds moto's lock: the server neither starts nor stops meanwhile.
        return postgres_copies.copy(self._database.server, time)

    def _begin(self, *steps: Callable[[], None]) -> None:
        def take() -> None:
            try:
                with self._database.lock:
                    for step in steps:
                        step()
            except (OSError, ValueError):  # ValueError: closed in the meantime
                name = self._database.instance.db_instance_identifier
                _LOGGER.exception("the database of %s", name)

        self._thread = threading.Thread(target=take, daemon=True)
        self._thread.start()


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
        self._behind: dict[str, str] = {}

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
            database.password = password
            database.proxied |= found.proxy is not None
            database.catch_up()
            if host not in database.stand_ins:
                self._close_stand_ins(host)
                endpoint = Endpoint(host=host, account_id=account_id, region=region)
                self._add_stand_in(database, endpoint, through_proxy=found.proxy is not None)
            return database.stand_ins[host].environment

    def behind(self, account_id: str, region: str, host: str) -> str:
        """Gives the instance to which a host leads, or led last; nothing for an unknown one.

        Args:
            account_id: twelve digits.
            region: such as `us-east-1`.
            host: endpoint of a proxy or an instance.
        """
        with self._moto:
            found = deployed.find(account_id, region, host)
            if found:
                self._behind[host] = found.instance.dbi_resource_id
        return self._behind.get(host, "")

    def all(self) -> list[Database]:
        """Gives the databases whose server has been started, and may have been stopped since."""
        with self._lock:
            return [
                Database(
                    instance=each.instance,
                    server=each.server if each.running else None,
                    stand_ins=dict(each.stand_ins),
                )
                for each in self._databases
            ]

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

    def _close_stand_ins(self, host: str) -> None:
        """Ends what was there for a name that now leads to another instance."""
        for database in self._databases:
            stand_in = database.stand_ins.pop(host, None)
            if stand_in:
                stand_in.relay.close()

    def _database(self, instance: DBInstance) -> _Database:
        for database in self._databases:
            if database.instance is instance:
                return database
        keeper = postgres.keep()
        try:
            server = postgres.announced(keeper)
            restored = restores.data(instance)
            if restored:
                postgres.tell(keeper, "stop")
                postgres_copies.put(server, restored)
                postgres.tell(keeper, "start")
                postgres_copies.finish(server)
            else:
                _prepare(server, instance)
            database = _Database(
                instance=instance,
                keeper=keeper,
                server=server,
                lock=self._lock,
                earliest=postgres_copies.begin(server),
            )
            with self._moto:
                if power.status(instance) != "available":
                    database.stop()
                power.attach(instance, _Machine(database))
        except BaseException:
            _stop(keeper)
            raise
        self._databases.append(database)
        return database

    def _add_stand_in(
        self, database: _Database, endpoint: Endpoint, *, through_proxy: bool
    ) -> None:
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

        def borrow_seconds() -> float:
            with self._moto:
                pool = deployed.pool(endpoint.account_id, endpoint.region, endpoint.host)
            return pool.borrow_seconds if pool else 0.0

        if through_proxy:
            return ProxyAccess(endpoint, role_secrets, borrow_seconds)
        return InstanceAccess(endpoint, iam=lambda: deployed.takes_tokens(instance))


def _prepare(server: postgres.Server, instance: DBInstance) -> None:
    """Creates what RDS creates in a new instance."""
    master = sql.Identifier(str(instance.master_username))
    with server.connect() as admin:
        admin.execute(sql.SQL(_ROLES).format(master=master))
        if instance.db_name and instance.db_name != "postgres":
            create = sql.SQL("CREATE DATABASE {} OWNER {}")
            admin.execute(create.format(sql.Identifier(instance.db_name), master))


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
