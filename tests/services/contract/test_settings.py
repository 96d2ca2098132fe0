"""The functions' settings: read from variables and written to them; each mistake is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.rag.contract import (
    RDS_AUTHORITIES,
    ApiSettings,
    DatabaseSettings,
    MigrationSecrets,
    MigrationSettings,
    SettingsError,
    names,
    variables,
)
from services.rag.contract.settings import Guardrail
from services.rag.contract.variables import load

API = {
    "AWS_REGION": "ap-southeast-1",
    "ANSWER_MODEL_ID": "apac.amazon.nova-lite-v1:0",
    "EMBEDDING_MODEL_ID": "cohere.embed-multilingual-v3",
    "EMBEDDING_DIMENSION": "1024",
    "ANSWER_MAX_TOKENS": "800",
    "MINIMUM_SIMILARITY": "0.3",
    "TENANT": "default",
}

DATABASE = {
    "DATABASE_HOST": "proxy.example.com",
    "DATABASE_PORT": "5432",
    "DATABASE_NAME": "rag",
    "DATABASE_USER": "reader",
    "AWS_REGION": "ap-southeast-1",
}


def test_what_the_api_may_do_without() -> None:
    settings = load(ApiSettings, API)
    assert settings.guardrail is None
    assert (settings.tenant, settings.tenant_claim) == ("default", None)


@pytest.mark.parametrize("name", sorted(set(API) - {"TENANT"}))
def test_a_missing_variable_of_the_api_is_named(name: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} is not set$"):
        load(ApiSettings, {**API, name: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EMBEDDING_DIMENSION", "4001"),
        ("EMBEDDING_DIMENSION", "1e3"),
        ("ANSWER_MAX_TOKENS", "0"),
        ("MINIMUM_SIMILARITY", "1.1"),
        ("MINIMUM_SIMILARITY", "nan"),
        ("MINIMUM_SIMILARITY", "much"),
    ],
)
def test_a_wrong_variable_of_the_api_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} must be"):
        load(ApiSettings, {**API, name: value})


@pytest.mark.parametrize("changes", [{"TENANT": ""}, {"TENANT_CLAIM": "sub"}])
def test_tenants_are_given_in_exactly_one_way(changes: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="exactly one of TENANT and TENANT_CLAIM"):
        load(ApiSettings, {**API, **changes})


def test_a_guardrail_has_an_id_and_a_version() -> None:
    both = {"GUARDRAIL_ID": "abc", "GUARDRAIL_VERSION": "2"}
    assert load(ApiSettings, {**API, **both}).guardrail == Guardrail(id="abc", version="2")
    for name in both:
        with pytest.raises(SettingsError, match="set together"):
            load(ApiSettings, {**API, name: both[name]})


def test_the_defaults_of_the_database_are_safe() -> None:
    settings = load(DatabaseSettings, DATABASE)
    assert (settings.auth, settings.sslmode) == ("iam", "verify-full")
    assert settings.health_timeout_ms == 2000
    assert Path(settings.sslrootcert).is_file()


@pytest.mark.parametrize("name", DATABASE)
def test_a_missing_variable_of_the_database_is_named(name: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} is not set$"):
        load(DatabaseSettings, {**DATABASE, name: ""})


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
def test_a_wrong_variable_of_the_database_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} must"):
        load(DatabaseSettings, {**DATABASE, name: value})


def test_a_password_is_asked_for_and_never_shown() -> None:
    variables = {**DATABASE, "DATABASE_AUTH": "password"}
    with pytest.raises(SettingsError, match=r"^DATABASE_PASSWORD is not set$"):
        load(DatabaseSettings, variables)
    assert "hush" not in repr(load(DatabaseSettings, {**variables, "DATABASE_PASSWORD": "hush"}))


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (ApiSettings, API | {"GUARDRAIL_ID": "abc", "GUARDRAIL_VERSION": "DRAFT"}),
        (DatabaseSettings, DATABASE | {"DATABASE_AUTH": "password", "DATABASE_PASSWORD": "hush"}),
        (MigrationSettings, {"EMBEDDING_DIMENSION": "1024"}),
        (MigrationSecrets, {"AWS_REGION": "r", "APP_SECRET_ARN": "a", "MASTER_SECRET_ARN": "m"}),
    ],
)
def test_what_a_stack_writes_the_service_reads(kind: type[Any], values: dict[str, str]) -> None:
    settings = load(kind, values)
    written = variables(settings)
    assert values.items() - {("AWS_REGION", values.get("AWS_REGION"))} <= written.items()
    assert load(kind, {**written, "AWS_REGION": values.get("AWS_REGION", "")}) == settings
    assert written.keys() <= names(kind)


def test_lambda_refuses_the_variables_that_it_sets_itself() -> None:
    assert "AWS_REGION" not in variables(load(ApiSettings, API))


def test_the_authorities_of_a_region_are_in_the_zip() -> None:
    rag = Path(__file__).resolve().parents[3] / "services" / "rag"
    for region, path in RDS_AUTHORITIES.items():
        assert (rag.parent / Path(path).relative_to("/var/task")).is_file(), region
