"""Tests of what is published each minute, with a real database and moto in this process."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator
from typing import Any

import boto3
import psycopg
import pytest
from moto.rds.models import rds_backends

from emulator import every_minute
from emulator.databases import Databases
from emulator.every_minute.databases import DatabaseReadings
from emulator.every_minute.machine import CpuTime, cpu_time, free_memory
from emulator.every_minute.network import NatReadings
from emulator.every_minute.proxies import ProxyReadings
from emulator.every_minute.queues import QueueReadings
from emulator.every_minute.reading import Reading, Source
from emulator.every_minute.ticker import Ticker
from tests.emulator.databases import (
    ACCOUNT,
    MASTER,
    REGION,
    create_instance,
    create_proxy,
    master_secret,
    mocked_aws,
    read_secret,
)
from tests.emulator.deployed import eventually
from tests.emulator.published import Published

GIB = 1 << 30
LOCK = threading.Lock()
BY_INSTANCE = {"DBInstanceIdentifier": "db"}
BY_PROXY = {"ProxyName": "proxy"}
CONNECTIONS = "DatabaseConnections"


@pytest.fixture(autouse=True)
def _aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with mocked_aws(monkeypatch):
        yield


@pytest.fixture
def databases() -> Iterator[Databases]:
    made = Databases(LOCK)
    yield made
    made.close()


@pytest.fixture
def published() -> Published:
    return Published()


def tick(published: Published, *sources: Source) -> Published:
    """Publishes what they give now, and nothing else."""
    published.clear()
    Ticker(published, *sources, now=time.time).tick()
    return published


def connect(databases: Databases, host: str, **changes: Any) -> psycopg.Connection[Any]:
    found = databases.environment(ACCOUNT, REGION, host)
    options = {
        "host": host,
        "hostaddr": found["PGHOSTADDR"],
        "port": found["DATABASE_PORT"],
        "sslrootcert": found["DATABASE_SSLROOTCERT"],
        "sslmode": "verify-full",
        "dbname": "mapvibe",
        "user": MASTER,
        "password": read_secret(master_secret())["password"],
        "prepare_threshold": None,
        **changes,
    }
    return psycopg.connect(autocommit=True, **options)


def test_an_instance_that_nobody_has_used_is_empty_and_stays_off(
    databases: Databases, published: Published
) -> None:
    create_instance()
    tick(published, DatabaseReadings(databases, LOCK), ProxyReadings(databases, LOCK))
    assert published.values(CONNECTIONS, BY_INSTANCE) == [0]
    assert published.values("CPUUtilization", BY_INSTANCE) == [0]
    assert published.values("FreeStorageSpace", BY_INSTANCE) == [20 * GIB]
    assert "MaximumUsedTransactionIDs" not in published.names()
    assert set(published.places) == {(ACCOUNT, REGION)}
    assert databases.all() == []


def test_an_instance_in_use_is_measured(databases: Databases, published: Published) -> None:
    host = create_instance()
    readings = DatabaseReadings(databases, LOCK)
    with connect(databases, host) as connection:
        tick(published, readings)
        assert published.values(CONNECTIONS, BY_INSTANCE) == [1]
        [age] = published.values("MaximumUsedTransactionIDs", BY_INSTANCE)
        assert 1 <= age < 1_000_000
        [before] = published.values("FreeStorageSpace", BY_INSTANCE)
        assert 20 * GIB - 500_000_000 < before < 20 * GIB
        connection.execute(
            "CREATE TABLE big AS SELECT repeat(md5(n::text), 20) FROM generate_series(1, 20000) n"
        )
        tick(published, readings)
        [after] = published.values("FreeStorageSpace", BY_INSTANCE)
        assert before - 100_000_000 < after < before - 10_000_000
        [percent] = published.values("CPUUtilization", BY_INSTANCE)
        assert 0 < percent <= 100
    tick(published, readings)
    assert published.values(CONNECTIONS, BY_INSTANCE) == [0]


def test_an_instance_that_is_not_available_publishes_nothing(
    databases: Databases, published: Published
) -> None:
    host = create_instance()
    databases.environment(ACCOUNT, REGION, host)
    rds_backends[ACCOUNT][REGION].databases["db"].status = "stopped"
    assert tick(published, DatabaseReadings(databases, LOCK)).names() == set()


def test_a_proxy_publishes_from_its_first_client_on(
    databases: Databases, published: Published
) -> None:
    create_instance()
    host = create_proxy([master_secret()], iam="DISABLED")
    databases.environment(ACCOUNT, REGION, host)
    readings = ProxyReadings(databases, LOCK)
    assert tick(published, readings).names() == set()

    def values(*names: str) -> list[float]:
        return [value for name in names for value in published.values(name, BY_PROXY)]

    with connect(databases, host) as one, connect(databases, host):
        one.execute("SELECT 1")
        one.execute("SET statement_timeout = 1000")
        tick(published, readings)
        assert values("ClientConnections", CONNECTIONS) == [2, 2]
        assert values("DatabaseConnectionsCurrentlyBorrowed") == [2]
        assert values("DatabaseConnectionsCurrentlySessionPinned") == [1]
        assert values("ClientConnectionsReceived", "ClientConnectionsSetupSucceeded") == [2, 2]
        assert values("QueryRequests") == [2]
        assert values("MaxDatabaseConnectionsAllowed") == [100]
        latencies = values("DatabaseConnectionsBorrowLatency")
        assert len(latencies) == 2
        assert all(100 < each < 5_000_000 for each in latencies)
        tick(published, readings)
        assert values("ClientConnections", "ClientConnectionsReceived", "QueryRequests") == [
            2,
            0,
            0,
        ]
        assert values("DatabaseConnectionsBorrowLatency") == []
    with pytest.raises(psycopg.OperationalError, match="is wrong"):
        connect(databases, host, password="guessed")
    assert eventually(lambda: present(databases) == 0)
    tick(published, readings)
    assert values("ClientConnectionsSetupFailedAuth", "ClientConnectionsClosed") == [1, 3]
    assert values("DatabaseConnectionsCurrentlySessionPinned", CONNECTIONS) == [0, 0]
    # Statements with parameters are run by another message.
    with connect(databases, host) as connection:
        connection.execute("SELECT %s::int", [1])
        tick(published, readings)
    assert values("QueryRequests") == [1]


def present(databases: Databases) -> int:
    [database] = databases.all()
    [stand_in] = database.stand_ins.values()
    return stand_in.relay.usage.present("ClientConnections")


def test_queues_publish_as_long_as_they_are_active(published: Published) -> None:
    now = [1000.0]
    readings = QueueReadings(LOCK, lambda: now[0])
    sqs = boto3.client("sqs", region_name=REGION)
    url = sqs.create_queue(QueueName="letters")["QueueUrl"]

    def visible() -> list[float]:
        tick(published, readings)
        return published.values("ApproximateNumberOfMessagesVisible", {"QueueName": "letters"})

    assert visible() == [0]
    now[0] += 6 * 3600 + 1
    assert visible() == []
    sqs.send_message(QueueUrl=url, MessageBody="one")
    assert visible() == [1]
    sqs.purge_queue(QueueUrl=url)
    now[0] += 6 * 3600
    assert visible() == [0]


def test_nat_gateways_have_ports_left(published: Published) -> None:
    ec2 = boto3.client("ec2", region_name=REGION)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    made = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]
    by_gateway = {"NatGatewayId": made["NatGatewayId"]}
    tick(published, NatReadings(LOCK))
    assert published.values("ErrorPortAllocation", by_gateway) == [0]
    ec2.delete_nat_gateway(NatGatewayId=made["NatGatewayId"])
    assert tick(published, NatReadings(LOCK)).names() == set()


def test_a_source_that_fails_is_logged_and_stops_nobody(
    published: Published, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> list[Reading]:
        raise RuntimeError("no idea")

    boto3.client("sqs", region_name=REGION).create_queue(QueueName="letters")
    with caplog.at_level(logging.ERROR):
        tick(published, broken, QueueReadings(LOCK, time.time))
    assert "no idea" in caplog.text
    assert published.names() == {"ApproximateNumberOfMessagesVisible"}


@pytest.mark.parametrize(("speed", "most_naps"), [(1.0, 242), (120.0, 4)])
def test_each_minute_of_the_clock_begins_once(speed: float, most_naps: int) -> None:
    """Whatever its speed, from the second one on; and it is rarely looked at."""
    now, real, naps = [30.0], [0.0], [0]

    def sleep(seconds: float) -> None:
        naps[0] += 1
        real[0] += seconds
        now[0] += seconds * speed

    ticker = Ticker(Published(), now=lambda: now[0], sleep=sleep, real=lambda: real[0])
    for minute in (60, 120, 180, 240):
        naps[0] = 0
        ticker.wait()
        assert minute <= now[0] < minute + 60
        assert naps[0] <= most_naps


def test_the_minutes_go_on_by_themselves(databases: Databases, published: Published) -> None:
    create_instance()
    began = time.monotonic()

    def fast() -> float:
        return (time.monotonic() - began) * 600

    ticker = every_minute.start(databases, LOCK, publisher=published, now=fast)
    try:
        assert eventually(lambda: len(published.values(CONNECTIONS, BY_INSTANCE)) > 2)
    finally:
        ticker.stop()


def test_processors_are_measured_from_processes() -> None:
    start, before = measured()
    assert start.used == 0
    assert before.at - start.at > 0
    end = time.monotonic() + 0.3
    while time.monotonic() < end:
        pass
    _, after = measured()
    assert 0 < after.percent_since(before) <= 100
    assert CpuTime(used=9, at=2).percent_since(CpuTime(used=1, at=1)) == 100
    assert CpuTime(used=1, at=1).percent_since(CpuTime(used=1, at=1)) == 0
    assert cpu_time(2**30, []) is None
    memory = free_memory()
    assert memory is not None
    assert 1_000_000 < memory < 1 << 50


def measured() -> tuple[CpuTime, CpuTime]:
    found = cpu_time(os.getpid(), [])
    assert found
    return found
