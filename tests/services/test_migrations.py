"""Migrations: in order, once, whole or not at all, whoever else runs and whoever dies."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest

from emulator.postgres import Server
from services.rag import migrate as function
from services.rag.database import Connection
from services.rag.migration_files import MigrationError, read
from services.rag.migration_runner import migrate
from tests.support.rds import MASTER, as_master, empty_database

SHIPPED = function.MIGRATIONS


@pytest.fixture(autouse=True)
def admin(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[psycopg.Connection[Any]]:
    with empty_database(server, monkeypatch) as connection:
        yield connection


def write(folder: Path, **texts: str) -> Path:
    """Write migrations; ``_0001_name`` becomes ``0001_name.sql``."""
    for name, text in texts.items():
        (folder / f"{name.removeprefix('_')}.sql").write_text(text)
    return folder


def nothing(connection: Connection) -> None:
    """Verify nothing."""


def apply(server: Server, folder: Path) -> list[str]:
    with as_master(server) as connection:
        return migrate(connection, read(folder), verify=nothing)


def history(admin: psycopg.Connection[Any]) -> list[tuple[int, str]]:
    return admin.execute("SELECT version, name FROM app.migrations ORDER BY version").fetchall()


def exists(admin: psycopg.Connection[Any], table: str) -> bool:
    row = admin.execute("SELECT to_regclass(%s) IS NOT NULL", [table]).fetchone()
    return row == (True,)


def test_each_is_applied_once_and_in_order(
    server: Server, admin: psycopg.Connection[Any], tmp_path: Path
) -> None:
    write(tmp_path, _0001_things="CREATE TABLE app.things (id int)")
    write(tmp_path, _0002_first="INSERT INTO app.things VALUES (1)")
    assert apply(server, tmp_path) == ["0001_things", "0002_first"]
    assert apply(server, tmp_path) == []
    write(tmp_path, _0003_second="INSERT INTO app.things SELECT max(id) + 1 FROM app.things")
    assert apply(server, tmp_path) == ["0003_second"]
    assert admin.execute("SELECT id FROM app.things").fetchall() == [(1,), (2,)]
    assert history(admin) == [(1, "0001_things"), (2, "0002_first"), (3, "0003_second")]


def test_a_per_cent_sign_and_a_line_end_are_just_characters(
    server: Server, admin: psycopg.Connection[Any], tmp_path: Path
) -> None:
    text = "CREATE TABLE app.t (t text);\nINSERT INTO app.t VALUES ('100 %s %% %(a)s'); -- phở\n"
    write(tmp_path, _0001_t=text)
    apply(server, tmp_path)
    assert admin.execute("SELECT t FROM app.t").fetchall() == [("100 %s %% %(a)s",)]
    (tmp_path / "0001_t.sql").write_bytes(text.replace("\n", "\r\n").encode())
    assert apply(server, tmp_path) == []


_TWO = {
    # Long enough for the other to look at the history too.
    "_0001_slow": "CREATE TABLE app.slow (id int); SELECT pg_sleep(0.5)",
    "_0002_row": "INSERT INTO app.slow VALUES (1)",
}


def test_two_threads_on_an_empty_database_take_turns(
    server: Server, admin: psycopg.Connection[Any], tmp_path: Path
) -> None:
    write(tmp_path, **_TWO)
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda _: apply(server, tmp_path), range(2)))
    assert sorted(name for names in results for name in names) == ["0001_slow", "0002_row"]
    assert admin.execute("SELECT count(*) FROM app.slow").fetchone() == (1,)


_PROCESS = """
import sys
from pathlib import Path
import psycopg
from services.rag.migration_files import read
from services.rag.migration_runner import migrate
port, password, folder = sys.argv[1:]
connection = psycopg.connect(host="127.0.0.1", port=port, user="master", password=password,
    dbname="rag", autocommit=True, prepare_threshold=None)
with connection:
    print(*migrate(connection, read(Path(folder)), verify=lambda _: None))
