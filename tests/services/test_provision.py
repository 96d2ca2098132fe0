"""What the application's role may do and what it may not, in a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from emulator.postgres import Server
from tests.support.rds import (
    FIRST,
    SECOND,
    application,
    as_master,
    empty_database,
    enter,
    failure,
    run,
)


@pytest.fixture(autouse=True)
def admin(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[psycopg.Connection[Any]]:
    with empty_database(server, monkeypatch) as connection:
        yield connection


DOCUMENT = "INSERT INTO app.documents VALUES ('t', 'd', 'Phở', NULL, '{}', '', 1)"


def test_the_role_reads_and_writes_rows(server: Server) -> None:
    run()
    with enter(server) as connection:
        connection.execute(DOCUMENT)
        connection.execute(
            "INSERT INTO app.chunks (tenant, document_id, content_hash, position, title, content,"
            " embedding_model, embedding) SELECT 't', 'd', '', 0, 'Phở', 'ở Hà Nội', 'm',"
            " array_fill(1, ARRAY[1024])::halfvec(1024)"
        )
        connection.execute("UPDATE app.documents SET title = 'Bún'")
        found = "SELECT 1 FROM app.chunks WHERE search @@ plainto_tsquery('app.content', 'pho HA')"
        assert connection.execute(found).fetchall() == [(1,)]
        connection.execute("DELETE FROM app.documents")
        assert connection.execute("SELECT count(*) FROM app.chunks").fetchone() == (0,)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE app.mine (id int)",
        "CREATE TABLE public.mine (id int)",
        "CREATE TEMPORARY TABLE mine (id int)",
        "CREATE INDEX ON app.documents (title)",
        "CREATE DATABASE mine",
        "CREATE ROLE mine",
        "CREATE SCHEMA mine",
        "DROP SCHEMA app",
        "DROP TABLE app.chunks",
        "ALTER TABLE app.chunks ADD COLUMN mine int",
        "TRUNCATE app.chunks",
        "SELECT * FROM app.migrations",
        "DELETE FROM app.migrations",
        "SELECT * FROM other.things",
        "SET ROLE master",
        "DROP EXTENSION vector",
    ],
)
def test_the_role_can_do_no_more(
    server: Server, admin: psycopg.Connection[Any], statement: str
) -> None:
    # As it was before PostgreSQL 15, and is in databases that were upgraded.
    admin.execute("GRANT CREATE ON SCHEMA public TO PUBLIC")
    with as_master(server) as master:
        master.execute("CREATE SCHEMA other; CREATE TABLE other.things (id int)")
    run()
    with enter(server) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


def test_rights_of_an_older_version_go(server: Server) -> None:
    run()
    with as_master(server) as master:
        master.execute("GRANT CREATE ON SCHEMA app TO rag_app")
        master.execute("GRANT SELECT ON app.migrations TO rag_app")
    run()
    with enter(server) as connection:
        for statement in ("CREATE TABLE app.mine (id int)", "SELECT * FROM app.migrations"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_every_session_of_the_role_has_its_settings(server: Server) -> None:
    run()
    with enter(server) as connection:
        connection.execute("SELECT '[1]'::public.vector")  # or the values stay unchecked text
        settings = {
            "hnsw.iterative_scan": "relaxed_order",
            "hnsw.ef_search": "200",
            "statement_timeout": "25s",
            "idle_in_transaction_session_timeout": "30s",
            "lock_timeout": "10s",
        }
        for name, value in settings.items():
            assert connection.execute(f"SHOW {name}".encode()).fetchone() == (value,)


FILL = """
    INSERT INTO app.documents VALUES ('t', 'd', 'D', NULL, '{}', '', 2000);
    INSERT INTO app.chunks (tenant, document_id, content_hash, position, title, content,
        embedding_model, embedding)
    SELECT 't', 'd', int4send(i), i, '', '', 'm',
        -- All around the origin, in six of the dimensions.
        (ARRAY[sin(i), cos(i), sin(i * 7), cos(i * 7), sin(i * 13), cos(i * 13)]
            || array_fill(0, ARRAY[1018])::float8[])::halfvec(1024)
    FROM generate_series(1, 2000) AS i"""
NEAREST = """
    SELECT position FROM app.chunks WHERE position % 100 = 0
    ORDER BY embedding <=> ('[1' || repeat(',0', 1023) || ']')::halfvec(1024) LIMIT 10"""


def test_a_search_with_a_filter_finds_enough_in_its_first_statement(server: Server) -> None:
    run()
    with enter(server) as connection:
        connection.execute(FILL)
    # A table this small would be read as a whole. Not by SET: that would be a first statement.
    with enter(server, options="-c enable_seqscan=off -c enable_sort=off") as connection:
        assert len(connection.execute(NEAREST).fetchall()) == 10
        plan = connection.execute("EXPLAIN " + NEAREST).fetchall()
        assert "Index Scan using chunks_embedding" in str(plan)
        # Without the role's setting it finds less, or this test would show nothing.
        connection.execute("SET hnsw.iterative_scan = off")
        assert len(connection.execute(NEAREST).fetchall()) < 10


def test_a_changed_secret_changes_the_password(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    application(monkeypatch, SECOND)
    run()
    enter(server, SECOND).close()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        enter(server)


def test_no_password_reaches_the_log_of_the_server(server: Server) -> None:
    run()
    log = server.log.read_text()
    assert 'ALTER ROLE "rag_app" LOGIN PASSWORD \'SCRAM-SHA-256$' in log
    assert FIRST not in log


def is_iam_member(admin: psycopg.Connection[Any]) -> bool:
    row = admin.execute("SELECT pg_has_role('rag_app', 'rds_iam', 'MEMBER')").fetchone()
    return bool(row and row[0])


def test_rds_iam_is_granted_and_taken_back(admin: psycopg.Connection[Any]) -> None:
    assert run({"grant_rds_iam": True})["rds_iam"] is False  # no such role: not RDS
    admin.execute("CREATE ROLE rds_iam")
    admin.execute("GRANT rds_iam TO master WITH ADMIN TRUE")
    for _ in range(2):
        assert run({"grant_rds_iam": True})["rds_iam"] is True
        assert is_iam_member(admin)
    for _ in range(2):
        assert run({"grant_rds_iam": False})["rds_iam"] is False
        assert not is_iam_member(admin)


def test_a_membership_that_stays_is_an_error(admin: psycopg.Connection[Any]) -> None:
    run()
    admin.execute("CREATE ROLE rds_iam")
    admin.execute("GRANT rds_iam TO master WITH ADMIN TRUE")
    # The superuser's grant is not the master's to take back: PostgreSQL warns and goes on.
    admin.execute("GRANT rds_iam TO rag_app")
    message = "another role made rag_app a member of rds_iam"
    assert failure({"grant_rds_iam": False}) == message


def test_only_the_role_and_the_proxy_may_connect(admin: psycopg.Connection[Any]) -> None:
    admin.execute("CREATE ROLE rdsproxyadmin")
    admin.execute("CREATE ROLE rds_iam")  # stands for any other role
    run()
    for name, may_connect in (("rag_app", True), ("rdsproxyadmin", True), ("rds_iam", False)):
        query = "SELECT has_database_privilege(%s, 'rag', %s)"
        assert admin.execute(query, [name, "CONNECT"]).fetchone() == (may_connect,)
        assert admin.execute(query, [name, "TEMPORARY"]).fetchone() == (False,)


@pytest.mark.parametrize("group", ["pg_execute_server_program", "rds_superuser"])
def test_a_member_of_a_powerful_role_is_refused(admin: psycopg.Connection[Any], group: str) -> None:
    admin.execute("CREATE ROLE rag_app LOGIN PASSWORD 'before'")
    admin.execute("GRANT rag_app TO master WITH ADMIN TRUE")
    admin.execute(f"GRANT {group} TO rag_app")
    assert failure() == "the role rag_app exists and is more than an application's role"


def test_a_role_with_power_is_refused_and_left_alone(
    server: Server, admin: psycopg.Connection[Any]
) -> None:
    admin.execute("CREATE ROLE rag_app CREATEDB LOGIN PASSWORD 'before'")
    admin.execute("GRANT CONNECT ON DATABASE rag TO rag_app")
    assert failure() == "the role rag_app exists and is more than an application's role"
    enter(server, "before").close()


def test_the_master_is_not_the_application(monkeypatch: pytest.MonkeyPatch) -> None:
    application(monkeypatch, FIRST, username="master")
    assert failure() == "the role master exists and is more than an application's role"


def test_a_failure_changes_nothing_of_the_role(admin: psycopg.Connection[Any]) -> None:
    admin.execute("ALTER SCHEMA public OWNER TO CURRENT_USER")
    admin.execute("GRANT CREATE ON SCHEMA public TO PUBLIC")
    assert failure() == "the role rag_app can still create in the schema public"
    assert not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = 'rag_app'").fetchall()
