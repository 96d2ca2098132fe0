"""TLS as libpq checks it, against a relay that speaks TLS in front of the test server."""

from __future__ import annotations

import datetime as dt
import json
import select
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.rag import app
from tests.support.postgres import Server

HEALTH = {"requestContext": {"stage": "$default", "http": {"method": "GET", "path": "/health"}}}
SSL_REQUEST_BYTES = 8


def certificate(folder: Path, host: str) -> Path:
    """A PEM file with a key and a certificate for a host, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{host}.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@contextmanager
def tls_relay(server: Server, pem: Path) -> Iterator[int]:
    """A port that does TLS with this certificate and passes what is inside on to the server."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)

    def serve(client: socket.socket) -> None:
        with suppress(OSError), client:
            client.recv(SSL_REQUEST_BYTES)
            client.sendall(b"S")
            with (
                context.wrap_socket(client, server_side=True) as inside,
                socket.create_connection(("127.0.0.1", server.port)) as upstream,
            ):
                other: dict[socket.socket, socket.socket] = {inside: upstream, upstream: inside}
                while True:
                    # What TLS has already decrypted is nothing that select could see.
                    ready = [inside] if inside.pending() else select.select(other, [], [])[0]
                    for source in ready:
                        if not (data := source.recv(65536)):
                            return
                        other[source].sendall(data)

    def accept(listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=listener.accept()[:1], daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, args=(listener,), daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


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
    server: Server, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pem = certificate(tmp_path, "localhost")
    with tls_relay(server, pem) as port:
        environment.setenv("DATABASE_PORT", str(port))
        environment.setenv("DATABASE_SSLROOTCERT", str(pem))
        assert ask() == (200, None)


def test_a_trusted_certificate_for_another_host_is_refused(
    server: Server, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pem = certificate(tmp_path, "another.example.com")
    with tls_relay(server, pem) as port:
        environment.setenv("DATABASE_PORT", str(port))
        environment.setenv("DATABASE_SSLROOTCERT", str(pem))
        assert ask() == (503, "tls")


def test_a_certificate_that_no_public_authority_signed_is_refused(
    server: Server, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with tls_relay(server, certificate(tmp_path, "localhost")) as port:
        environment.setenv("DATABASE_PORT", str(port))
        assert ask() == (503, "tls")
