"""The application's role: what it may do and what it may not."""

from __future__ import annotations

import re
from typing import Any

from psycopg import sql

from .database import Connection
from .migration_runner import SCHEMA, lock_deployments
from .secrets import Credentials

_TABLES = ("documents", "chunks")
"""Whose rows the role may read and write. A migration that adds one adds it here too."""

_SETTINGS = {
    # Without it a search with a filter finds fewer rows than there are.
    "hnsw.iterative_scan": "relaxed_order",
    "hnsw.ef_search": "200",
    # A request is answered within 29 s or not at all.
    "statement_timeout": "25s",
    "idle_in_transaction_session_timeout": "30s",
    "lock_timeout": "10s",
}
"""Of every session of the role: a ``SET`` in the session would pin RDS Proxy."""

_IAM_ROLE = "rds_iam"
_PROXY_ROLE = "rdsproxyadmin"
"""Watches the database for RDS Proxy, with no right to connect but PUBLIC's."""

_ROLE_EXISTS = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)"
_NAME = re.compile(r"(?!pg_|rds)[a-z_][a-z0-9_]{0,62}")


class ProvisionError(Exception):
    """The role must not or can't be made; one line without secrets."""


def provision(
    connection: Connection, application: Credentials, *, grant_rds_iam: bool
) -> dict[str, Any]:
    """Make the role, or bring it in line, in one transaction.

    Args:
        connection: as the master user, in the application's database, migrations applied.
        application: name and password of the role.
        grant_rds_iam: whether it logs in with IAM tokens instead of its password.

    Returns:
        The role's name, its schema, whether it is new, whether it logs in with IAM tokens.

    Raises:
        ProvisionError: if the role has rights that an application must not have.
    """
    name = application.username
    check_name(name)
    with connection.transaction():
        lock_deployments(connection)
        created = _create(connection, name)
        _refuse_privileged(connection, name)
        _set_password(connection, application)
        _grant(connection, name)
        _configure(connection, name)
        rds_iam = _set_rds_iam(connection, name, wanted=grant_rds_iam)
    return {"role": name, "schema": SCHEMA, "created": created, "rds_iam": rds_iam}


def check_name(name: str) -> None:
    """Refuse a name that needs quotes or means something to PostgreSQL or RDS.

    Args:
        name: of the role.

    Raises:
        ProvisionError: if it is no plain name.
    """
    if not _NAME.fullmatch(name):
        raise ProvisionError("the application's username is no plain name for a role")


def _create(connection: Connection, name: str) -> bool:
    if _is_true(connection, _ROLE_EXISTS, name):
        return False
    create = sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION")
    connection.execute(create.format(sql.Identifier(name)))
    return True


def _refuse_privileged(connection: Connection, name: str) -> None:
    # A role that existed before keeps its attributes and memberships. RDS's master is no superuser
    # and so must not write NOSUPERUSER in an ALTER ROLE: this only checks.
    powerful = """
        SELECT EXISTS (
            SELECT FROM pg_roles AS power
            WHERE pg_has_role(%s, power.oid, 'MEMBER') AND (
                power.rolsuper OR power.rolcreatedb OR power.rolcreaterole
                OR power.rolbypassrls OR power.rolreplication
                OR (power.rolname ~ '^(pg_|rds)' AND power.rolname <> 'rds_iam')))"""
    if _is_true(connection, powerful, name):
        raise ProvisionError(f"the role {name} exists and is more than an application's role")


def _set_password(connection: Connection, application: Credentials) -> None:
    # Hashed here: PostgreSQL may log the statement, and then it holds no password.
    verifier = connection.pgconn.encrypt_password(
        application.password.encode(), application.username.encode(), b"scram-sha-256"
    ).decode("ascii")
    alter = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}")
    connection.execute(alter.format(sql.Identifier(application.username), sql.Literal(verifier)))


def _grant(connection: Connection, name: str) -> None:
    role, schema = sql.Identifier(name), sql.Identifier(SCHEMA)
    database = sql.Identifier(connection.info.dbname)
    tables = sql.SQL(", ").join(sql.Identifier(SCHEMA, table) for table in _TABLES)
    for statement in (
        # Any role may connect to a new database and fill its disk with temporary tables.
        sql.SQL("REVOKE CONNECT, TEMPORARY ON DATABASE {} FROM PUBLIC").format(database),
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, role),
        # Rights that an older version granted go, and in the same transaction come those of this one.
        sql.SQL("REVOKE ALL ON SCHEMA {} FROM {}").format(schema, role),
        sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA {} FROM {}").format(schema, role),
        sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schema, role),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO {}").format(tables, role),
        sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC"),
    ):
        connection.execute(statement)
    if _is_true(connection, _ROLE_EXISTS, _PROXY_ROLE):
        grant = sql.SQL("GRANT CONNECT ON DATABASE {} TO {}")
        connection.execute(grant.format(database, sql.Identifier(_PROXY_ROLE)))
    # Without the right to revoke, PostgreSQL only warns.
    for schema_name in ("public", SCHEMA):
        query = "SELECT has_schema_privilege(%s, %s, 'CREATE')"
        if _is_true(connection, query, name, schema_name):
            raise ProvisionError(f"the role {name} can still create in the schema {schema_name}")


def _configure(connection: Connection, name: str) -> None:
    # Loads pgvector into this session, without which only a superuser may set its parameters.
    connection.execute("SELECT '[1]'::public.vector")
    for parameter, value in _SETTINGS.items():
        alter = sql.SQL("ALTER ROLE {} SET {} = {}").format(
            sql.Identifier(name), sql.Identifier(*parameter.split(".")), sql.Literal(value)
        )
        connection.execute(alter)


def _set_rds_iam(connection: Connection, name: str, *, wanted: bool) -> bool:
    member = """
        SELECT EXISTS (
            SELECT FROM pg_auth_members
            WHERE roleid = to_regrole(%s) AND member = to_regrole(quote_ident(%s)))"""
    exists = _is_true(connection, _ROLE_EXISTS, _IAM_ROLE)
    is_member = _is_true(connection, member, _IAM_ROLE, name)
    change = None
    if wanted and exists and not is_member:
        change = sql.SQL("GRANT {} TO {}")
    elif is_member and not wanted:
        # A member of rds_iam can't log in with a password, which is what RDS Proxy does.
        change = sql.SQL("REVOKE {} FROM {}")
    if change is not None:
        connection.execute(change.format(sql.Identifier(_IAM_ROLE), sql.Identifier(name)))
        # PostgreSQL only warns when another role granted the membership.
        if _is_true(connection, member, _IAM_ROLE, name) is not wanted:
            raise ProvisionError(f"another role made {name} a member of {_IAM_ROLE}")
    return wanted and exists


def _is_true(connection: Connection, query: str, *parameters: str) -> bool:
    row = connection.execute(query.encode(), parameters).fetchone()
    return row is not None and row[0] is True
