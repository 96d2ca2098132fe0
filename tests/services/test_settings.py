"""The functions' variables, and what a connection is made of."""

from __future__ import annotations

import os
import ssl
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from services.rag import database
from services.rag.settings import SettingsError, load

MINIMUM = {
    "DATABASE_HOST": "proxy.example.com",
    "DATABASE_PORT": "5432",
    "DATABASE_NAME": "rag",
    "DATABASE_USER": "reader",
    "AWS_REGION": "ap-southeast-1",
}


def test_the_defaults_are_safe() -> None:
    settings = load(MINIMUM)
    assert (settings.auth, settings.sslmode) == ("iam", "verify-full")
    assert settings.health_timeout_seconds == 2
    assert Path(settings.sslrootcert).is_file()


def test_the_default_roots_sign_the_certificate_of_rds_proxy() -> None:
    context = ssl.create_default_context(cafile=load(MINIMUM).sslrootcert)
    roots: list[Any] = context.get_ca_certs()
    names = {value for root in roots for part in root["subject"] for _, value in part}
    assert {name for name in names if "Root CA" in name} == {
        f"Amazon Root CA {number}" for number in (1, 2, 3, 4)
    }
    assert len(roots) == 4


@pytest.mark.parametrize("name", MINIMUM)
def test_a_missing_variable_is_named(name: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} is not set$"):
        load({**MINIMUM, name: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_PORT", "0"),
        ("DATABASE_PORT", "65536"),
        ("DATABASE_PORT", "5432x"),
        ("DATABASE_AUTH", "none"),
        ("DATABASE_SSLMODE", "prefer"),
        ("DATABASE_SSLMODE", "disable"),
        ("HEALTH_TIMEOUT_MS", "0"),
        ("HEALTH_TIMEOUT_MS", "1.5"),
        ("HEALTH_TIMEOUT_MS", "25001"),
    ],
)
def test_a_wrong_variable_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} must"):
        load({**MINIMUM, name: value})


def test_a_password_is_asked_for_and_never_shown() -> None:
    variables = {**MINIMUM, "DATABASE_AUTH": "password"}
    with pytest.raises(SettingsError, match=r"^DATABASE_PASSWORD is not set$"):
        load(variables)
    assert load(variables, password_is_elsewhere=True).password is None
    assert "hush" not in repr(load({**variables, "DATABASE_PASSWORD": "hush"}))


def test_connections_carry_a_signed_token_over_verified_tls(
    environment: pytest.MonkeyPatch,
) -> None:
    opened: list[dict[str, Any]] = []
    environment.setattr(psycopg, "connect", lambda **options: opened.append(options))
    for name, value in MINIMUM.items():
        environment.setenv(name, value)
    for name in ("DATABASE_AUTH", "DATABASE_SSLMODE"):
        environment.delenv(name)
    settings = load(os.environ)
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
    settings = load(MINIMUM)
    for _ in range(2):
        database.connect(settings, timeout_seconds=1)
    assert [options["password"] for options in opened] == ["token 1", "token 2"]


def test_nothing_pins_the_proxy(environment: pytest.MonkeyPatch) -> None:
    opened: list[dict[str, Any]] = []
    environment.setattr(psycopg, "connect", lambda **options: opened.append(options))
    database.connect(load(os.environ), timeout_seconds=1)
    assert opened[0]["prepare_threshold"] is None
    assert opened[0]["autocommit"] is True
    assert not opened[0].keys() & {"options", "client_encoding", "application_name"}
