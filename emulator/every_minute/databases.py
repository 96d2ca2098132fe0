"""RDS's instances.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html. `FreeableMemory` is
this machine's `MemAvailable`, as it is the instance's on AWS; `CPUUtilization` is the share that the
database has of this machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import psycopg
from moto.rds.models import DBInstance, rds_backends

from emulator.databases import Databases
from emulator.every_minute import machine
from emulator.every_minute.machine import CpuTime
from emulator.every_minute.reading import Reading, reading
from emulator.gaps.rds import power
from emulator.postgres import SUPERUSER, Server

_GIB = 1 << 30
_CONNECT_SECONDS = 5
_AVAILABLE = "available"
_MEASURE = f"""
    SELECT count(*) FILTER (WHERE backend_type = 'client backend' AND usename <> '{SUPERUSER}'),
           array_agg(pid),
           (SELECT sum(pg_database_size(oid)) FROM pg_database)
               + (SELECT coalesce(sum(size), 0) FROM pg_ls_waldir()),
           (SELECT max(age(datfrozenxid)) FROM pg_database)
    FROM pg_stat_activity"""  # noqa: S608 - a constant


@dataclass(frozen=True, kw_only=True)
class _Measured:
    connections: int
    used_bytes: int
    transaction_ids: int | None
    cpu_percent: float | None


_UNUSED = _Measured(connections=0, used_bytes=0, transaction_ids=None, cpu_percent=0.0)
"""An instance to which nobody has connected yet: its server has not been started."""


class DatabaseReadings:
    """Measures the instances that are available."""

    def __init__(self, databases: Databases, lock: AbstractContextManager[Any]) -> None:
        """Takes their servers, and the lock that everybody holds who reads what moto has."""
        self._databases = databases
        self._moto = lock
        self._cpu: dict[int, CpuTime] = {}

    def __call__(self) -> Iterator[Reading]:
        """Gives each instance's values."""
        with self._moto:
            instances = [each for each in _instances() if power.status(each) == _AVAILABLE]
        servers = {each.instance: each.server for each in self._databases.all() if each.server}
        pids = {server.pid for server in servers.values()}
        self._cpu = {pid: value for pid, value in self._cpu.items() if pid in pids}
        for instance in instances:
            server = servers.get(instance)
            measured = self._measure(server) if server else _UNUSED
            if measured:  # else it is being stopped
                yield _read(instance, measured)

    def _measure(self, server: Server) -> _Measured | None:
        try:
            with server.connect(connect_timeout=_CONNECT_SECONDS) as admin:
                row = admin.execute(_MEASURE).fetchone()
                parent = server.pid
                cpu = machine.cpu_time(parent, row[1]) if row and parent else None
        except psycopg.OperationalError:
            return None
        if row is None:
            return None
        return _Measured(
            connections=row[0],
            used_bytes=int(row[2]),
            transaction_ids=row[3],
            cpu_percent=self._percent(parent, *cpu) if cpu and parent else None,
        )

    def _percent(self, parent: int, start: CpuTime, now: CpuTime) -> float:
        """How much was used since the last time, or since the server started."""
        percent = now.percent_since(self._cpu.get(parent, start))
        self._cpu[parent] = now
        return percent


def _instances() -> list[DBInstance]:
    backends = [each for regions in rds_backends.values() for each in regions.values()]
    return [instance for each in backends for instance in each.databases.values()]


def _read(instance: DBInstance, measured: _Measured) -> Reading:
    free_bytes = max(0, int(instance.allocated_storage or 0) * _GIB - measured.used_bytes)
    known: list[tuple[str, float | None, str]] = [
        ("CPUUtilization", measured.cpu_percent, "Percent"),
        ("DatabaseConnections", measured.connections, "Count"),
        ("FreeStorageSpace", free_bytes, "Bytes"),
        ("FreeableMemory", machine.free_memory(), "Bytes"),
        ("MaximumUsedTransactionIDs", measured.transaction_ids, "Count"),
    ]
    return reading(
        instance.account_id,
        instance.region,
        "AWS/RDS",
        {"DBInstanceIdentifier": str(instance.db_instance_identifier)},
        *((name, float(value), unit) for name, value, unit in known if value is not None),
    )
