"""The function that migrates, against a real PostgreSQL, as a master that is no superuser."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from emulator.postgres import Server
from services.rag import migrate, migration_connection
from services.rag.database import connect
from services.rag.telemetry import LOGGER
from tests.support.rds import FIRST, application, empty_database, failure, run, secret

ALL = ["0001_documents", "0002_indexes"]


@pytest.fixture(autouse=True)
def admin(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[psycopg.Connection[Any]]:
    with empty_database(server, monkeypatch) as connection:
        yield connection


def snapshot(admin: psycopg.Connection[Any]) -> list[Any]:
    """What a run may change, except the password's hash, which has a new salt each time."""
    return [
        admin.execute(query).fetchall()
        for query in (
            "SELECT * FROM app.migrations",
            "SELECT oid, relname, relacl FROM pg_class ORDER BY oid",
            "SELECT oid, nspname, nspacl FROM pg_namespace ORDER BY oid",
            "SELECT datacl FROM pg_database WHERE datname = 'rag'",
            "SELECT setrole, setconfig FROM pg_db_role_setting",
            "SELECT roleid, member, grantor FROM pg_auth_members",
        )
    ]


def test_an_empty_database_gets_everything_and_a_second_run_changes_nothing(
    admin: psycopg.Connection[Any],
) -> None:
    first = run()
    pgvector = first.pop("pgvector")
    assert re.fullmatch(r"0\.\d+\.\d+", pgvector)
    role = {"role": "rag_app", "schema": "app", "rds_iam": False, "dimension": 1024}
    assert first == {"applied": ALL, "already": 0, "created": True, **role}
    before = snapshot(admin)
    second = run()
    assert second == {
        "applied": [],
        "already": len(ALL),
        "created": False,
        "pgvector": pgvector,
        **role,
    }
    assert snapshot(admin) == before


def test_the_log_tells_what_was_done_and_for_which_request(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(LOGGER.registered_handler, "stream", sys.stdout)
    result = run(context=SimpleNamespace(aws_request_id="request-3"))
    entry = json.loads(capsys.readouterr().out)
    assert entry["request_id"] == "request-3"
    assert entry["result"] == result


def test_four_runs_at_once_on_an_empty_database_take_turns(
    admin: psycopg.Connection[Any],
) -> None:
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: run(), range(4)))
    assert sorted(name for result in results for name in result["applied"]) == ALL
    assert sorted(result["created"] for result in results) == [False, False, False, True]
    rows = admin.execute("SELECT name FROM app.migrations ORDER BY version").fetchall()
    assert [name for (name,) in rows] == ALL


def test_nothing_that_it_sends_pins_the_proxy(server: Server) -> None:
    before = len(server.log.read_text())
    run()
    log = server.log.read_text()[before:]
    sent = re.findall(r"LOG:  (?:statement|execute ([^:]+)): (.*(?:\n\t.*)*)", log)
    assert len(sent) > 20
    assert {name for name, _ in sent} <= {"", "<unnamed>"}  # no named prepared statement
    pinning = r"(?i)^\s*(SET|RESET|PREPARE|EXECUTE|DISCARD|LISTEN|DECLARE|LOAD|LOCK)\b"
    for _, text in sent:
        assert not re.search(pinning, text, re.MULTILINE), text
        assert not re.search(r"(?i)set_config|advisory_lock|\bTEMP\b|nextval", text), text
        assert len(text) < 16_384


