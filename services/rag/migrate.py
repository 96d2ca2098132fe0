"""Brings the database to this version of the code. A deployment invokes it; again is harmless.

It connects as the master user, so it is a function of its own: the application's can't become it.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from . import migration_files, migration_runner
from .contract import DatabaseSettings, MigrationSecrets, MigrationSettings, SettingsError
from .contract.functions import GRANT_RDS_IAM
from .contract.variables import load
from .database import Connection
from .migration_connection import ConnectError, closed_before_timeout, connect_with_retries
from .migration_files import MigrationError
from .migration_runner import reason
from .provision import ProvisionError, check_name, provision
from .secrets import Credentials, SecretError, read
from .telemetry import LOGGER

MIGRATIONS = Path(__file__).with_name("migrations")

# The type modifier of a vector type is its dimension, -1 where none is declared.
_DIMENSION = """
    SELECT atttypmod FROM pg_attribute
    WHERE attrelid = to_regclass('app.chunks') AND attname = 'embedding' AND NOT attisdropped"""

_PGVECTOR = "SELECT extversion FROM pg_extension WHERE extname = 'vector'"


class DeploymentError(Exception):
    """The database is not at this version; one line without secrets. It fails the deployment."""


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Apply migrations, then make the application's role, its password and rights what they must be.

    Args:
        event: ``{"grant_rds_iam": true}`` lets the role log in to the database with IAM tokens;
            otherwise it logs in with its password, as RDS Proxy does.
        context: Lambda's, for the request id in the log and the time that is left.

    Returns:
        What was applied, and what the database and the role are now.

    Raises:
        DeploymentError: if anything fails. Migrations that were applied stay; the role is
            changed after all of them and the check of the dimension, completely or not at all.
    """
    try:
        result = _run(context, grant_rds_iam=event.get(GRANT_RDS_IAM) is True)
    except (SettingsError, SecretError, ConnectError, MigrationError, ProvisionError) as error:
        raise DeploymentError(str(error)) from None
    except psycopg.Error as error:
        # Not the whole text: PostgreSQL adds the statement to some errors.
        raise DeploymentError(f"PostgreSQL: {reason(error)}") from None
    request_id = getattr(context, "aws_request_id", "unknown")
    LOGGER.info("the database is ready", request_id=request_id, result=result)
    return result


def _run(context: object, *, grant_rds_iam: bool) -> dict[str, Any]:
    # What needs no database is checked before anything is changed.
    settings, application = _inputs()
    dimension = load(MigrationSettings, os.environ).embedding_dimension
    check_name(application.username)
    migrations = migration_files.read(MIGRATIONS)
    with (
        connect_with_retries(settings, context) as connection,
        closed_before_timeout(connection, context) as time_is_up,
    ):
        try:
            applied = migration_runner.migrate(
                connection, migrations, verify=partial(_check_dimension, dimension=dimension)
            )
            role = provision(connection, application, grant_rds_iam=grant_rds_iam)
            pgvector = connection.execute(_PGVECTOR).fetchone()
        except (MigrationError, psycopg.Error) as error:
            if not time_is_up.is_set():
                raise
            cause = reason(error) if isinstance(error, psycopg.Error) else str(error)
            raise MigrationError(f"{cause}, because the function's time was up") from None
    return {
        "applied": applied,
        "already": len(migrations) - len(applied),
        **role,
        "dimension": dimension,
        "pgvector": pgvector[0] if pgvector else None,
    }


def _inputs() -> tuple[DatabaseSettings, Credentials]:
    secrets, environment = load(MigrationSecrets, os.environ), dict(os.environ)
    if secrets.master:
        master = read(secrets.master, variable="MASTER_SECRET_ARN", region=secrets.region)
        environment["DATABASE_PASSWORD"] = master.password
    application = read(secrets.application, variable="APP_SECRET_ARN", region=secrets.region)
    return load(DatabaseSettings, environment), application


def _check_dimension(connection: Connection, *, dimension: int) -> None:
    row = connection.execute(_DIMENSION).fetchone()
    declared = row[0] if row else "no"
    if declared != dimension:
        raise MigrationError(
            f"app.chunks.embedding holds vectors of {declared} dimensions, the embedding model's"
            f" EMBEDDING_DIMENSION is {dimension}: choose a model of {declared} dimensions, or add"
            " a migration that changes the column"
        )
