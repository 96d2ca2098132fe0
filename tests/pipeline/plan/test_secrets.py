"""No secret leaves: planted in every place that a plan has, and looked for in what is shown."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.plan.attributes import view, views
from pipeline.plan.commands import COMMANDS
from pipeline.plan.masking import mask_address
from pipeline.plan.names import is_secret_name
from pipeline.plan.patterns import FORMS as FORMS_BY_NEEDLE
from pipeline.plan.read import read_plan
from pipeline.plan.secrets import holds_secret, is_secret, mask_text
from tests.pipeline.plans import change, plan, plan_json, resource_change
from tests.support.growth import growth

# Split, so that a scanner of this repository finds none of them.
AWS_ID = "AKIA" + "IOSFODNN7EXAMPLE"
AWS_SECRET = "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY"
JWT = "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0" + ".dozjgNryP4J3jVmNHl0w5N"
PEM = (
    "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEpAIBAAKC\nAQEAtheRest\n-----END RSA PRIVATE KEY-----"
)
FORMS = {
    "aws-key-id": AWS_ID,
    "aws-session-id": "ASIA" + "IOSFODNN7EXAMPLE",
    "aws-secret-key": AWS_SECRET,
    "private-key": PEM,
    "jwt": JWT,
    "gitlab-personal": "glpat" + "-Abc1De2fGh3iJk4lMn5o",
    "gitlab-routable": "glpat" + "-Abc1De2fGh3iJk4lMn5oPq6rStUvWxYz.01.0a1b2c3d4",
    "gitlab-job": "glcbt" + "-64_Abc1De2fGh3iJk4lMn5o",
    "gitlab-runner": "glrt" + "-Abc1De2fGh3iJk4lMn5o",
    "github": "ghp_" + "0123456789abcdefghijABCDEFGHIJ012345",
    "github-fine": "github_pat_" + "11ABCDEFG0123456789_abcdef",
    "slack": "xoxb" + "-123456789012-123456789012-abcdefABCDEF",
    "slack-hook": "https://hooks.slack.com" + "/services/T000/B000/abcdefgh",
    "stripe": "sk_live_" + "0123456789abcdefABCDEF01",
    "stripe-test": "sk_test_" + "0123456789abcdefABCDEF01",
    "artifactory": "AKC" + "p8abcdefghij0123456789",
    "npm": "npm_" + "0123456789abcdefghijABCDEFGHIJ012345",
    "postgres": "postgres://app:hunter2@db.internal:5432/app",
    "postgres-odd": "postgresql://app:h#u$n!t2@db:5432/app",
    "redis-no-user": "redis://:hunter2@cache:6379",
    "basic-auth": "https://user:hunter2@example.org/path",
    "bearer": "Authorization: Bearer abc123def",
    "basic-header": "Authorization: Basic dXNlcjpwYXNz",
    "bearer-alone": "Bearer abcdefghijklmnop",
    "assignment": "export DB_PASSWORD=hunter2",
    "dsn": "host=db user=app password=hunter2",
    "yaml": "user: app\npassword: hunter2\n",
    "json-in-text": 'config: {"apiKey":"hunter2"}',
    "escaped-json": '"{\\"password\\": \\"hunter2\\"}"',
    "second-assignment": "authority:password=hunter2",
    "dollar": "PASSWORD=$ecret1",
    "word": "PASSWORD=none-of-yours",
    "behind-a-reference": "PASSWORD=${x}hunter2",
    "option": "psql --password hunter2 app",
    "presigned": "https://b.s3.amazonaws.com/k?X-Amz-Signature=0123456789abcdef0123",
    "random": "q7Zp2LmX9vTb4NcR8sWdK1fHgY6uJ3aE",
    "random-hex": "3f9c1e7a5b2d8046c1f7e9a3b5d2084617fe9c3a5b1d8e02",
    "random-lower": "k3j9x2m7q4z8w1v6t5r0p9n2b8c4d7f3",
}
"""Things that are secret by their form, wherever they stand."""


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_a_form_is_recognised(text: str) -> None:
    assert holds_secret(text)
    assert is_secret("description", text)


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_a_form_is_recognised_when_encoded(text: str) -> None:
    raw = f"#!/bin/sh\necho start\nrun '{text}'\n".encode()
    assert holds_secret(base64.b64encode(raw).decode())
    assert holds_secret(base64.urlsafe_b64encode(raw).decode().rstrip("="))
    assert holds_secret(base64.b64encode(gzip.compress(raw)).decode())
    assert holds_secret(quote(text, safe=""))


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:secretsmanager:ap-southeast-1:111122223333:secret:mapvibe-dev/db-AbCdEf",
        "arn:aws:secretsmanager:eu-west-1:1:secret:rds!db-3f9c1e7a-5b2d-8046-c1f7-e9a3b5d20846-Ab1dEf",
        "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
        "secretsmanager:GetSecretValue",
        "aws_iam_role_policy.migrations_connect-as-mapvibe_master-policy_45B669AE",
        "aws_vpc_endpoint_route_table_association.network_endpoint-s3-ap-southeast-1a_DAEC848A",
        "mapvibe-dev.c9akciq32abc.ap-southeast-1.rds.amazonaws.com",
        "https://sqs.ap-southeast-1.amazonaws.com/111122223333/mapvibe-dev-rag-dead-letters",
        "https://example.org:8443/path@1.2.3",
        "md5: d41d8cd98f00b204e9800998ecf8427e",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "3f9c1e7a-5b2d-8046-c1f7-e9a3b5d20846",
        "subnet-0a1b2c3d4e5f67890,subnet-0b1c2d3e4f5a67891",
        "terraform-20240101120000123400000001",
        "AmazonRDSEnhancedMonitoringRoleForTheDatabase",
        "no valid credential sources for the provider found",
        "Bearer authentication",
        "VGhpcyBpcyBhIHNlbnRlbmNlIHdpdGhvdXQgYW55dGhpbmcu",
        "${aws_db_instance.a.password}",
        "password=${var.password}",
        "$request.header.x-api-key",
        "10.0.0.0/16",
        "arn:aws:x:eu-west-1:1:thing/q7Zp2LmX9vTb4NcR8sWdK1fHgY6uJ3aE",
        "https://x:secret:mapvibe-dev",
        "",
    ],
)
def test_what_is_no_secret_stays_readable(text: str) -> None:
    assert not holds_secret(text)
    assert mask_text(text) == text


@pytest.mark.parametrize(
    "name",
    [
        "password", "master_password", "MasterUserPassword", "DB_PASSWORD", "db-passwd", "pgpwd-pwd",
        "secret", "client_secret", "secret_string", "secretKey", "token", "auth_token", "authToken",
        "GITLAB_TOKEN", "api_key", "apiKey", "API-KEY", "x-api-key", "apikey", "access_key",
        "AWS_SECRET_ACCESS_KEY", "private_key", "private_key_pem", "PrivateKey", "credential",
        "credentials", "passphrase", "connection_string", "DATABASE_URL", "webhook_url",
        "registry_auth", "Authorization", "signing_key", "password_2", "VAULT_SECRET_ID",
        "token_id", "SSH_PRIVATE_KEY", "sessionToken", "jwt", "basic_auth", "tokens", "pin_2",
    ],
)  # fmt: skip
def test_names_of_secrets(name: str) -> None:
    assert is_secret_name(name)
    assert is_secret(name, "short")


@pytest.mark.parametrize(
    "name",
    [
        "secret_arn", "master_user_secret_kms_key_id", "secret_name", "password_wo_version",
        "password_length", "minimum_password_length", "manage_master_user_password", "client_token",
        "client_request_token", "creation_token", "http_tokens", "max_tokens", "ANSWER_MAX_TOKENS",
        "token_validity",
        "access_token_validity", "auth_scheme", "iam_auth", "authorization_type", "authorizer_id",
        "api_key_selection_expression", "api_key_required", "api_key_source", "kms_key_id",
        "access_key_id", "customer_master_key_spec", "hash_key", "route_key", "public_key", "key",
        "secretary", "tokenizer", "authority", "passenger", "compass", "monkey", "keyboard",
        "secretsmanager", "description", "", "123", "JWT_ISSUER", "password_encryption",
        "token_endpoint",
    ],
)  # fmt: skip
def test_names_that_only_tell_about_secrets(name: str) -> None:
    assert not is_secret_name(name)
    assert not is_secret(name, "short")


@pytest.mark.parametrize(
    ("name", "value", "secret"),
    [
        ("password", True, False),
        ("password", None, False),
        ("password", "", False),
        ("password", 1234, True),
        ("size", 1234, False),
        ("secret_id", "arn:aws:secretsmanager:ap-southeast-1:111122223333:secret:a", False),
        ("secret_id", "0b1c2d3e", True),
        ("authorization", "NONE", False),
        ("source_code_hash", "8DddIcuuonCgqG/7b+jjiLRC4NQyv47pAkKAVsn+hRw=", False),
        ("value", "8DddIcuuonCgqG/7b+jjiLRC4NQyv47pAkKAVsn+hRw=", True),
        ("etag", "8DddIcuuonCgqG/7b+jjiLRC4NQyv47pAkKAVsn+hRw=", False),
        ("version_id", "q7Zp2LmX9vTb4NcR8sWdK1fHgY6uJ3aE", False),
        ("user_id", AWS_ID, True),
    ],
)  # fmt: skip
def test_names_and_values_together(name: str, value: object, secret: bool) -> None:
    assert is_secret(name, value) is secret


PLANTED = "planted-Value"
"""Secret by its place only: nothing in its form says so."""

PLACES: dict[str, dict[str, Any]] = {
    "by-name": {"master_password": PLANTED},
    "nested": {"block": [{"inner": [{"api_key": PLANTED}]}]},
    "list": {"passwords": ["x", PLANTED]},
    "number": {"outer": {"pin": "x"}, "db_password": 918273645},
    "mapping-of-secrets": {"secrets": {"anything": PLANTED}},
    "environment": {"environment": [{"variables": {"DB_PASSWORD": PLANTED, "MODE": "x"}}]},
    "named-beside": {
        "containers": json.dumps([{"environment": [{"name": "API_TOKEN", "value": PLANTED}]}])
    },
    "key-beside": {"set": [{"key": "db.password", "value": PLANTED}]},
    "parameter": {"name": "/app/db/password", "insecure_value": PLANTED},
    "json": {"policy": json.dumps({"a": [{"clientSecret": PLANTED}]})},
    "json-in-json": {"a": json.dumps({"b": json.dumps({"c": json.dumps({"token": PLANTED})})})},
    "user-data": {
        "user_data": base64.b64encode(f"#!/bin/sh\nexport PASSWORD={PLANTED}\n".encode()).decode()
    },
    "user-data-zipped": {
        "user_data": base64.b64encode(gzip.compress(f"password: {PLANTED}".encode())).decode()
    },
    "text": {"command": f"psql postgres://app:{PLANTED}@db/app"},
    "header": {"request_parameters": {"x": f"Authorization: Bearer {PLANTED}-0123456789"}},
    "tag": {"tags": {"token": PLANTED}},
    "map-key": {"tags": {f"password={PLANTED}": "x"}},
    "json-map-key": {"doc": json.dumps({f"https://u:{PLANTED}@h": 1})},
}  # fmt: skip


@pytest.mark.parametrize("values", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("side", ["before", "after", "both"])
def test_a_planted_secret_does_not_leave(side: str, values: dict[str, Any]) -> None:
    plain: dict[str, Any] = {"size": 1}
    sides = {
        "before": (values, plain),
        "after": (None, values),
        "both": (values, json.loads(json.dumps(values).replace(PLANTED, f"{PLANTED}-2"))),
    }
    before, after = sides[side]
    action = "create" if before is None else "update"
    assert_hidden(change("aws_thing.a", action, before, after))
    assert_hidden(change("aws_thing.a", "replace", before or {}, after))


def assert_hidden(*changes: Any) -> None:
    shown, masked = views(plan(*changes))
    text = msgspec.json.encode(shown).decode()
    for secret in (PLANTED, "918273645", *FORMS.values()):
        assert secret not in text
        assert json.dumps(secret)[1:-1] not in text
    assert masked > 0 or changes[0].after == changes[0].before


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_a_form_does_not_leave_from_any_place(text: str) -> None:
    values = {
        "description": text,
        "list": ["x", text],
        "blocks": [{"a": {"b": text}}],
        "tags": {"Note": text},
        "document": json.dumps({"a": [text], text: "as a key"}),
        "encoded": base64.b64encode(f"{text}\n".encode() * 2).decode(),
        text: "as a key",
    }
    moved = change(
        f"aws_thing.a[{json.dumps(text)}]",
        "replace",
        {"size": 1},
        values,
        previous_address=f"module.m[{json.dumps(text)}].aws_thing.a",
        replace_paths=((text,), ("blocks", 0, text)),
    )
    shown = msgspec.json.encode(view(moved)).decode()
    assert text not in shown
    assert json.dumps(text)[1:-1] not in shown
    assert base64.b64encode(f"{text}\n".encode() * 2).decode() not in shown
    assert '"size"' in shown, "what is no secret stays"


@pytest.mark.parametrize(
    "marks",
    [
        ({"v": {"deep": [{"x": True}]}}, False),
        (False, {"v": {"deep": [{"x": True}]}}),
        ({"v": True}, {}),
        ({}, {"v": {"deep": True}}),
        (True, False),
        (False, {"v": {"deep": [{}, {"x": True}]}}),
    ],
    ids=["before", "after", "subtree", "list", "whole", "another-item"],
)
def test_what_terraform_marks_on_either_side_is_masked(marks: tuple[Any, Any]) -> None:
    sides = [{"v": {"deep": [{"x": f"plain{i}"}]}, "size": i} for i in (1, 2)]
    shown = view(
        change("aws_x.a", "update", *sides, sensitive_before=marks[0], sensitive_after=marks[1])
    )
    text = msgspec.json.encode(shown).decode()
    assert "plain" not in text
    assert "(sensitive)" in text


def test_a_marked_value_is_masked_where_it_is_not_marked_as_well() -> None:
    shown = view(
        change(
            "aws_x.a",
            after={"v": PLANTED, "copy": PLANTED, "url": f"x-{PLANTED}-y", "m": {PLANTED: 1}},
            sensitive_after={"v": True},
        )
    )
    assert PLANTED not in msgspec.json.encode(shown).decode()
    assert len(shown.attributes) == 4


def test_a_secret_that_becomes_unknown_or_is_no_longer_set() -> None:
    shown = view(change("aws_x.a", "update", {"password": "x", "secret": "y"}, {},
                        {"password": True}))  # fmt: skip
    assert [(row.before, row.after) for row in shown.attributes] == [
        ("(sensitive)", "(known after apply)"),
        ("(sensitive)", None),
    ]


def test_a_whole_plan_shows_no_secret(tmp_path: Path) -> None:
    """From Terraform's JSON to the report's, drift and outputs included."""
    secrets = {**FORMS, "planted": PLANTED}
    values = {**PLACES["environment"], "list": list(FORMS.values()), "marked": PLANTED}
    marks = {"marked": True}
    item = resource_change(
        f"aws_thing.a[{json.dumps(AWS_ID)}]",
        "update",
        {"marked": "other"},
        values,
        sensitive_after=marks,
        previous_address=f"aws_thing.a[{json.dumps(JWT)}]",
        replace_paths=[[AWS_SECRET]],
    )
    document = plan_json(
        item,
        resource_drift=[item],
        output_changes={
            name: {"actions": ["create"], "before": None, "after": secret}
            for name, secret in secrets.items()
        },
        prior_state={"values": values},
        planned_values={"outputs": secrets},
        variables={name: {"value": secret} for name, secret in secrets.items()},
    )
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(document))
    read = read_plan(path, stack="dev")
    shown, masked = views(read)
    drift = [view(change) for change in read.drift]
    text = msgspec.json.encode([shown, drift, read.outputs]).decode()
    for secret in secrets.values():
        assert secret not in text
        assert json.dumps(secret)[1:-1] not in text
    assert masked == 4 + len(FORMS), "two by place, two in addresses, and each form"


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_an_error_text_is_masked(text: str) -> None:
    error = f"Error: it failed\n\n  with aws_x.a,\n  value: {text}\n  on main.tf line 3"
    masked = mask_text(error)
    assert text not in masked
    assert "(sensitive)" in masked
    assert masked.startswith("Error: it failed\n\n  with aws_x.a,\n")


def test_only_the_secret_in_an_error_is_masked() -> None:
    error = f"AccessDenied: key {AWS_ID} may not do that\x1b[0m"
    assert mask_text(error) == "AccessDenied: key (sensitive) may not do that\\u001b[0m"
    assert mask_text("password = hunter2, and more") == "password = (sensitive), and more"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("aws_vpc.network_C4F3F5E9", "aws_vpc.network_C4F3F5E9"),
        ('module.a["x"].aws_vpc.b[0]', 'module.a["x"].aws_vpc.b[0]'),
        (f'module.a["{AWS_ID}"].aws_vpc.b["y"]', 'module.a["(sensitive)"].aws_vpc.b["y"]'),
        ('aws_x.a["postgres://u:pw@h/\\"d\\""]', 'aws_x.a["(sensitive)"]'),
        ('aws_x.a["\u202e"]', 'aws_x.a["\\u202e"]'),
    ],
)
def test_addresses_lose_secret_keys_only(address: str, shown: str) -> None:
    assert mask_address(address) == shown


VALUES = st.recursive(
    st.text(min_size=1, max_size=8).map(lambda text: f"{PLANTED}{text}"),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, min_size=1, max_size=3)
    ),
    max_leaves=6,
)
OTHERS = st.none() | st.text(max_size=5) | st.lists(st.integers(), max_size=2)


@given(
    secret=VALUES, other=OTHERS, before=st.booleans(), marked=st.booleans(), depth=st.integers(0, 3)
)
def test_a_marked_subtree_never_appears(
    secret: Any, other: Any, before: bool, marked: bool, depth: int
) -> None:
    """Whatever its shape, whichever side has it, whichever side is marked."""
    value: Any = secret
    plain: Any = other
    marks: Any = True
    for level in range(depth):
        value, plain, marks = (
            [side] if level % 2 else {"k": side} for side in (value, plain, marks)
        )
    sides = ({"v": value}, {"v": plain}) if before else ({"v": plain}, {"v": value})
    shape = {"v": marks}
    shown = view(
        change(
            "aws_x.a",
            "update",
            *sides,
            sensitive_before=shape if marked else {},
            sensitive_after={} if marked else shape,
        )
    )
    assert PLANTED not in msgspec.json.encode(shown).decode()


@given(st.text(max_size=80))
def test_any_text_can_be_masked(text: str) -> None:
    masked = mask_text(text)
    assert "\x1b" not in masked
    assert not any("\u202a" <= character <= "\u202e" for character in masked)


@given(st.integers(2, 40).flatmap(lambda n: st.just("[" * n + "{" + '"a":' * n)))
def test_broken_json_is_a_text(text: str) -> None:
    shown = view(change("aws_x.a", after={"v": text}))
    assert len(shown.attributes) == 1


PIECES = (
    "a", "-", " ", "\\", "A1b/", "password", "key=", "eyJ", "eyJ-", "eyJaaaaaa.", "://a:", "aws key ",
    "artif ", "AKC", "AC", "xoxb-1-", "xoxb-1", "glpat-", "sk-", "-----BEGIN PRIVATE KEY-----", "sig=",
    "https://hooks.slack.com/services/T", "https://a.webhook.office.com/", "bearer ", "%41", "npm_token",
    "authorization: ", "PuTTY-User-Key-File-2:", "password=", "token:", "[\"", "0f",
    "mysql ", "curl -u a:b ", "name: X_TOKEN ", "value: a name: ", "<a>b</", "echo a:b |", "docker login ",
    "identified by ", "set password ", "$6$", "sk-", "ghp_", "QUJD", "QUJD ", "-----BEGIN CERTIFICATE-----",
    "0123456789abcdef" * 2 + " ", "0123456789abcdef" * 2 + "/", ".", "Mabc.", "https://a@", "token is ", "ENV ",
    "ssh-rsa AAAA ", "machine a login b ", "pass:", ":5432:", "login password ", "key=", "\n ", "echo ",
    "ssh-", ":thin:a/", "name: X", "name: X\\\"", "a:", "a a ", "<a", "[", "'", "curl ", "login ",
    "redis-cli ldapadd zip snmpget ", "a@", "/a", "$a", "${", "ssh-rsa ", "value=", "mysql 'a ",
)  # fmt: skip
"""What repeated makes a careless expression take the square of the time."""


EVERY = " ".join(needle for needles, _ in (*COMMANDS, *FORMS_BY_NEEDLE) for needle in needles)
"""Behind a long text: every pattern is tried on it."""


@pytest.mark.parametrize("piece", PIECES)
def test_long_texts_are_read_in_linear_time(piece: str) -> None:
    long, longer = ((piece * length)[:length] + EVERY for length in (5_000, 50_000))
    assert growth(lambda: mask_text(long), lambda: mask_text(longer)) < 40
