"""Tests of the stand-in for RDS Proxy, with the service's own connection in front of it."""

from __future__ import annotations

import datetime as dt
import re
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import psycopg
import pytest
from moto.sts.models import sts_backends

from emulator import identity
from emulator.pinning import PinDetector, pins
from emulator.postgres import Server, running
from emulator.rds_proxy import StandIn, instance, proxy
from services.rag import database
from services.rag.connection_errors import classify
from services.rag.contract import DatabaseSettings
from services.rag.contract.variables import load

HOST = "database-proxy.db-proxy-abcdefghijkl.ap-southeast-1.rds.amazonaws.com"
ACCOUNT = "111122223333"
REGION = "ap-southeast-1"
PASSWORD = "pass, wörd='x'"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        Path(folder).chmod(0o755)
        with running(Path(folder)) as server, server.connect() as admin:
            admin.execute("CREATE ROLE rds_iam")
            for role in ("app", "other", "token_only"):
                create = psycopg.sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
                names = psycopg.sql.Identifier(role), psycopg.sql.Literal(PASSWORD)
                admin.execute(create.format(*names))
            admin.execute("GRANT rds_iam TO token_only")
            yield server


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in identity.unwanted():
        monkeypatch.delenv(name, raising=False)
    for name, value in identity.variables("http://127.0.0.1:1", ACCOUNT, REGION).items():
        monkeypatch.setenv(name, value)
    database.rds_client.cache_clear()
    yield
    database.rds_client.cache_clear()


@pytest.fixture
def stand_in(server: Server) -> Iterator[StandIn]:
    words = dict.fromkeys(("app", "other", "token_only"), PASSWORD)
    with proxy(server, host=HOST, credentials=words, account_id=ACCOUNT) as stand_in:
        yield stand_in


Connect = Callable[..., psycopg.Connection[Any]]


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Connect:
    """Connects as the service does, with the environment that Terraform and the emulator give."""

    def connect(stand_in: StandIn, **changes: Any) -> psycopg.Connection[Any]:
        deployed = {
            "DATABASE_HOST": HOST,
            "DATABASE_NAME": "postgres",
            "DATABASE_USER": "app",
            "AWS_REGION": REGION,
        }
        monkeypatch.setenv("PGHOSTADDR", stand_in.environment["PGHOSTADDR"])
        chosen = load(DatabaseSettings, deployed | stand_in.environment)
        return database.connect(replace(chosen, **changes), timeout_seconds=10)

    return connect


def refusal(connect: Connect, stand_in: StandIn, **changes: Any) -> tuple[str, str]:
    """Connects in vain; gives the cause that the service tells, and the reason."""
    with pytest.raises(psycopg.OperationalError) as caught:
        connect(stand_in, **changes)
    return classify(caught.value), str(caught.value)


def token(user: str = "app", host: str = HOST, port: int = 5432, region: str = REGION) -> str:
    made: str = boto3.client("rds", region_name=region).generate_db_auth_token(
        DBHostname=host, Port=port, DBUsername=user, Region=region
    )
    return made


def with_token(given: str) -> dict[str, str]:
    return {"auth": "password", "password": given}


def test_a_token_over_verified_tls_comes_in_as_its_role(
    stand_in: StandIn, connect: Connect
) -> None:
    with connect(stand_in) as connection:
        assert connection.execute("SELECT current_user, %s::int", [7]).fetchone() == ("app", 7)
        assert connection.info.get_parameters()["sslmode"] == "verify-full"
        assert connection.info.parameter_status("server_encoding") == "UTF8"
    with connect(stand_in, **with_token(token())):
        pass  # signed for the port that RDS has
    assert stand_in.pinned == []


@pytest.mark.parametrize(
    ("account", "why"), [(ACCOUNT, ""), ("444455556666", "another credential")]
)
def test_an_assumed_role_signs_tokens_of_its_own_account(
    stand_in: StandIn, connect: Connect, monkeypatch: pytest.MonkeyPatch, account: str, why: str
) -> None:
    """As functions do: with temporary credentials, of which the token has a part."""
    role = sts_backends[account]["aws"].assume_role(
        region_name=REGION,
        role_session_name="f",
        role_arn=f"arn:aws:iam::{account}:role/f",
        policy="",
        duration=900,
        external_id="",
    )
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", role.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", role.secret_access_key)
    monkeypatch.setenv("AWS_SESSION_TOKEN", role.session_token)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    given = token()
    assert "X-Amz-Security-Token" in given
    if why:
        assert why in refusal(connect, stand_in, **with_token(given))[1]
        return
    with connect(stand_in, **with_token(given)) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("app",)
    forged = given.replace("Security-Token=", "Security-Token=A")
    assert "signature" in refusal(connect, stand_in, **with_token(forged))[1]


