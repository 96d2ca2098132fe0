"""Tests of the databases behind the RDS hosts, and of the server's end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import psycopg
import pytest

from emulator import postgres
from emulator.databases import Databases
from services.rag import database, migrate
from services.rag.connection_errors import classify
from services.rag.contract import DatabaseSettings
from services.rag.contract.variables import load
from tests.emulator.databases import (
    ACCOUNT,
    APPLICATION,
    MASTER,
    NAME,
    REGION,
    application_secret,
    create_instance,
    create_proxy,
    master_secret,
    mocked_aws,
    rds,
    read_secret,
    with_password,
)


@pytest.fixture(scope="module")
def databases() -> Iterator[Databases]:
    made = Databases()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with mocked_aws(monkeypatch):
        yield


Connect = Callable[..., psycopg.Connection[Any]]


@pytest.fixture
def connect(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Connect:
    """Connects as the service does, with what Terraform and the emulator tell it."""

    def connect(host: str, user: str, **more: str) -> psycopg.Connection[Any]:
        found = databases.environment(ACCOUNT, REGION, host)
        assert found.keys() == {"PGHOSTADDR", "DATABASE_PORT", "DATABASE_SSLROOTCERT"}
        deployed = {
            "DATABASE_HOST": host,
            "DATABASE_NAME": NAME,
            "DATABASE_USER": user,
            "AWS_REGION": REGION,
        }
        monkeypatch.setenv("PGHOSTADDR", found["PGHOSTADDR"])
        return database.connect(load(DatabaseSettings, deployed | more | found), timeout_seconds=10)

    return connect


def test_behind_a_proxy_the_master_and_the_application_come_in_with_tokens(
    databases: Databases, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_instance()
    application = application_secret()
    host = create_proxy([application, master_secret()])
    result = run_migrations(databases, monkeypatch, host, application)
    assert (result["role"], result["rds_iam"]) == (APPLICATION, False)
    with connect(host, APPLICATION) as connection:
        assert connection.execute("SELECT count(*) FROM app.documents").fetchone() == (0,)
    # Again, as each deployment does.
    assert run_migrations(databases, monkeypatch, host, application)["applied"] == []


def test_without_a_proxy_the_master_has_a_password_and_the_application_tokens(
    databases: Databases, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = create_instance()
    application = application_secret()
    databases.environment(ACCOUNT, REGION, host)
    direct = {"DATABASE_AUTH": "password", "MASTER_SECRET_ARN": master_secret()}
    for _ in range(2):  # granting rds_iam must not lock the master out
        result = run_migrations(
            databases, monkeypatch, host, application, event={"grant_rds_iam": True}, **direct
        )
        assert (result["role"], result["rds_iam"]) == (APPLICATION, True)
    with connect(host, APPLICATION) as connection:
        assert connection.execute("SELECT current_user").fetchone() == (APPLICATION,)
    with pytest.raises(psycopg.OperationalError) as caught:
        connect(host, APPLICATION, **with_password(application))
    assert classify(caught.value) == "authentication"
    rds().modify_db_instance(DBInstanceIdentifier="db", EnableIAMDatabaseAuthentication=False)
    with pytest.raises(psycopg.OperationalError, match="PAM authentication failed"):
        connect(host, APPLICATION)


def run_migrations(
    databases: Databases,
    monkeypatch: pytest.MonkeyPatch,
    host: str,
    application: str,
    event: dict[str, Any] | None = None,
    **more: str,
) -> dict[str, Any]:
    """Runs the function that prepares the database, with the variables that it has."""
    variables = {
        "DATABASE_HOST": host,
        "DATABASE_NAME": NAME,
        "DATABASE_USER": MASTER,
        "DATABASE_AUTH": "iam",
        "APP_SECRET_ARN": application,
        "EMBEDDING_DIMENSION": "1024",
        **more,
        **databases.environment(ACCOUNT, REGION, host),
    }
    with monkeypatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        return migrate.handler(event or {}, None)


def test_the_master_is_what_it_is_on_rds(connect: Connect, databases: Databases) -> None:
    host = create_instance()
    databases.environment(ACCOUNT, REGION, host)
    with connect(host, MASTER, **with_password(master_secret())) as connection:
        rights = "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = %s"
        assert connection.execute(rights, [MASTER]).fetchone() == (False, True, True)
        owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s"
        assert connection.execute(owner, [NAME]).fetchone() == (MASTER,)
        connection.execute("CREATE EXTENSION vector")
        connection.execute("CREATE ROLE reader LOGIN; GRANT rds_iam TO reader")
        assert connection.execute("SELECT lower('PHỞ ĐÀ NẴNG')").fetchone() == ("phở đà nẵng",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("COPY pg_roles TO PROGRAM 'true'")


def test_a_changed_master_password_reaches_the_database(connect: Connect) -> None:
    host = create_instance(ManageMasterUserPassword=False, MasterUserPassword="the first")
    word = {"DATABASE_AUTH": "password", "DATABASE_PASSWORD": "the first"}
    connect(host, MASTER, **word).close()
    rds().modify_db_instance(DBInstanceIdentifier="db", MasterUserPassword="the second")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(host, MASTER, **word)
    connect(host, MASTER, **{**word, "DATABASE_PASSWORD": "the second"}).close()


def test_instances_share_nothing_and_one_instance_one_server(
    databases: Databases, connect: Connect
) -> None:
    first, second = create_instance("one"), create_instance("two")
    with ThreadPoolExecutor() as pool:
        hosts = [first, second] * 3
        found = list(pool.map(lambda host: databases.environment(ACCOUNT, REGION, host), hosts))
    assert found == found[:2] * 3
    assert found[0]["DATABASE_PORT"] != found[1]["DATABASE_PORT"]
    secrets = [read_secret(master_secret(name)) for name in ("one", "two")]
    assert [each["username"] for each in secrets] == [MASTER, MASTER]
    assert secrets[0]["password"] != secrets[1]["password"]
    with connect(first, MASTER, **with_password(master_secret("one"))) as connection:
        connection.execute("CREATE TABLE mine ()")
    with connect(second, MASTER, **with_password(master_secret("two"))) as connection:
        assert connection.execute("SELECT to_regclass('mine')").fetchone() == (None,)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(second, MASTER, **with_password(master_secret("one")))


@pytest.mark.parametrize("host", ["", "localhost", "db.aaaaaaaaaa.us-east-1.rds.amazonaws.com"])
def test_an_unknown_host_has_no_database(databases: Databases, host: str) -> None:
    create_instance()
    assert databases.environment(ACCOUNT, REGION, host) == {}


def test_another_account_s_host_and_another_engine_have_no_database(databases: Databases) -> None:
    assert databases.environment("999999999999", REGION, create_instance()) == {}
    other = create_instance("other", Engine="mysql")
    assert databases.environment(ACCOUNT, REGION, other) == {}


def test_a_deleted_instance_is_forgotten_and_a_new_one_is_empty(
    databases: Databases, connect: Connect
) -> None:
    host = create_instance()
    databases.environment(ACCOUNT, REGION, host)
    connection = connect(host, MASTER, **with_password(master_secret()))
    connection.execute("CREATE TABLE mine ()")
    folder = Path(databases.environment(ACCOUNT, REGION, host)["DATABASE_SSLROOTCERT"]).parent
    rds().delete_db_instance(DBInstanceIdentifier="db", SkipFinalSnapshot=True)
    assert databases.environment(ACCOUNT, REGION, host) == {}
    assert not folder.exists()
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    connection.close()
    assert create_instance() == host
    databases.environment(ACCOUNT, REGION, host)
    with connect(host, MASTER, **with_password(master_secret())) as fresh:
        assert fresh.execute("SELECT to_regclass('mine')").fetchone() == (None,)


def test_what_the_proxy_may_is_read_when_somebody_comes(
    databases: Databases, connect: Connect
) -> None:
    create_instance()
    secret = application_secret()
    host = create_proxy([secret])
    with pytest.raises(psycopg.OperationalError, match="no credentials for the role"):
        connect(host, MASTER)
    boto3.client("secretsmanager", region_name=REGION).put_secret_value(
        SecretId=secret, SecretString=json.dumps(read_secret(master_secret()))
    )
    connect(host, MASTER).close()


def test_lookups_hold_the_emulator_s_lock() -> None:
    held = threading.Lock()
    databases = Databases(held)
    with held, ThreadPoolExecutor() as pool:
        asked = pool.submit(databases.environment, ACCOUNT, REGION, "any")
        time.sleep(0.1)
        waited = not asked.done()
        held.release()
        assert asked.result(10) == {}
        held.acquire()
    assert waited


def test_nothing_is_left_behind(connect: Connect) -> None:
    threads = threading.active_count()
    databases = Databases()
    found = databases.environment(ACCOUNT, REGION, create_instance())
    folder = Path(found["DATABASE_SSLROOTCERT"]).parent
    pid = server_pid(folder)
    databases.close()
    assert threading.active_count() == threads
    assert not folder.exists()
    assert not alive(pid)


# As the emulator: starts a server and is gone without a word.
PARENT = """
import sys, time
from emulator import postgres
keeper = postgres.keep()
if "early" not in sys.argv:
    print(postgres.announced(keeper).folder, flush=True)
print("started", keeper.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("when", ["late", "early"])
def test_a_killed_parent_takes_its_server_with_it(when: str) -> None:
    # Not tmp_path: the server's user could not enter it.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        parent = subprocess.Popen(
            [sys.executable, "-c", PARENT, when],
            env={**os.environ, "TMPDIR": folder},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        with parent:
            assert parent.stdout
            pids = [server_pid(Path(parent.stdout.readline().strip()))] if when == "late" else []
            pids.append(int(parent.stdout.readline().split()[1]))
            assert all(alive(pid) for pid in pids)
            parent.kill()
        deadline = time.monotonic() + 60
        while any(alive(pid) for pid in pids):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert list(Path(folder).iterdir()) == []


def test_a_keeper_that_can_not_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).with_name("nowhere")))
    monkeypatch.setattr(postgres, "_PACKAGE_PARENT", Path("/"))
    with pytest.raises(OSError, match=r"PostgreSQL does not start: .*No module named") as caught:
        postgres.announced(postgres.keep())
    assert "\n" not in str(caught.value)


def server_pid(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().split()[0])


def alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be noticed does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
