"""What a connection to the database is made of."""

from __future__ import annotations

import os
import ssl
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from services.rag import database
from services.rag.contract import DatabaseSettings
from services.rag.contract.variables import load

MINIMUM = {
    "DATABASE_HOST": "proxy.example.com",
    "DATABASE_PORT": "5432",
    "DATABASE_NAME": "rag",
    "DATABASE_USER": "reader",
    "AWS_REGION": "ap-southeast-1",
}


def test_the_default_authorities_sign_the_certificate_of_rds_proxy() -> None:
    context = ssl.create_default_context(cafile=load(DatabaseSettings, MINIMUM).sslrootcert)
    roots: list[Any] = context.get_ca_certs()
    names = {value for root in roots for part in root["subject"] for _, value in part}
    assert {name for name in names if "Root CA" in name} == {
        f"Amazon Root CA {number}" for number in (1, 2, 3, 4)
    }
    assert len(roots) == 4


def test_connections_carry_a_signed_token_over_verified_tls(
    environment: pytest.MonkeyPatch,
) -> None:
    opened: list[dict[str, Any]] = []
    environment.setattr(psycopg, "connect", lambda **options: opened.append(options))
    for name, value in MINIMUM.items():
        environment.setenv(name, value)
    for name in ("DATABASE_AUTH", "DATABASE_SSLMODE"):
        environment.delenv(name)
    settings = load(DatabaseSettings, os.environ)
    database.connect(settings, timeout_seconds=0.1)
    database.connect(settings, timeout_seconds=3.1)

    tokens = [urlsplit(f"https://{options['password']}") for options in opened]
    claims = [parse_qs(token.query) for token in tokens]
    assert [token.netloc for token in tokens] == ["proxy.example.com:5432"] * 2
    assert [claim["DBUser"] for claim in claims] == [["reader"]] * 2
    assert [claim["X-Amz-Expires"] for claim in claims] == [["900"]] * 2
    assert [options["connect_timeout"] for options in opened] == [2, 4]
    assert all(options["sslmode"] == "verify-full" for options in opened)
    assert all(options["sslrootcert"] == settings.sslrootcert for options in opened)


def test_a_warm_environment_signs_a_new_token(environment: pytest.MonkeyPatch) -> None:
    class Client:
        signed = 0

        def generate_db_auth_token(self, **_: object) -> str:
            self.signed += 1
            return f"token {self.signed}"

    opened: list[dict[str, Any]] = []
    client = Client()
    environment.setattr(database, "rds_client", lambda _: client)
    environment.setattr(psycopg, "connect", lambda **options: opened.append(options))
    settings = load(DatabaseSettings, MINIMUM)
    for _ in range(2):
        database.connect(settings, timeout_seconds=1)
    assert [options["password"] for options in opened] == ["token 1", "token 2"]


def test_nothing_pins_the_proxy(environment: pytest.MonkeyPatch) -> None:
    opened: list[dict[str, Any]] = []
    environment.setattr(psycopg, "connect", lambda **options: opened.append(options))
    database.connect(load(DatabaseSettings, os.environ), timeout_seconds=1)
    assert opened[0]["prepare_threshold"] is None
    assert opened[0]["autocommit"] is True
    assert not opened[0].keys() & {"options", "client_encoding", "application_name"}
