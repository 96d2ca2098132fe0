"""Tests of instances that are stopped, started and rebooted, with what connects to them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from moto.rds.models import RDSBackend

from emulator.databases import Databases
from emulator.functions.invoker import Invoker
from emulator.functions.source import Source
from emulator.gaps.rds import events, power
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
from tests.emulator.functions_described import a_function
from tests.emulator.published import Published

_CHANGED = ("describe", "stop", "start", "reboot", "modify")
DIRECT = "host={host} dbname=mapvibe sslmode=verify-full connect_timeout=5"

HANDLER = """
import os
import psycopg

connection = None

def handler(event, context):
    global connection
    if connection is None:
        connection = psycopg.connect(
            host=os.environ["DATABASE_HOST"], port=os.environ["DATABASE_PORT"], dbname="mapvibe",
            user=os.environ["DATABASE_USER"], password=os.environ["DATABASE_PASSWORD"],
            sslmode="verify-full", sslrootcert=os.environ["DATABASE_SSLROOTCERT"], autocommit=True,
        )
    try:
        rows = connection.execute(event["sql"])
        return [os.getpid(), rows.fetchall() if rows.description else []]
    except psycopg.OperationalError:
        connection = None
        raise
"""


@pytest.fixture(autouse=True)
def _aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with mocked_aws(monkeypatch), monkeypatch.context() as patch:
        for name in _CHANGED:  # put back after the test
            method = f"{name}_db_instance{'s' * (name == 'describe')}"
            patch.setattr(RDSBackend, method, getattr(RDSBackend, method))
        for method in ("add_event", "delete_db_instance"):
            patch.setattr(RDSBackend, method, getattr(RDSBackend, method))
        for gap in (*events.GAPS, *power.GAPS):  # a stop is told as an event
            gap.fill()
        yield


@pytest.fixture
def databases() -> Iterator[Databases]:
    made = Databases()
    yield made
    made.close()


def status(name: str = "db") -> str:
    [found] = rds().describe_db_instances(DBInstanceIdentifier=name)["DBInstances"]
    return str(found["DBInstanceStatus"])


def reaches(wanted: str, *before: str, seconds: float = 10) -> bool:
    """Waits for a status; only those may come before."""
    deadline = time.monotonic() + seconds
    while (now := status()) != wanted:
        assert now in before
        assert time.monotonic() < deadline, now
        time.sleep(0.02)
    return True


def stop() -> None:
    assert rds().stop_db_instance(DBInstanceIdentifier="db")["DBInstance"]["DBInstanceStatus"] == (
        "stopping"
    )
    reaches("stopped", "stopping")


def start() -> None:
    answer = rds().start_db_instance(DBInstanceIdentifier="db")
    assert answer["DBInstance"]["DBInstanceStatus"] == "starting"
    reaches("available", "starting")


class Client:
    """A function whose worker keeps its connection, as the service's do."""

    def __init__(self, databases: Databases, folder: Path, host: str) -> None:
        services = folder / "services"
        (services / "tiny").mkdir(parents=True)
        (services / "tiny" / "app.py").write_text(HANDLER)
        self._invoker = Invoker(
            source=Source(services),
            url="http://127.0.0.1:1",
            logs=folder / "logs",
            publisher=Published(),
            databases=databases,
        )
        variables = {
            "DATABASE_HOST": host,
            "DATABASE_USER": MASTER,
            "DATABASE_PASSWORD": read_secret(master_secret())["password"],
        }
        self._function = a_function(account_id=ACCOUNT, region=REGION, environment=variables)

    def ask(self, sql: str) -> Any:
        """Gives the worker's process and its rows."""
        answer = self._invoker.invoke(self._function, json.dumps({"sql": sql}).encode())
        payload = json.loads(answer.payload)
        if answer.failed:
            raise psycopg.OperationalError(f"{payload['errorType']}: {payload['errorMessage']}")
        return payload


