"""The health check against a real PostgreSQL, and against things that are none."""

from __future__ import annotations

import io
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from emulator.postgres import Server, free_port
from services.rag import app
from services.rag.service import service

HEALTH = {
    "version": "2.0",
    "routeKey": "GET /health",
    "requestContext": {
        "requestId": "request-1",
        "stage": "$default",
        "http": {"method": "GET", "path": "/health"},
    },
}
TIMEOUT_SECONDS = 0.3
DEFAULT_SECONDS = 2.0
"""How long a check waits by default."""


@pytest.fixture(autouse=True)
def _reader(server: Server, environment: pytest.MonkeyPatch) -> Iterator[None]:
    with server.connect() as admin:
        admin.execute("CREATE ROLE reader LOGIN PASSWORD 'reader''s password'")
        yield
        admin.execute("DROP ROLE reader")


def ask() -> tuple[int, dict[str, Any]]:
    response = app.handler(HEALTH, None)
    body = json.loads(response["body"])
    assert response["headers"] == {
        "content-type": "application/json",
        "cache-control": "no-store",
    }
    return response["statusCode"], {**body, **body["checks"]["database"], "top": body["status"]}


def failing(cause: str) -> None:
    status, body = ask()
    assert (status, body["top"], body["status"], body["cause"]) == (
        503,
        "unavailable",
        "unavailable",
        cause,
    )
    assert body["checks"]["database"].keys() == {"status", "cause", "latency_ms"}