@pytest.mark.parametrize("number", ["384", "4000"])
def test_another_dimension_stops_before_rights_are_given(
    admin: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    monkeypatch.setenv("EMBEDDING_DIMENSION", number)
    assert failure() == (
        "app.chunks.embedding holds vectors of 1024 dimensions, the embedding model's"
        f" EMBEDDING_DIMENSION is {number}: choose a model of 1024 dimensions, or add a migration"
        " that changes the column"
    )
    assert not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = 'rag_app'").fetchall()
    monkeypatch.setenv("EMBEDDING_DIMENSION", "1024")
    assert run()["created"] is True


ONE_CHUNK = """
    INSERT INTO app.documents VALUES ('t', 'd', 'D', NULL, '{}', '', 1);
    INSERT INTO app.chunks VALUES
        ('t', 'd', '', 0, 'D', 'text', 'm', array_fill(1, ARRAY[1024])::halfvec(1024))"""


def test_vectors_are_not_deleted_for_a_dimension_that_no_model_has(
    admin: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run()
    admin.execute(ONE_CHUNK)
    for path in migrate.MIGRATIONS.glob("*.sql"):
        (tmp_path / path.name).write_text(path.read_text())
    (tmp_path / "0003_dimension.sql").write_text(
        """
        DELETE FROM app.documents;
        ALTER TABLE app.chunks ALTER COLUMN embedding TYPE halfvec(384);"""
    )
    monkeypatch.setattr(migrate, "MIGRATIONS", tmp_path)
    assert "holds vectors of 384 dimensions" in failure()
    assert admin.execute("SELECT count(*) FROM app.chunks").fetchone() == (1,)
    # Together with a model of that dimension it is what was wanted.
    monkeypatch.setenv("EMBEDDING_DIMENSION", "384")
    assert run()["applied"] == ["0003_dimension"]
    assert admin.execute("SELECT count(*) FROM app.chunks").fetchone() == (0,)


def test_an_old_pgvector_is_refused(admin: psycopg.Connection[Any]) -> None:
    admin.execute("CREATE EXTENSION vector")
    admin.execute("UPDATE pg_extension SET extversion = '0.7.4' WHERE extname = 'vector'")
    assert failure() == (
        "migration 0001_documents failed: pgvector 0.7.4 is installed, 0.8.0 or newer is needed:"
        " choose a newer minor version of PostgreSQL"
    )
    assert admin.execute("SELECT to_regclass('app.migrations')").fetchone() == (None,)


def test_a_failed_migration_is_named_and_leaves_nothing_of_it(
    admin: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "0001_good.sql").write_text("CREATE TABLE app.good (id int)")
    (tmp_path / "0002_bad.sql").write_text("CREATE TABLE app.bad (id int);\nSELECT wrong;\n")
    monkeypatch.setattr(migrate, "MIGRATIONS", tmp_path)
    for _ in range(2):
        assert failure() == 'migration 0002_bad failed in line 2: column "wrong" does not exist'
    assert admin.execute("SELECT name FROM app.migrations").fetchall() == [("0001_good",)]
    assert admin.execute("SELECT to_regclass('app.bad')").fetchone() == (None,)


def test_errors_are_one_line_and_name_the_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.delenv("APP_SECRET_ARN")
        assert failure() == "APP_SECRET_ARN is not set"
    with monkeypatch.context() as patch:
        patch.setenv("APP_SECRET_ARN", "missing")
        assert failure() == "APP_SECRET_ARN: ResourceNotFoundException"
    with monkeypatch.context() as patch:
        patch.setenv("APP_SECRET_ARN", secret("text", FIRST))
        assert failure() == "APP_SECRET_ARN: the secret is not JSON with username and password"
    with monkeypatch.context() as patch:
        patch.delenv("EMBEDDING_DIMENSION")
        assert failure() == "EMBEDDING_DIMENSION is not set"
    with monkeypatch.context() as patch:
        patch.setenv("DATABASE_USER", "nobody_we_know")
        assert failure() == "can't connect as nobody_we_know: authentication"


@pytest.mark.parametrize("name", ["pg_mine", "rdsadmin", 'a"b', "A", "a" * 64])
def test_a_name_that_is_not_plain_is_refused_before_anything_changes(
    admin: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    application(monkeypatch, FIRST, username=name)
    assert "no plain name" in failure()
    assert admin.execute("SELECT to_regclass('app.migrations')").fetchone() == (None,)


def test_through_the_proxy_no_master_secret_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_AUTH", "iam")
    monkeypatch.setenv("DATABASE_SSLMODE", "require")
    monkeypatch.delenv("MASTER_SECRET_ARN")
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
    monkeypatch.setattr(migration_connection, "time", clock)
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

    monkeypatch.setattr(migration_connection, "connect", late)
    assert run(context=lambda_context(300))["created"] is True
    assert clock.slept == [5, 5, 5]


@pytest.mark.parametrize(("lambdas", "ours"), [(60, range(30, 41)), (900, range(290, 301))])
def test_it_gives_up_before_lambda_stops_it(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, lambdas: int, ours: range
) -> None:
    def never(settings: Any, *, timeout_seconds: float) -> Any:
        raise psycopg.OperationalError("connection refused")

    monkeypatch.setattr(migration_connection, "connect", never)
    assert failure(context=lambda_context(lambdas)) == "can't connect as master: refused"
    assert sum(clock.slept) in ours


def test_without_time_to_wait_it_tries_once(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_PORT", "1")
    assert "refused" in failure()
    assert clock.slept == []


def test_a_migration_that_takes_too_long_is_undone_before_lambda_stops_it(
    admin: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "0001_slow.sql").write_text("CREATE TABLE app.slow (id int); SELECT pg_sleep(3)")
    monkeypatch.setattr(migrate, "MIGRATIONS", tmp_path)
    assert failure(context=lambda_context(6)) == (
        "migration 0001_slow failed: the connection was lost, because the function's time was up"
    )
    # The server finishes its statement, finds nobody there and rolls back.
    busy = "SELECT 1 FROM pg_stat_activity WHERE usename = 'master'"
    for _ in range(100):
        if not admin.execute(busy).fetchall():
            break
        time.sleep(0.1)
    assert not admin.execute(busy).fetchall()
    assert admin.execute("SELECT to_regclass('app.slow')").fetchone() == (None,)
