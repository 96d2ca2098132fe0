"""Tests of instances that are restored: to a time, from a snapshot, and under another's name."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import psycopg
import pytest
from botocore.exceptions import ClientError
from moto.rds.models import DBInstance, RDSBackend

from emulator.databases import Databases
from emulator.gaps.rds import instances, power, restores
from tests.emulator.databases import (
    ACCOUNT,
    MASTER,
    NAME,
    REGION,
    create_instance,
    create_proxy,
    master_secret,
    mocked_aws,
    rds,
    read_secret,
)

_CHANGED = (
    "copy_db_snapshot",
    "create_db_snapshot",
    "describe_db_instances",
    "modify_db_instance",
    "reboot_db_instance",
    "restore_db_instance_from_db_snapshot",
    "restore_db_instance_to_point_in_time",
    "start_db_instance",
    "stop_db_instance",
)


@pytest.fixture(autouse=True)
def _aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with mocked_aws(monkeypatch), monkeypatch.context() as patch:
        for name in _CHANGED:  # put back after the test
            patch.setattr(RDSBackend, name, getattr(RDSBackend, name))
        patch.setattr(DBInstance, "__init__", DBInstance.__init__)
        [resource_ids] = [gap for gap in instances.GAPS if gap.name == "resource-ids"]
        for gap in (resource_ids, *power.GAPS, *restores.GAPS):
            gap.fill()
        yield


@pytest.fixture
def databases() -> Iterator[Databases]:
    made = Databases()
    yield made
    made.close()


class Clients:
    """Ask a database as its master, by the name of a host."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases

    def ask(self, host: str, sql: str, *, instance: str = "db") -> Any:
        found = self._databases.environment(ACCOUNT, REGION, host)
        with psycopg.connect(
            f"host={host} dbname={NAME} sslmode=verify-full connect_timeout=5",
            hostaddr=found["PGHOSTADDR"],
            port=found["DATABASE_PORT"],
            sslrootcert=found["DATABASE_SSLROOTCERT"],
            user=MASTER,
            password=read_secret(master_secret(instance))["password"],
        ) as connection:
            rows = connection.execute(sql)
            return rows.fetchall() if rows.description else []


@pytest.fixture
def clients(databases: Databases) -> Clients:
    return Clients(databases)


def restore(way: str, **more: Any) -> str:
    """Restores `db` as `restored`, whose password RDS keeps; gives its host."""
    target = "TargetDBInstanceIdentifier" if way == "to_point_in_time" else "DBInstanceIdentifier"
    options: dict[str, Any] = {target: "restored", **more}
    made = getattr(rds(), f"restore_db_instance_{way}")(**options)["DBInstance"]
    assert "MasterUserSecret" not in made
    rds().modify_db_instance(DBInstanceIdentifier="restored", ManageMasterUserPassword=True)
    host: str = made["Endpoint"]["Address"]
    return host


def to_time(wanted: datetime | None = None, source: str = "db") -> str:
    at: dict[str, Any] = {"RestoreTime": wanted} if wanted else {"UseLatestRestorableTime": True}
    return restore("to_point_in_time", SourceDBInstanceIdentifier=source, **at)


def from_snapshot(snapshot: str) -> str:
    return restore("from_db_snapshot", DBSnapshotIdentifier=snapshot)


def rename(old: str, new: str) -> None:
    rds().modify_db_instance(
        DBInstanceIdentifier=old, NewDBInstanceIdentifier=new, ApplyImmediately=True
    )


def test_a_time_gives_what_was_there_then_and_the_latest_what_is_there(clients: Clients) -> None:
    host = create_instance()
    clients.ask(host, "CREATE TABLE kept AS SELECT 1 AS number")
    # So much that PostgreSQL can be read before it has replayed all.
    clients.ask(host, "CREATE TABLE many AS SELECT generate_series(1, 200000)")
    time.sleep(1.1)  # a request's time has seconds
    moment = datetime.now(UTC)
    time.sleep(1.1)
    clients.ask(host, "UPDATE kept SET number = 2")
    restored = to_time(moment)
    assert clients.ask(restored, "SELECT number FROM kept", instance="restored") == [(1,)]
    rds().delete_db_instance(DBInstanceIdentifier="restored", SkipFinalSnapshot=True)
    restored = to_time()
    assert clients.ask(restored, "SELECT number FROM kept", instance="restored") == [(2,)]
    clients.ask(restored, "UPDATE kept SET number = 3", instance="restored")
    assert clients.ask(host, "SELECT number FROM kept") == [(2,)], "they are two"