def test_another_authority_is_refused(server: Server, stand_in: StandIn, connect: Connect) -> None:
    with proxy(server, host=HOST, credentials={}) as stranger:
        assert refusal(connect, stand_in, sslrootcert=str(stranger.authority))[0] == "tls"
    # What the function ships: Amazon's own.
    amazon = load(DatabaseSettings, {**_minimal(), "DATABASE_PORT": "1"}).sslrootcert
    assert refusal(connect, stand_in, sslrootcert=amazon)[0] == "tls"


def _minimal() -> dict[str, str]:
    names = ("DATABASE_HOST", "DATABASE_NAME", "DATABASE_USER", "AWS_REGION")
    return dict.fromkeys(names, "any")


def test_another_host_name_is_refused(stand_in: StandIn, connect: Connect) -> None:
    cause, reason = refusal(connect, stand_in, host="another.rds.amazonaws.com")
    assert (cause, "does not match host name" in reason) == ("tls", True)


def test_plain_connections_are_refused(server: Server, stand_in: StandIn, connect: Connect) -> None:
    plain = {"sslmode": "disable", **with_token(token())}
    assert "requires TLS connections" in refusal(connect, stand_in, **plain)[1]
    with instance(server, host=HOST) as direct:
        assert refusal(connect, direct, **plain)[0] == "tls"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (lambda: PASSWORD, "no token"),
        (lambda: "", ""),
        (lambda: "[", "no URL"),
        (lambda: token(user="other"), "another user"),
        (lambda: token(host="another.example.com"), "another host"),
        (lambda: token(port=3306), "another host"),
        (lambda: token(region="us-east-1"), "another credential"),
        (lambda: token().replace(ACCOUNT, "444455556666"), "another credential"),
        (lambda: token().replace("Action=connect", "Action=other"), "another action"),
        (lambda: re.sub("Signature=.{8}", "Signature=00000000", token()), "signature"),
        (lambda: token().replace("Expires=900", "Expires=90000"), "time"),
        (lambda: token().replace("Expires=900", "Expires=899"), "signature"),
    ],
)
def test_a_wrong_token_is_refused(
    stand_in: StandIn, connect: Connect, given: Callable[[], str], why: str
) -> None:
    cause, reason = refusal(connect, stand_in, **with_token(given()))
    assert cause == "authentication"
    assert why in reason
    assert PASSWORD not in reason


@pytest.mark.parametrize(("minutes", "why"), [(-16, "expired"), (10, "time is wrong")])
def test_a_token_of_another_time_is_refused(
    stand_in: StandIn, connect: Connect, monkeypatch: pytest.MonkeyPatch, minutes: int, why: str
) -> None:
    at = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes)

    class Clock(dt.datetime):
        @classmethod
        def utcnow(cls) -> Any:
            return at

    with monkeypatch.context() as patch:
        patch.setattr("botocore.auth.datetime.datetime", Clock)
        signed = token()
    assert f"{at:%Y%m%dT%H%M}" in signed
    cause, reason = refusal(connect, stand_in, **with_token(signed))
    assert (cause, why in reason) == ("authentication", True)


def test_a_role_without_a_secret_is_refused(server: Server, connect: Connect) -> None:
    with proxy(server, host=HOST, credentials={"other": PASSWORD}, account_id=ACCOUNT) as stand_in:
        cause, reason = refusal(connect, stand_in)
    assert cause == "authentication"
    assert "This RDS proxy has no credentials for the role app." in reason


def test_a_secret_that_differs_from_the_role_s_password_is_refused(
    server: Server, connect: Connect
) -> None:
    with proxy(server, host=HOST, credentials={"app": "old"}, account_id=ACCOUNT) as stand_in:
        cause, reason = refusal(connect, stand_in)
    assert cause == "authentication"
    assert 'password authentication failed for user "app"' in reason


def test_a_role_in_rds_iam_has_no_password_for_the_proxy(
    stand_in: StandIn, connect: Connect
) -> None:
    cause, reason = refusal(connect, stand_in, user="token_only")
    assert (cause, "PAM authentication failed" in reason) == ("authentication", True)


