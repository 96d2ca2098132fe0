"""The application's role, made in a real PostgreSQL by a master that is no superuser, as on RDS."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import boto3
import psycopg
import pytest
from moto import mock_aws

from services.rag import role
from services.rag.database import connect
from services.rag.logs import LOGGER
from tests.support.postgres import Server

MASTER = "the master's password"
FIRST = "first-password-of-the-application"
SECOND = "second-password-of-the-application"


def secret(name: str, content: str) -> str:
    client = boto3.client("secretsmanager", region_name="ap-southeast-1")
    arn: str = client.create_secret(Name=name, SecretString=content)["ARN"]
    return arn


@pytest.fixture(autouse=True)
def _database(server: Server, environment: pytest.MonkeyPatch) -> Iterator[None]:
    with server.connect() as admin, mock_aws():
        admin.execute(
            "CREATE ROLE master LOGIN CREATEDB CREATEROLE PASSWORD 'the master''s password'"
        )
        admin.execute("CREATE DATABASE rag OWNER master")
        credentials = {"username": "master", "password": MASTER}
        environment.setenv("MASTER_SECRET_ARN", secret("master", json.dumps(credentials)))
        environment.setenv("DATABASE_NAME", "rag")
        environment.setenv("DATABASE_USER", "master")
        environment.delenv("DATABASE_PASSWORD")
        application(environment, FIRST)
        yield
        admin.execute("DROP DATABASE rag WITH (FORCE)")
        for name in ("rag_app", "rds_iam", "rdsproxyadmin", "master"):
            admin.execute(f"DROP ROLE IF EXISTS {name}")


def application(environment: pytest.MonkeyPatch, password: str, username: str = "rag_app") -> None:
    content = json.dumps({"username": username, "password": password})
    environment.setenv("APP_SECRET_ARN", secret(f"app-{username}-{password}", content))


def run(event: dict[str, Any] | None = None) -> dict[str, Any]:
    return role.handler(event or {}, None)


def enter(server: Server, password: str) -> psycopg.Connection[Any]:
    return server.connect(user="rag_app", password=password, dbname="rag")


def is_iam_member(server: Server) -> bool:
    with server.connect() as admin:
        row = admin.execute("SELECT pg_has_role('rag_app', 'rds_iam', 'MEMBER')").fetchone()
        return bool(row and row[0])


def test_the_role_can_log_in_and_make_tables_in_its_schema(server: Server) -> None:
    assert run() == {"role": "rag_app", "schema": "app", "created": True, "rds_iam": False}
    with enter(server, FIRST) as connection:
        connection.execute("CREATE TABLE app.documents (id int)")
        connection.execute("INSERT INTO app.documents VALUES (1)")


def test_the_log_tells_what_was_done_and_for_which_request(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setattr(LOGGER.handlers[0], "stream", sys.stdout)
    result = role.handler({}, SimpleNamespace(aws_request_id="request-3"))
    entry = json.loads(capsys.readouterr().out)
    assert entry["request_id"] == "request-3"
    assert entry.items() >= result.items()


def test_a_second_run_changes_nothing(server: Server) -> None:
    run()
    assert run()["created"] is False
    enter(server, FIRST).close()


def test_two_runs_at_once_take_turns() -> None:
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: run(), range(4)))
    assert sorted(result["created"] for result in results) == [False, False, False, True]


def test_a_changed_secret_changes_the_password(
    server: Server, environment: pytest.MonkeyPatch
) -> None:
    run()
    application(environment, SECOND)
    run()
    enter(server, SECOND).close()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        enter(server, FIRST)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE public.mine (id int)",
        "CREATE DATABASE mine",
        "CREATE ROLE mine",
        "CREATE SCHEMA mine",
        "DROP SCHEMA app",
    ],
)
def test_the_role_can_do_no_more(server: Server, statement: str) -> None:
    with server.connect(dbname="rag") as admin:
        # As it was before PostgreSQL 15, and is in databases that were upgraded.
        admin.execute("GRANT CREATE ON SCHEMA public TO PUBLIC")
    run()
    with (
        enter(server, FIRST) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)


def test_no_password_reaches_the_log_of_the_server(server: Server) -> None:
    run()
    log = server.log.read_text()
    assert 'ALTER ROLE "rag_app" LOGIN PASSWORD \'SCRAM-SHA-256$' in log
    assert FIRST not in log


def test_rds_iam_is_granted_and_taken_back(server: Server) -> None:
    assert run({"grant_rds_iam": True})["rds_iam"] is False  # no such role: not RDS
    with server.connect() as admin:
        admin.execute("CREATE ROLE rds_iam")
        admin.execute("GRANT rds_iam TO master WITH ADMIN TRUE")
    for _ in range(2):
        assert run({"grant_rds_iam": True})["rds_iam"] is True
        assert is_iam_member(server)
    for _ in range(2):
        assert run({"grant_rds_iam": False})["rds_iam"] is False
        assert not is_iam_member(server)


def test_a_membership_that_stays_is_an_error(server: Server) -> None:
    run()
    with server.connect() as admin:
        admin.execute("CREATE ROLE rds_iam")
        admin.execute("GRANT rds_iam TO master WITH ADMIN TRUE")
        # The superuser's grant is not the master's to take back: PostgreSQL warns and goes on.
        admin.execute("GRANT rds_iam TO rag_app")
    with pytest.raises(role.RoleError, match="another role made rag_app a member of rds_iam"):
        run({"grant_rds_iam": False})


def test_only_the_role_and_the_proxy_may_connect(server: Server) -> None:
    with server.connect() as admin:
        admin.execute("CREATE ROLE rdsproxyadmin")
        admin.execute("CREATE ROLE rds_iam")  # stands for any other role
        run()
        for name, may_connect in (("rag_app", True), ("rdsproxyadmin", True), ("rds_iam", False)):
            query = "SELECT has_database_privilege(%s, 'rag', %s)"
            assert admin.execute(query, [name, "CONNECT"]).fetchone() == (may_connect,)
            assert admin.execute(query, [name, "TEMPORARY"]).fetchone() == (False,)


@pytest.mark.parametrize("group", ["pg_execute_server_program", "rds_superuser"])
def test_a_member_of_a_powerful_role_is_refused(server: Server, group: str) -> None:
    with server.connect() as admin:
        admin.execute("CREATE ROLE rag_app LOGIN PASSWORD 'before'")
        admin.execute("GRANT rag_app TO master WITH ADMIN TRUE")
        if group.startswith("rds"):
            admin.execute("CREATE ROLE rds_superuser")
        try:
            admin.execute(f"GRANT {group} TO rag_app")
            with pytest.raises(role.RoleError, match="more than an application's role"):
                run()
        finally:
            admin.execute("DROP ROLE IF EXISTS rds_superuser")


def test_a_role_with_power_is_refused_and_left_alone(server: Server) -> None:
    with server.connect() as admin:
        admin.execute("CREATE ROLE rag_app CREATEDB LOGIN PASSWORD 'before'")
    with pytest.raises(role.RoleError, match="more than an application's role"):
        run()
    enter(server, "before").close()


def test_the_master_is_not_the_application(environment: pytest.MonkeyPatch) -> None:
    application(environment, FIRST, username="master")
    with pytest.raises(role.RoleError, match="more than an application's role"):
        run()


@pytest.mark.parametrize("name", ["pg_mine", "rdsadmin", 'a"b', "A", "a" * 64])
def test_a_name_that_is_not_plain_is_refused(environment: pytest.MonkeyPatch, name: str) -> None:
    application(environment, FIRST, username=name)
    with pytest.raises(role.RoleError, match="no plain name"):
        run()


def test_a_failure_changes_nothing(server: Server) -> None:
    with server.connect(dbname="rag") as admin:
        admin.execute("ALTER SCHEMA public OWNER TO postgres")
        admin.execute("GRANT CREATE ON SCHEMA public TO PUBLIC")
        with pytest.raises(role.RoleError, match="can still create in the schema public"):
            run()
        assert not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = 'rag_app'").fetchall()


def failure() -> str:
    with pytest.raises(role.RoleError) as caught:
        run()
    message = str(caught.value)
    assert "\n" not in message
    assert MASTER not in message
    assert FIRST not in message
    return message


def test_errors_are_one_line_and_name_the_cause(environment: pytest.MonkeyPatch) -> None:
    with environment.context() as patch:
        patch.delenv("APP_SECRET_ARN")
        assert failure() == "APP_SECRET_ARN is not set"
    with environment.context() as patch:
        patch.setenv("APP_SECRET_ARN", "missing")
        assert failure() == "APP_SECRET_ARN: ResourceNotFoundException"
    with environment.context() as patch:
        patch.setenv("APP_SECRET_ARN", secret("text", FIRST))
        assert failure() == "APP_SECRET_ARN: the secret is not JSON with username and password"
    with environment.context() as patch:
        patch.setenv("DATABASE_USER", "nobody_we_know")
        assert failure() == "can't connect as nobody_we_know: authentication"


def test_through_the_proxy_no_master_secret_is_read(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATABASE_AUTH", "iam")
    environment.setenv("DATABASE_SSLMODE", "require")
    environment.delenv("MASTER_SECRET_ARN")
    # It gets as far as TLS, which this server has not.
    assert failure() == "can't connect as master: tls"


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(role, "time", clock)
    return clock


def lambda_context(seconds: float) -> SimpleNamespace:
    return SimpleNamespace(get_remaining_time_in_millis=lambda: int(seconds * 1000))


def test_it_waits_for_a_proxy_that_is_not_ready(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []

    def late(settings: Any, *, timeout_seconds: float) -> Any:
        tries.append(1)
        if len(tries) < 4:
            raise psycopg.OperationalError("connection refused")
        return connect(settings, timeout_seconds=timeout_seconds)

    monkeypatch.setattr(role, "connect", late)
    assert role.handler({}, lambda_context(300))["created"] is True
    assert clock.slept == [5, 5, 5]


def test_it_gives_up_before_lambda_stops_it(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(settings: Any, *, timeout_seconds: float) -> Any:
        raise psycopg.OperationalError("connection refused")

    monkeypatch.setattr(role, "connect", never)
    with pytest.raises(role.RoleError, match="can't connect as master: refused"):
        role.handler({}, lambda_context(60))
    assert 30 <= sum(clock.slept) <= 40


def test_without_time_to_wait_it_tries_once(clock: Clock, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATABASE_PORT", "1")
    with pytest.raises(role.RoleError, match="refused"):
        run()
    assert clock.slept == []
