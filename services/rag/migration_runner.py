"""Versioned migrations in plain SQL: each applied once, in order, in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import psycopg

from .database import Connection
from .migration_files import Migration, MigrationError

SCHEMA = "app"
"""Holds everything that migrations create. The master user owns it."""

_LOCK = 7_212_960_113_400_001
"""Any number, as long as nothing else takes this lock."""

# Not a migration itself: the first migration adds its own row to it.
_CREATE_HISTORY = """
    CREATE SCHEMA IF NOT EXISTS app;
    CREATE TABLE app.migrations (
        version    integer     PRIMARY KEY,
        name       text        NOT NULL,
        checksum   text        NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
    )"""

_History = Sequence[tuple[int, str, str]]


def migrate(
    connection: Connection,
    migrations: Sequence[Migration],
    *,
    verify: Callable[[Connection], None],
) -> list[str]:
    """Apply what the database has not got yet.

    Several may run at once, and any of them may die at any time: they take turns, a migration at
    a time, and a migration is committed together with its row in the history or not at all.

    Args:
        connection: as the owner of the database, in autocommit mode.
        migrations: as ``read`` returns them.
        verify: looks at the result and raises if it can't be used. It runs before the last
            migration is committed: one that leads to a wrong result, which may have deleted
            data on its way, is rolled back. With nothing to apply it runs too.

    Returns:
        Names of the migrations that this call applied.

    Raises:
        MigrationError: one can't be applied; those before it stay.
    """
    applied: list[str] = []
    while True:
        name, is_last = _step(connection, migrations, verify)
        if name is not None:
            applied.append(name)
        if is_last:
            return applied


def lock_deployments(connection: Connection) -> None:
    """Take the lock that only one deployment can have, until the transaction ends.

    A lock of the session would pin RDS Proxy.

    Args:
        connection: in a transaction.
    """
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _step(
    connection: Connection,
    migrations: Sequence[Migration],
    verify: Callable[[Connection], None],
) -> tuple[str | None, bool]:
    """Apply the next migration; return its name, and whether it was the last."""
    upcoming: Migration | None = None
    try:
        with connection.transaction():
            lock_deployments(connection)
            # Read after the lock: another deployment may just have applied what was missing.
            pending = migrations[_count_applied(_history(connection), migrations) :]
            if pending:
                upcoming = pending[0]
                _apply(connection, upcoming)
            if len(pending) <= 1:
                verify(connection)
    except psycopg.Error as error:
        where = _position(upcoming, error) if upcoming else "the history of migrations"
        raise MigrationError(f"{where}: {reason(error)}") from None
    return (upcoming.name if upcoming else None), len(pending) <= 1


def _history(connection: Connection) -> _History:
    row = connection.execute("SELECT to_regclass('app.migrations') IS NULL").fetchone()
    if row == (True,):
        connection.execute(_CREATE_HISTORY)
    query = "SELECT version, name, checksum FROM app.migrations ORDER BY version"
    return [(version, name, checksum) for version, name, checksum in connection.execute(query)]


def _count_applied(history: _History, migrations: Sequence[Migration]) -> int:
    """Compare the history with the files; return how many migrations were applied."""
    for expected, (version, name, checksum) in enumerate(history, start=1):
        if version != expected:
            raise MigrationError(
                f"migration {name} is in the database's history, but none with number"
                f" {expected:04} is: restore the row of app.migrations that was deleted"
            )
        if version > len(migrations):
            raise MigrationError(
                f"the database is newer than this code: migration {name} is applied and unknown"
                " here; deploy a version of the code that has it"
            )
        migration = migrations[version - 1]
        if (migration.name, migration.checksum) != (name, checksum):
            raise MigrationError(
                f"migration {migration.name} is not what was applied as {name}: restore the"
                " file and put the change into a new migration"
            )
    return len(history)


def _apply(connection: Connection, migration: Migration) -> None:
    transaction = "SELECT pg_current_xact_id()::text"
    before = connection.execute(transaction).fetchone()
    # Bytes without parameters: one simple query of many statements, in which % is just a character.
    connection.execute(migration.text.encode())
    if connection.execute(transaction).fetchone() != before:
        raise MigrationError(
            f"migration {migration.name} ends the transaction that it runs in, so a part of it"
            " may stay: remove COMMIT and ROLLBACK"
        )
    connection.execute(
        "INSERT INTO app.migrations (version, name, checksum) VALUES (%s, %s, %s)",
        [migration.version, migration.name, migration.checksum],
    )


def _position(migration: Migration, error: psycopg.Error) -> str:
    position = error.diag.statement_position
    if position is None:
        return f"migration {migration.name} failed"
    line = migration.text.count("\n", 0, int(position) - 1) + 1
    return f"migration {migration.name} failed in line {line}"


def reason(error: psycopg.Error) -> str:
    """Return what went wrong in one line, without the statement and its values.

    Args:
        error: of psycopg.

    Returns:
        PostgreSQL's primary message; if it said nothing, the connection was lost or the kind of
        error.
    """
    if error.diag.message_primary:
        return error.diag.message_primary
    if isinstance(error, psycopg.OperationalError):
        return "the connection was lost"
    return type(error).__name__