def test_a_proxy_without_iam_wants_the_password(server: Server, connect: Connect) -> None:
    with proxy(server, host=HOST, credentials={"app": PASSWORD}, iam=False) as stand_in:
        assert refusal(connect, stand_in)[1].count("is wrong") == 1
        with connect(stand_in, **with_token(PASSWORD)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_an_instance_takes_tokens_from_rds_iam_and_passwords_from_others(
    server: Server, connect: Connect
) -> None:
    with instance(server, host=HOST, account_id=ACCOUNT) as stand_in:
        for entry in ({"user": "token_only"}, with_token(PASSWORD)):
            with connect(stand_in, **entry) as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)
        for entry in ({}, {"user": "token_only", **with_token(PASSWORD)}, with_token("wrong")):
            assert refusal(connect, stand_in, **entry)[0] == "authentication"
    with instance(server, host=HOST, account_id=ACCOUNT, iam=False) as stand_in:
        assert refusal(connect, stand_in, user="token_only")[0] == "authentication"


@pytest.mark.parametrize("user", ["rdsadmin", "postgres", "nobody"])
def test_the_superuser_and_unknown_roles_stay_outside(
    server: Server, connect: Connect, user: str
) -> None:
    with instance(server, host=HOST, account_id=ACCOUNT) as stand_in:
        for entry in ({}, with_token("")):
            assert refusal(connect, stand_in, user=user, **entry)[0] == "authentication"


def test_the_superuser_stays_outside_of_the_server_s_own_port(server: Server) -> None:
    with pytest.raises(psycopg.OperationalError, match="rejects connection"):
        server.connect(host="127.0.0.1")


def test_what_the_database_says_arrives(stand_in: StandIn, connect: Connect) -> None:
    assert 'database "nowhere" does not exist' in refusal(connect, stand_in, name="nowhere")[1]
    with connect(stand_in) as connection:
        with pytest.raises(psycopg.errors.DivisionByZero):
            connection.execute("SELECT 1 / 0")
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_large_rows_pass_both_ways_at_once(stand_in: StandIn, connect: Connect) -> None:
    # In pipeline mode both sides send at the same time: a relay with one hand would hang.
    sent = ["x" * 3_000_000, "ở" * 1_000_000]
    with connect(stand_in) as connection, connection.pipeline():
        cursors = [connection.execute("SELECT %s", [each]) for each in sent * 3]
        assert [cursor.fetchone() for cursor in cursors] == [(each,) for each in sent * 3]
    assert stand_in.pinned == []


def test_a_proxy_takes_no_cancel_requests_and_an_instance_does(
    server: Server, stand_in: StandIn, connect: Connect
) -> None:
    with instance(server, host=HOST) as direct:
        for way, error in ((stand_in, None), (direct, psycopg.errors.QueryCanceled)):
            entry = {} if error is None else with_token(PASSWORD)
            with connect(way, **entry) as connection:
                timer = threading.Timer(0.2, connection.cancel_safe)
                timer.start()
                if error:
                    with pytest.raises(error):
                        connection.execute("SELECT pg_sleep(20)")
                else:
                    connection.execute("SELECT pg_sleep(0.5)")
                timer.join()