@contextmanager
def silent_server() -> Iterator[int]:
    """A port that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@contextmanager
def proxy_that_freezes(server: Server) -> Iterator[tuple[int, threading.Event]]:
    """A relay to the server, which stops passing anything on once the event is set."""
    frozen = threading.Event()
    sockets: list[socket.socket] = []

    def pump(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                if not frozen.is_set():
                    target.sendall(data)
        except OSError:
            pass
        target.close()

    def accept(listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            upstream = socket.create_connection(("127.0.0.1", server.port))
            sockets.extend((client, upstream))
            for pair in ((client, upstream), (upstream, client)):
                threading.Thread(target=pump, args=pair, daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, args=(listener,), daemon=True).start()
        yield listener.getsockname()[1], frozen
        listener.shutdown(socket.SHUT_RDWR)
    for each in sockets:
        each.close()


def wait_for_threads() -> bool:
    """Whether every thread of an abandoned probe ends soon."""
    deadline = time.monotonic() + 4
    while time.monotonic() < deadline:
        if not any(thread.name == "health-check" for thread in threading.enumerate()):
            return True
        time.sleep(0.02)
    return False


def connections(server: Server) -> list[int]:
    with server.connect() as admin:
        found = admin.execute("SELECT pid FROM pg_stat_activity WHERE usename = 'reader'")
        return [row[0] for row in found]


def test_a_database_that_answers_is_healthy(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AWS_LAMBDA_FUNCTION_VERSION", "7")
    status, body = ask()
    assert status == 200
    assert (body["top"], body["version"]) == ("ok", "7")
    assert body["checks"]["database"].keys() == {"status", "latency_ms", "cause"}
    assert isinstance(body["latency_ms"], int)


def test_warm_invocations_share_one_connection(server: Server) -> None:
    ask()
    first = connections(server)
    ask()
    assert connections(server) == first
    assert len(first) == 1


def test_a_connection_that_broke_between_invocations_is_replaced(server: Server) -> None:
    ask()
    [pid] = connections(server)
    with server.connect() as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    assert ask()[0] == 200
    assert connections(server) != [pid]


def test_nobody_listening_is_refused(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATABASE_PORT", str(free_port()))
    failing("refused")


def test_a_wrong_password_is_authentication(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATABASE_PASSWORD", "another")
    failing("authentication")


def test_a_database_without_tls_is_tls(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATABASE_SSLMODE", "verify-full")
    failing("tls")


def test_a_database_that_is_not_there_is_other(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATABASE_NAME", "nowhere")
    failing("other")


def test_a_silent_server_is_abandoned_in_time(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("HEALTH_TIMEOUT_MS", str(round(TIMEOUT_SECONDS * 1000)))
    with silent_server() as port:
        environment.setenv("DATABASE_PORT", str(port))
        started = time.monotonic()
        failing("timeout")
        assert TIMEOUT_SECONDS <= time.monotonic() - started < DEFAULT_SECONDS
    assert wait_for_threads()


def test_an_abandoned_probe_does_not_harm_the_next_check(
    server: Server, environment: pytest.MonkeyPatch
) -> None:
    with proxy_that_freezes(server) as (port, frozen):
        environment.setenv("DATABASE_PORT", str(port))
        assert ask()[0] == 200
        service().health.timeout_seconds = TIMEOUT_SECONDS
        frozen.set()
        failing("timeout")
        assert service().connections.take() is None
        # Its thread waits on a connection that never ends by itself.
        assert wait_for_threads()
        frozen.clear()
        assert ask()[0] == 200


def test_a_connection_that_comes_too_late_is_closed(
    server: Server, environment: pytest.MonkeyPatch
) -> None:
    def slow(*arguments: Any, **options: Any) -> psycopg.Connection[Any]:
        time.sleep(2 * TIMEOUT_SECONDS)
        return original(*arguments, **options)

    original = psycopg.connect
    environment.setattr(psycopg, "connect", slow)
    environment.setenv("HEALTH_TIMEOUT_MS", str(round(TIMEOUT_SECONDS * 1000)))
    failing("timeout")
    assert wait_for_threads()
    time.sleep(0.1)
    assert connections(server) == []
    assert service().connections.take() is None


def test_a_connection_that_comes_too_late_waits_for_no_answer(
    server: Server, environment: pytest.MonkeyPatch
) -> None:
    def slow(*arguments: Any, **options: Any) -> psycopg.Connection[Any]:
        time.sleep(2 * TIMEOUT_SECONDS)
        connection = original(*arguments, **options)
        frozen.set()
        return connection

    original = psycopg.connect
    environment.setattr(psycopg, "connect", slow)
    environment.setenv("HEALTH_TIMEOUT_MS", str(round(TIMEOUT_SECONDS * 1000)))
    with proxy_that_freezes(server) as (port, frozen):
        environment.setenv("DATABASE_PORT", str(port))
        failing("timeout")
        # Nobody is left who could interrupt a query that hangs.
        assert wait_for_threads()


def test_models_that_cannot_be_reached_are_reported_beside_a_healthy_database(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", f"http://127.0.0.1:{free_port()}")
    response = app.handler(HEALTH, None)
    body = json.loads(response["body"])
    assert (response["statusCode"], body["status"]) == (503, "unavailable")
    assert body["checks"]["database"]["status"] == "ok"
    assert body["checks"]["models"]["cause"] == "refused"


def test_a_models_endpoint_whose_name_never_resolves_is_abandoned_in_time(
    environment: pytest.MonkeyPatch,
) -> None:
    def resolve(*_: object, **__: object) -> None:
        resolved.wait(10)
        raise OSError

    resolved = threading.Event()
    environment.setenv("HEALTH_TIMEOUT_MS", str(round(TIMEOUT_SECONDS * 1000)))
    environment.setattr(socket, "create_connection", resolve)
    started = time.monotonic()
    body = json.loads(app.handler(HEALTH, None)["body"])
    resolved.set()
    assert time.monotonic() - started < DEFAULT_SECONDS
    assert body["checks"]["database"]["status"] == "ok"
    assert body["checks"]["models"]["cause"] == "timeout"


def test_an_answer_shows_no_host_and_the_log_shows_the_reason(
    environment: pytest.MonkeyPatch, log: io.StringIO
) -> None:
    environment.setenv("DATABASE_PASSWORD", "a-secret-of-ours")
    response = app.handler(HEALTH, None)
    for hidden in ("127.0.0.1", "reader", "a-secret-of-ours", "Traceback"):
        assert hidden not in response["body"]
    entry = json.loads(log.getvalue().splitlines()[0])
    assert entry["dependency"] == "database"
    assert entry["cause"] == "authentication"
    assert entry["request_id"] == "request-1"
    assert "password authentication failed" in entry["error"]
    assert "a-secret-of-ours" not in log.getvalue()
