"""A database as RDS has it: its master is no superuser, and may install pgvector all the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import psycopg
import pytest
from moto import mock_aws

from emulator.postgres import Server
from services.rag import migrate

MASTER = "the master's password"
FIRST = "first-password-of-the-application"
SECOND = "second-password-of-the-application"
_ROLES = ("rag_app", "rds_iam", "rdsproxyadmin", "master", "rds_superuser")


def secret(name: str, content: str) -> str:
    """Make a secret; return its ARN."""
    client = boto3.client("secretsmanager", region_name="ap-southeast-1")
    arn: str = client.create_secret(Name=name, SecretString=content)["ARN"]
    return arn


def application(patch: pytest.MonkeyPatch, password: str, username: str = "rag_app") -> None:
    """Give the function another secret of the application's role."""
    content = json.dumps({"username": username, "password": password})
    patch.setenv("APP_SECRET_ARN", secret(f"app-{username}-{password}", content))


@contextmanager
def empty_database(server: Server, patch: pytest.MonkeyPatch) -> Iterator[psycopg.Connection[Any]]:
    """Make an empty database ``rag``, and the environment of the function that migrates it.

    Args:
        server: where.
        patch: takes the environment back afterwards.

    Yields:
        A connection to the database as superuser, to look and to meddle.
    """
    with mock_aws(), server.connect() as admin:
        admin.execute("CREATE ROLE rds_superuser")
        admin.execute(
            "CREATE ROLE master LOGIN CREATEDB CREATEROLE PASSWORD 'the master''s password'"
            " IN ROLE rds_superuser"
        )
        admin.execute("CREATE DATABASE rag OWNER master ENCODING 'UTF8' TEMPLATE template0")
        credentials = {"username": "master", "password": MASTER}
        variables = {
            "DATABASE_HOST": "127.0.0.1",
            "DATABASE_PORT": str(server.port),
            "DATABASE_NAME": "rag",
            "DATABASE_USER": "master",
            "DATABASE_AUTH": "password",
            "DATABASE_SSLMODE": "disable",
            "MASTER_SECRET_ARN": secret("master", json.dumps(credentials)),
            "EMBEDDING_DIMENSION": "1024",
            "AWS_REGION": "ap-southeast-1",
        }
        for name, value in variables.items():
            patch.setenv(name, value)
        for name in ("DATABASE_PASSWORD", "DATABASE_SSLROOTCERT", "AWS_PROFILE"):
            patch.delenv(name, raising=False)
        application(patch, FIRST)
        try:
            with server.connect(dbname="rag") as connection:
                yield connection
        finally:
            admin.execute("DROP DATABASE rag WITH (FORCE)")
            for name in _ROLES:
                admin.execute(f"DROP ROLE IF EXISTS {name}")


def run(event: dict[str, Any] | None = None, context: object = None) -> dict[str, Any]:
    """Invoke the function that migrates."""
    return migrate.handler(event or {}, context)


def failure(event: dict[str, Any] | None = None, context: object = None) -> str:
    """Invoke the function, which must fail; return its message, which must be fit to be shown."""
    with pytest.raises(migrate.DeploymentError) as caught:
        run(event, context)
    message = str(caught.value)
    assert "\n" not in message
    assert MASTER not in message
    assert FIRST not in message
    return message


def enter(server: Server, password: str = FIRST, **options: Any) -> psycopg.Connection[Any]:
    """Connect as the application's role."""
    return server.connect(user="rag_app", password=password, dbname="rag", **options)


def as_master(server: Server) -> psycopg.Connection[Any]:
    """Connect as the master user."""
    return server.connect(user="master", password=MASTER, dbname="rag", prepare_threshold=None)