def test_startup_options_are_refused(
    stand_in: StandIn, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGOPTIONS", "-c work_mem=1MB")
    assert "command-line options" in refusal(connect, stand_in)[1]


def test_clients_learn_that_their_session_died(
    server: Server, stand_in: StandIn, connect: Connect
) -> None:
    with connect(stand_in) as connection:
        with server.connect() as admin:
            admin.execute("SELECT pg_terminate_backend(%s)", [connection.info.backend_pid])
        with pytest.raises(psycopg.OperationalError, match="terminating connection"):
            connection.execute("SELECT 1")


def test_a_dead_server_refuses(stand_in: StandIn, connect: Connect, tmp_path: Path) -> None:
    gone = Server(port=1, folder=tmp_path)
    with proxy(gone, host=HOST, credentials={"app": PASSWORD}, account_id=ACCOUNT) as stand_in:
        assert "Timed-out waiting to acquire" in refusal(connect, stand_in)[1]


def test_sessions_of_clients_that_left_end(
    server: Server, stand_in: StandIn, connect: Connect
) -> None:
    connection = connect(stand_in)
    pid = connection.info.backend_pid
    with socket.socket(fileno=connection.fileno()) as lost:  # no farewell
        lost.shutdown(socket.SHUT_RDWR)
        lost.detach()
    connection.close()
    with server.connect() as admin:
        eventually(
            lambda: not admin.execute("SELECT FROM pg_stat_activity WHERE pid = %s", [pid]).rowcount
        )


def test_closing_leaves_no_thread_and_no_socket(server: Server, connect: Connect) -> None:
    threads, sockets = threading.active_count(), open_sockets()
    with proxy(server, host=HOST, credentials={"app": PASSWORD}, account_id=ACCOUNT) as stand_in:
        connections = [connect(stand_in) for _ in range(3)]
        half_way = socket.create_connection(("127.0.0.1", stand_in.port))
        assert open_sockets() > sockets
    for connection in connections:
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
        connection.close()
    half_way.close()
    assert threading.active_count() == threads
    assert open_sockets() == sockets
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", stand_in.port))


def open_sockets() -> set[str]:
    links = [str(each.readlink()) for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
    return {link for link in links if link.startswith("socket:")}


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize(
    "garbage", [b"", b"GET / HTTP/1.1\r\n\r\n", b"\0\0\0\4", b"\0\0\0\x08\0\3\0\0", b"\xff" * 20]
)
def test_garbage_is_hung_up_on(stand_in: StandIn, connect: Connect, garbage: bytes) -> None:
    with socket.create_connection(("127.0.0.1", stand_in.port), timeout=10) as stranger:
        stranger.sendall(garbage)
        stranger.shutdown(socket.SHUT_WR)
        while stranger.recv(1024):
            pass
    with connect(stand_in):
        pass


PINNING = {
    "SET": ["SET work_mem = '4MB'", " set local a.b = 'c'", "RESET ALL", "SELECT set_config('a.b', 'c', true)"],
    "prepared statement": ["PREPARE p AS SELECT 1", "EXECUTE p", "DEALLOCATE ALL"],
    "DISCARD": ["DISCARD ALL"],
    "LISTEN": ["SELECT 1; LISTEN channel"],
    "cursor": ["/* a */ DECLARE c CURSOR FOR SELECT 1"],
    "temporary object": ["CREATE TEMP TABLE t ()", "CREATE LOCAL TEMPORARY SEQUENCE s", "SELECT 1 INTO TEMP t"],
    "library": ["LOAD 'auto_explain'"],
    "sequence": ["SELECT nextval('s')", "SELECT pg_catalog.SETVAL ('s', 1)"],
    "lock of the session": [
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_try_advisory_lock_shared(1)",
        "SELECT pg_advisory_unlock_all()",
    ],
    "over 16 KB": [f"SELECT '{'x' * 16384}'"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("reason", "statement"),
    [(reason, statement) for reason, statements in PINNING.items() for statement in statements],
    ids=lambda text: text[:30],
)
def test_what_pins_is_named(reason: str, statement: str) -> None:
    assert [pin.reason for pin in pins(statement)] == [reason]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT pg_advisory_xact_lock(1)",
        "SELECT pg_try_advisory_xact_lock_shared(1)",
        "UPDATE documents SET title = 'SET x'",
        "SELECT 'it''s; SET x', \"; DISCARD ALL\" -- ; SET y",
        "ALTER ROLE app SET hnsw.ef_search = '80'",
        "DO $body$ BEGIN PERFORM nextval('s'); END $body$",
        r"SELECT E'\'; SET x'",
        "CREATE TABLE temp_things ()",
        "SELECT '" + "x" * 16000 + "'",
    ],
    ids=lambda text: text[:30],
)
def test_what_does_not_pin_is_not_named(statement: str) -> None:
    assert list(pins(statement)) == []


def test_pinning_statements_are_kept_without_their_values(
    stand_in: StandIn, connect: Connect
) -> None:
    with connect(stand_in) as connection:
        connection.execute("SELECT set_config('a.b', 'a secret', false)")
        connection.prepare_threshold = 0
        connection.execute("SELECT %s", ["SET x"])
        connection.prepare_threshold = None
        connection.execute("SELECT %s", ["x" * 100_000])
    assert [pin.reason for pin in stand_in.pinned] == ["SET", "prepared statement"]
    assert stand_in.pinned[0].statement == "SELECT set_config('', '', false)"


def test_statements_are_read_whatever_the_pieces() -> None:
    def message(kind: bytes, body: bytes) -> bytes:
        return kind + (len(body) + 4).to_bytes(4, "big") + body

    stream = (
        message(b"B", b"Q" * 300)
        + message(b"Q", b"SET a.b = 'c'\0")
        + message(b"P", b"name\0SELECT 1\0\0\0")
        + message(b"P", b"\0SELECT 2\0\0\0")
        + message(b"d", b"\0" * 70)
        + message(b"Q", b"DISCARD ALL\0")
    )
    for size in (1, 2, 3, 7, 64, len(stream)):
        detector = PinDetector()
        pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
        reasons = [pin.reason for piece in pieces for pin in detector.feed(piece)]
        assert reasons == ["SET", "prepared statement", "DISCARD"]