@pytest.fixture(params=["proxy", "instance"])
def client(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Client:
    host = create_instance()
    databases.environment(ACCOUNT, REGION, host)  # moto's secret has the name from now on
    if request.param == "proxy":
        host = create_proxy([master_secret()], iam="DISABLED")
        rds().modify_db_proxy_target_group(
            DBProxyName="proxy",
            TargetGroupName="default",
            ConnectionPoolConfig={"ConnectionBorrowTimeout": 1, "MaxConnectionsPercent": 90},
        )
    return Client(databases, tmp_path, host)


def test_a_worker_comes_back_by_itself_and_the_rows_are_there(client: Client) -> None:
    worker, _ = client.ask("CREATE TABLE kept AS SELECT 7 AS number")
    stop()
    with pytest.raises(psycopg.OperationalError, match=r"terminating|closed|consuming"):
        client.ask("SELECT 1")  # on the connection that it had
    with pytest.raises(psycopg.OperationalError, match=r"Timed-out waiting|closed|reset|SSL"):
        client.ask("SELECT 1")
    start()
    assert client.ask("SELECT number FROM kept") == [worker, [[7]]]


def test_a_reboot_keeps_the_rows(client: Client) -> None:
    client.ask("CREATE TABLE kept AS SELECT 7 AS number")
    answer = rds().reboot_db_instance(DBInstanceIdentifier="db")
    assert answer["DBInstance"]["DBInstanceStatus"] == "rebooting"
    reaches("available", "rebooting")
    with pytest.raises(psycopg.OperationalError):
        client.ask("SELECT 1")
    assert client.ask("SELECT number FROM kept")[1] == [[7]]


def test_clients_of_a_proxy_wait_for_a_database_that_starts(
    databases: Databases, tmp_path: Path
) -> None:
    host = create_instance()
    databases.environment(ACCOUNT, REGION, host)
    host = create_proxy([master_secret()], iam="DISABLED")  # whose clients wait for 120 s
    client = Client(databases, tmp_path, host)
    client.ask("SELECT 1")
    stop()
    with pytest.raises(psycopg.OperationalError):
        client.ask("SELECT 1")  # on the connection that it had
    starting = threading.Timer(0.5, rds().start_db_instance, kwargs={"DBInstanceIdentifier": "db"})
    starting.start()
    assert client.ask("SELECT 2")[1] == [[2]]
    starting.join()


def test_a_worker_may_start_while_the_instance_is_stopped(
    databases: Databases, tmp_path: Path
) -> None:
    host = create_instance()
    stop()  # nobody has ever connected
    found = databases.environment(ACCOUNT, REGION, host)
    with pytest.raises(psycopg.OperationalError):
        Client(databases, tmp_path, host).ask("SELECT 1")
    start()
    assert databases.environment(ACCOUNT, REGION, host) == found
    with psycopg.connect(
        DIRECT.format(host=host),
        hostaddr=found["PGHOSTADDR"],
        port=found["DATABASE_PORT"],
        sslrootcert=found["DATABASE_SSLROOTCERT"],
        user=MASTER,
        password=read_secret(master_secret())["password"],
    ) as connection:
        assert connection.execute("SELECT current_database()").fetchone() == (NAME,)


def test_a_stopped_instance_can_be_deleted(databases: Databases) -> None:
    host = create_instance()
    folder = Path(databases.environment(ACCOUNT, REGION, host)["DATABASE_SSLROOTCERT"]).parent
    stop()
    rds().delete_db_instance(DBInstanceIdentifier="db", SkipFinalSnapshot=True)
    assert databases.environment(ACCOUNT, REGION, host) == {}
    assert not folder.exists()
    create_instance()
    stop()
    start()


def test_a_server_that_does_not_start_is_a_failed_instance(databases: Databases) -> None:
    host = create_instance()
    folder = Path(databases.environment(ACCOUNT, REGION, host)["DATABASE_SSLROOTCERT"]).parent
    stop()
    with (folder / "data" / "postgresql.conf").open("a") as file:
        file.write("no_such_setting = 1\n")
    rds().start_db_instance(DBInstanceIdentifier="db")
    assert reaches("failed", "starting")