def test_a_snapshot_keeps_its_data_whatever_becomes_of_the_instance(clients: Clients) -> None:
    host = create_instance()
    clients.ask(host, "CREATE TABLE kept AS SELECT 1 AS number")
    rds().create_db_snapshot(DBInstanceIdentifier="db", DBSnapshotIdentifier="first")
    rds().copy_db_snapshot(SourceDBSnapshotIdentifier="first", TargetDBSnapshotIdentifier="copied")
    clients.ask(host, "UPDATE kept SET number = 2")
    rds().delete_db_instance(DBInstanceIdentifier="db", FinalDBSnapshotIdentifier="last")
    for snapshot, number in (("copied", 1), ("last", 2)):
        restored = from_snapshot(snapshot)
        rows = clients.ask(restored, "SELECT number FROM kept", instance="restored")
        assert rows == [(number,)]
        rds().delete_db_instance(DBInstanceIdentifier="restored", SkipFinalSnapshot=True)


def test_what_nobody_has_connected_to_hands_on_what_it_was_restored_from(clients: Clients) -> None:
    host = create_instance()
    clients.ask(host, "CREATE TABLE kept AS SELECT 1 AS number")
    to_time()
    rds().create_db_snapshot(DBInstanceIdentifier="restored", DBSnapshotIdentifier="unused")
    listed = rds().describe_db_snapshots(DBInstanceIdentifier="restored", SnapshotType="automated")[
        "DBSnapshots"
    ]
    rds().copy_db_snapshot(
        SourceDBSnapshotIdentifier=listed[0]["DBSnapshotIdentifier"],
        TargetDBSnapshotIdentifier="of-the-backup",
    )
    for snapshot in ("unused", "of-the-backup"):
        rds().delete_db_instance(DBInstanceIdentifier="restored", SkipFinalSnapshot=True)
        restored = from_snapshot(snapshot)
        assert clients.ask(restored, "SELECT number FROM kept", instance="restored") == [(1,)]


def test_a_proxy_and_a_name_lead_to_what_was_restored(
    databases: Databases, clients: Clients
) -> None:
    host = create_instance()
    clients.ask(host, "CREATE TABLE kept AS SELECT 1 AS number")
    secrets = boto3.client("secretsmanager", region_name=REGION)
    secrets.create_secret(Name="proxy", SecretString=json.dumps(read_secret(master_secret())))
    arn = secrets.describe_secret(SecretId="proxy")["ARN"]
    proxy = create_proxy([arn], iam="DISABLED")
    assert clients.ask(proxy, "SELECT number FROM kept") == [(1,)]
    before = databases.behind(ACCOUNT, REGION, proxy)
    to_time()
    clients.ask(host, "UPDATE kept SET number = 2")
    rds().deregister_db_proxy_targets(DBProxyName="proxy", DBInstanceIdentifiers=["db"])
    assert databases.behind(ACCOUNT, REGION, proxy) == before, "no worker is started for nothing"
    rename("db", "damaged")
    rename("restored", "db")
    rds().register_db_proxy_targets(DBProxyName="proxy", DBInstanceIdentifiers=["db"])
    assert databases.behind(ACCOUNT, REGION, proxy) != before
    assert clients.ask(host, "SELECT number FROM kept") == [(1,)]
    secrets.put_secret_value(
        SecretId="proxy", SecretString=json.dumps(read_secret(master_secret()))
    )
    assert clients.ask(proxy, "SELECT number FROM kept") == [(1,)]
    damaged = host.replace("db.", "damaged.", 1)
    assert clients.ask(damaged, "SELECT number FROM kept", instance="damaged") == [(2,)]


def test_a_time_that_is_not_kept_is_refused_by_name(clients: Clients) -> None:
    host = create_instance()
    with pytest.raises(ClientError, match="not before the latest"):
        to_time(datetime.now(UTC) + timedelta(minutes=1))
    clients.ask(host, "SELECT 1")
    with pytest.raises(ClientError, match=r"The emulator restores db to times from 20.* on"):
        to_time(datetime.now(UTC) - timedelta(hours=1))
