"""One PostgreSQL for all tests of the services, and what each test gets of it."""

from __future__ import annotations

import io
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator.postgres import Server, running
from services.rag.service import service
from services.rag.telemetry import LOGGER


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    # Not tmp_path: pytest makes its folders for us only, and root runs the server as nobody.
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        Path(folder).chmod(0o755)
        with running(Path(folder)) as server:
            yield server


@pytest.fixture
def environment(
    server: Server, models_port: int, monkeypatch: pytest.MonkeyPatch
) -> Iterator[pytest.MonkeyPatch]:
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
        "ANSWER_MODEL_ID": "apac.amazon.nova-lite-v1:0",
        "EMBEDDING_MODEL_ID": "cohere.embed-multilingual-v3",
        "EMBEDDING_DIMENSION": "1024",
        "ANSWER_MAX_TOKENS": "800",
        "MINIMUM_SIMILARITY": "0.3",
        "TENANT": "default",
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": f"http://127.0.0.1:{models_port}",
        "AWS_REGION": "ap-southeast-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    for name in (
        "DATABASE_SSLROOTCERT",
        "AWS_PROFILE",
        "AWS_SESSION_TOKEN",
        "TENANT_CLAIM",
        "GUARDRAIL_ID",
    ):
        monkeypatch.delenv(name, raising=False)
    cold_start()
    yield monkeypatch
    cold_start()


@pytest.fixture(scope="session")
def models_port() -> Iterator[int]:
    """A port that takes connections, as far as a health check goes."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        yield listener.getsockname()[1]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the service logs."""
    handler: Any = LOGGER.registered_handler
    stream = io.StringIO()
    before = handler.setStream(stream)
    yield stream
    handler.setStream(before)


def cold_start() -> None:
    """Forget what a warm environment keeps, and close its connection."""
    if service.cache_info().currsize:
        idle = service().connections.take()
        if idle is not None:
            idle.close()
    service.cache_clear()
