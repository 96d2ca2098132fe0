"""One PostgreSQL for all tests of the services, and what each test gets of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.rag import app
from tests.support.postgres import Server, running


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    # Not tmp_path: pytest makes its folders for us only, and root runs the server as nobody.
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        Path(folder).chmod(0o755)
        with running(Path(folder)) as server:
            yield server


@pytest.fixture
def environment(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The variables of a function whose database is the test server, without TLS."""
    variables = {
        "DATABASE_HOST": "127.0.0.1",
        "DATABASE_PORT": str(server.port),
        "DATABASE_NAME": "postgres",
        "DATABASE_USER": "reader",
        "DATABASE_AUTH": "password",
        "DATABASE_PASSWORD": "reader's password",
        "DATABASE_SSLMODE": "disable",
        "HEALTH_TIMEOUT_MS": "1500",
        "AWS_REGION": "ap-southeast-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    for name in ("DATABASE_SSLROOTCERT", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    cold_start()
    yield monkeypatch
    cold_start()


def cold_start() -> None:
    """Forget what a warm environment keeps, and close its connection."""
    if app.health_check.cache_info().currsize:
        idle = app.health_check().idle
        if idle is not None:
            idle.close()
    app.health_check.cache_clear()
