"""TLS as libpq checks it, against what stands in for an instance's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from emulator.postgres import Server
from emulator.rds_proxy import instance
from services.rag import app

HEALTH = {
    "routeKey": "GET /health",
    "requestContext": {"stage": "$default", "http": {"method": "GET", "path": "/health"}},
}


@pytest.fixture(autouse=True)
def _reader(server: Server, environment: pytest.MonkeyPatch) -> Iterator[None]:
    with server.connect() as admin:
        admin.execute("CREATE ROLE reader LOGIN PASSWORD 'reader''s password'")
        environment.delenv("DATABASE_SSLMODE")  # the default is under test
        environment.setenv("DATABASE_HOST", "localhost")
        yield
        admin.execute("DROP ROLE reader")


def ask() -> tuple[int, Any]:
    response = app.handler(HEALTH, None)
    return response["statusCode"], json.loads(response["body"])["checks"]["database"].get("cause")


def test_a_trusted_certificate_for_the_host_is_accepted(
    server: Server, environment: pytest.MonkeyPatch
) -> None:
    with instance(server, host="localhost") as front:
        environment.setenv("DATABASE_PORT", str(front.port))
        environment.setenv("DATABASE_SSLROOTCERT", str(front.authority))
        assert ask() == (200, None)


def test_a_trusted_certificate_for_another_host_is_refused(
    server: Server, environment: pytest.MonkeyPatch
) -> None:
    with instance(server, host="another.example.com") as front:
        environment.setenv("DATABASE_PORT", str(front.port))
        environment.setenv("DATABASE_SSLROOTCERT", str(front.authority))
        assert ask() == (503, "tls")


def test_a_certificate_that_no_public_authority_signed_is_refused(
    server: Server, environment: pytest.MonkeyPatch
) -> None:
    with instance(server, host="localhost") as front:
        environment.setenv("DATABASE_PORT", str(front.port))
        assert ask() == (503, "tls")
