"""Names of secrets however they are written, and values that are none under such a name."""

from __future__ import annotations

import pytest

from pipeline.plan.harmless import is_harmless
from pipeline.plan.names import is_hash_name, is_secret_name, words_of
from pipeline.plan.secrets import is_secret

ONE_WORD = (
    "PGPASSWORD", "DBPASSWORD", "MYSQLPWD", "GITLABTOKEN", "clientsecret", "ADMINPASSWORD",
    "SECRETKEYBASE", "APPSECRET", "ACCESSTOKEN", "PRIVATEKEY", "SESSIONSECRET", "JWTSECRET",
    "ENCRYPTIONKEY", "MASTERKEY", "WEBHOOKSECRET", "BASICAUTH", "DOCKERCONFIGJSON", "DBPW", "SMTPPASS",
    ".dockerconfigjson", "PINCODE", "ROOTPW", "rediscliauth", "wifipsk", "userpass", "connectionstring",
    "SNMPCOMMUNITY", "awssecretaccesskey", "truststorepassword", "datadogapikey",
)  # fmt: skip
OTHERWISE = (
    "LARAVEL_APP_KEY", "TUNNEL_PSK", "ENABLE_PASSWORD", "REDISCLI_AUTH", "SMTP_PASS", "PIN_CODE",
    "RABBITMQ_DEFAULT_PASS", "SNMP_COMMUNITY", "SECRET_KEY_BASE", "PassWord", "PASS_WORD", "PASSWORD_DB",
    "TOKEN_GITHUB", "db.password", "tunnel1_preshared_key", "AccountKey", "_authToken", "USE_TOKEN",
    "client-key-data", "DB_PASSWORD_OLD", "X-Api-Key", "allow_secret", "KEY_APP", "AUTH_REDISCLI", "PASS_SMTP", "GITHUB_PAT", "TACACS_KEY",
)  # fmt: skip


@pytest.mark.parametrize("name", [*ONE_WORD, *OTHERWISE])
def test_a_secret_is_told_in_one_word_and_in_any_order(name: str) -> None:
    assert is_secret_name(name)
    assert is_secret(name, "plain")


@pytest.mark.parametrize(
    "name",
    [
        "password_policy", "enable_password_policy", "token_validity_units", "keyspace", "author",
        "key_name", "authorizer_id", "passthrough", "passthrough_behavior", "bypass", "encompass", "secretarn",
        "PASSWORDLENGTH", "tokencount", "partition_key", "object_key", "turkey", "oauth_flows", "spin",
        "pinned", "bgp_community", "tokenization", "secretmanager", "passwordless", "cookie_behavior",
        "client_token", "password_last_changed", "secret_version_stage", "max_tokens_per_minute",
    ],
)  # fmt: skip
def test_a_name_that_only_looks_like_one_is_none(name: str) -> None:
    assert not is_secret_name(name)


def test_words_are_cut_where_a_secret_begins() -> None:
    assert words_of("mysqlRootpassword") == ("mysql", "root", "password")
    assert words_of("SECRETKEYBASE") == ("secret", "key", "base")
    assert words_of("datadogapikey") == ("datadog", "api", "key")
    assert words_of("s3Key") == ("s", "3", "key")


@pytest.mark.parametrize(
    "value",
    [
        "true", "False", "yes", "0", "off", "enabled", "none", "AWS_IAM", "basic", "15m", "PT1H", "P30D",
        "30 days", "86400", "rate(5 minutes)", "arn:aws:ssm:eu-west-1:1:parameter/a", "${var.password}",
        "$DB_PASSWORD", "$(cat /run/secret)", "{{resolve:ssm:x}}", "{{ vault_password }}", "<password>",
        "/app/prod/db_password", "ssm:/app/api_token", "os.environ[", "process.env.API_TOKEN",
        "get_secret('x')", "%PASSWORD%", "****",
    ],
)  # fmt: skip
def test_a_switch_a_duration_and_a_reference_are_no_secret(value: str) -> None:
    assert is_harmless(value, "enable_token")
    assert not is_secret("enable_token", value)


@pytest.mark.parametrize(
    "value", ["hunter2", "Pa$$word1", "/srv/x", "12ab", "P4ss", "$ecret1", "30 dogs", "app/db"]
)
def test_what_could_be_a_password_is_one(value: str) -> None:
    assert not is_harmless(value, "token")
    assert is_secret("ENABLE_PASSWORD", value)


def test_a_small_number_is_a_secret_only_where_a_code_is_named() -> None:
    assert not is_secret("refresh_tokens", 30)
    assert not is_secret("token", "86400")
    assert is_secret("token", "8640012")
    assert is_secret("PIN_CODE", "4711")
    assert is_secret("db_password", 4711)


@pytest.mark.parametrize(
    "name",
    ["etag", "content_md5", "code_sha256", "git_commit", "image_tag", "thumbprint_1", "ca_cert"],
)
def test_names_of_hashes(name: str) -> None:
    assert is_hash_name(name)
    assert not is_secret(name, "3f9c1e7a5b2d8046c1f7e9a3b5d20846")