"""


def test_two_processes_bring_the_shipped_migrations_to_an_empty_database(
    server: Server, admin: psycopg.Connection[Any]
) -> None:
    command = [sys.executable, "-c", _PROCESS, str(server.port), MASTER, str(SHIPPED)]
    root = Path(__file__).resolve().parents[2]
    both = [
        subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    printed = [process.communicate(timeout=60)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    names = [migration.name for migration in read(SHIPPED)]
    assert sorted(" ".join(printed).split()) == names
    assert [name for _, name in history(admin)] == names


def test_one_that_dies_half_way_leaves_nothing_and_can_be_repeated(
    server: Server, admin: psycopg.Connection[Any], tmp_path: Path
) -> None:
    admin.execute("CREATE TABLE public.brake AS SELECT 1; GRANT SELECT ON public.brake TO PUBLIC")
    write(
        tmp_path,
        _0001_before="CREATE TABLE app.before (id int)",
        _0002_half="CREATE TABLE app.half (id int); SELECT pg_sleep(60) FROM public.brake",
    )
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(apply, server, tmp_path)
        kill = """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE usename = 'master' AND wait_event = 'PgSleep'"""
        while not admin.execute(kill).fetchall():
            assert not running.done()
            time.sleep(0.02)
        with pytest.raises(MigrationError) as caught:
            running.result(timeout=30)
    assert str(caught.value) == (
        "migration 0002_half failed: terminating connection due to administrator command"
    )
    assert history(admin) == [(1, "0001_before")]
    assert not exists(admin, "app.half")
    admin.execute("DELETE FROM public.brake")
    assert apply(server, tmp_path) == ["0002_half"]


def refusal(server: Server, folder: Path) -> str:
    with pytest.raises(MigrationError) as caught:
        apply(server, folder)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_one_that_was_changed_or_renamed_after_it_was_applied_stops(
    server: Server, admin: psycopg.Connection[Any], tmp_path: Path
) -> None:
    write(tmp_path, _0001_a="SELECT 1", _0002_b="SELECT 2")
    apply(server, tmp_path)
    write(tmp_path, _0002_b="SELECT 3", _0003_c="CREATE TABLE app.c (id int)")
    expected = (
        "migration 0002_b is not what was applied as 0002_b: restore the file and put the change"
        " into a new migration"
    )
    assert refusal(server, tmp_path) == expected
    (tmp_path / "0002_b.sql").unlink()
    write(tmp_path, _0002_other="SELECT 2")
    assert refusal(server, tmp_path) == expected.replace("0002_b", "0002_other", 1)
    assert not exists(admin, "app.c")


def test_a_database_that_is_newer_than_the_code_stops(server: Server, tmp_path: Path) -> None:
    write(tmp_path, _0001_a="SELECT 1", _0002_b="SELECT 2")
    apply(server, tmp_path)
    (tmp_path / "0002_b.sql").unlink()
    assert refusal(server, tmp_path) == (
        "the database is newer than this code: migration 0002_b is applied and unknown here;"
        " deploy a version of the code that has it"
    )


def test_a_gap_in_the_history_stops(
    server: Server, admin: psycopg.Connection[Any], tmp_path: Path
) -> None:
    write(tmp_path, _0001_a="SELECT 1", _0002_b="SELECT 2")
    apply(server, tmp_path)
    admin.execute("DELETE FROM app.migrations WHERE version = 1")
    assert refusal(server, tmp_path) == (
        "migration 0002_b is in the database's history, but none with number 0001 is: restore"
        " the row of app.migrations that was deleted"
    )


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("0001_a", "0003_c"), "migration 0003_c: the next number is 0002"),
        (("0001_a", "0001_b"), "migration 0001_b: the next number is 0002"),
        (("0002_a",), "migration 0002_a: the next number is 0001"),
        ((), "there is no migration in the folder migrations"),
        (("0001-a",), "migration 0001-a.sql must be named like 0001_add_things.sql"),
    ],
)
def test_files_are_numbered_without_a_gap(
    tmp_path: Path, names: tuple[str, ...], message: str
) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    write(folder, **dict.fromkeys(names, "SELECT 1"))
    with pytest.raises(MigrationError) as caught:
        read(folder)
    assert str(caught.value) == message


def test_one_that_ends_its_own_transaction_is_not_taken_for_applied(
    server: Server, admin: psycopg.Connection[Any], tmp_path: Path
) -> None:
    write(tmp_path, _0001_a="CREATE TABLE app.a (id int); COMMIT; BEGIN; SELECT 1")
    assert refusal(server, tmp_path) == (
        "migration 0001_a ends the transaction that it runs in, so a part of it may stay:"
        " remove COMMIT and ROLLBACK"
    )
    assert history(admin) == []


def test_a_commit_that_fails_names_its_migration(server: Server, tmp_path: Path) -> None:
    write(
        tmp_path,
        _0001_late="""
            CREATE TABLE app.late (id int UNIQUE DEFERRABLE INITIALLY DEFERRED);
            INSERT INTO app.late VALUES (1), (1)""",
    )
    assert refusal(server, tmp_path) == (
        'migration 0001_late failed: duplicate key value violates unique constraint "late_id_key"'
    )
