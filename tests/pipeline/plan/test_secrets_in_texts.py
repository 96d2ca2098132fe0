"""Where commands, statements, lists and URLs have a place for a secret, and only there."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from pipeline.plan.masking import with_secrecy
from pipeline.plan.secrets import holds_secret, mask_text
from tests.pipeline.plans import change

MASKED = {
    "mysql -u root -phunter2 app": "mysql -u root -p(sensitive) app",
    "mysqldump -p'hunter2' app": "mysqldump -p'(sensitive)' app",
    "sshpass -p hunter2 ssh h": "sshpass -p (sensitive) ssh h",
    "docker login -u me -p hunter2 r": "docker login -u me -p (sensitive) r",
    "redis-cli -a hunter2 ping": "redis-cli -a (sensitive) ping",
    "curl -sS -u me:hunter2 h": "curl -sS -u (sensitive) h",
    "echo 'root:hunter2' | chpasswd": "echo 'root:(sensitive)' | chpasswd",
    "chpasswd <<< root:hunter2": "chpasswd <<< root:(sensitive)",
    "openssl rsa -passin pass:hunter2 -in k": "openssl rsa -passin pass:(sensitive) -in k",
    "ENV DB_PASSWORD hunter2\nRUN x": "ENV DB_PASSWORD (sensitive)\nRUN x",
    'SetEnvironmentVariable("X_TOKEN", "hunter2")': 'SetEnvironmentVariable("X_TOKEN", "(sensitive)")',
    "helm upgrade --set db.password=hunter2 x": "helm upgrade --set db.password=(sensitive) x",
    "CREATE USER a WITH PASSWORD 'hunter2'": "CREATE USER a WITH PASSWORD '(sensitive)'",
    "CREATE USER 'a'@'%' IDENTIFIED BY 'hunter2'": "CREATE USER 'a'@'%' IDENTIFIED BY '(sensitive)'",
    "SET PASSWORD FOR 'a'@'%' = 'hunter2'": "SET PASSWORD FOR 'a'@'%' = '(sensitive)'",
    "- name: DB_PASSWORD\n  value: hunter2\n": "- name: DB_PASSWORD\n  value: (sensitive)\n",
    "- value: hunter2\n  name: DB_PASSWORD\n": "- value: (sensitive)\n  name: DB_PASSWORD\n",
    'x {"name":"X_TOKEN","value":"hunter2"}': 'x {"name":"X_TOKEN","value":"(sensitive)"}',
    "<password>hunter2</password>": "<password>(sensitive)</password>",
    '<add key="ApiKey" value="hunter2" />': '<add key="ApiKey" value="(sensitive)" />',
    "https://Abc1De2fGh3@github.com/o/r": "https://(sensitive)@github.com/o/r",
    "https://h/x?token=hunter2&y=1": "https://h/x?token=(sensitive)&y=1",
    "https://h/x?key=Ab12Cd34Ef56Gh78": "https://h/x?key=(sensitive)",
    "Server=h;Uid=a;Pwd=hunter2;": "Server=h;Uid=a;Pwd=(sensitive);",
    'password="two words"': 'password="(sensitive)"',
    "machine h login u password hunter2\n": "machine h login u password (sensitive)\n",
    "//r/:_authToken=hunter2\n": "//r/:_authToken=(sensitive)\n",
    "requirepass hunter2\n": "requirepass (sensitive)\n",
    "Set-Variable -Name Password -Value hunter2": "Set-Variable -Name Password -Value (sensitive)",
    "set -x API_TOKEN hunter2": "set -x API_TOKEN (sensitive)",
    "https://h/x?sig=abc123": "https://h/x?sig=(sensitive)",
    "the password is hunter2": "the password is (sensitive)",
    "use 3f9c1e7a5b2d8046c1f7e9a3b5d20846 here": "use (sensitive) here",
    "run aHVudGVyMiBwYXNzd29yZD1odW50ZXIyIG9r now": "run (sensitive) now",
}


@pytest.mark.parametrize("text", MASKED)
def test_only_the_secret_is_masked(text: str) -> None:
    assert mask_text(text) == MASKED[text]


@pytest.mark.parametrize(
    "text",
    [
        "docker run -p 8080:80 nginx", "docker run --name mysql -p 3306:3306 db", "mkdir -p /opt/app",
        'curl -u "$USER:$PASS" https://h', 'mysql -p"$DB_PASSWORD" app', "ssh -p 22 me@host",
        "password = os.environ['DB_PASSWORD']", "token: ${{ secrets.GITHUB_TOKEN }}", "auth: none",
        "env:\n- name: LOG_LEVEL\n  value: debug\n", "Rotate the password: see the runbook",
        "SELECT password_hash FROM users", "CREATE USER app WITH LOGIN", "ssh://git@github.com/o/r",
        "aws ecr get-login-password | docker login -u AWS --password-stdin r",
        "sha256:3f9c1e7a5b2d8046c1f7e9a3b5d20846c1f7e9a3b5d20846c1f7e9a3b5d20846",
        "actions/checkout@3f9c1e7a5b2d8046c1f7e9a3b5d20846c1f7e9a3",
        "https://github.com/o/r/commit/3f9c1e7a5b2d8046c1f7e9a3b5d20846c1f7e9a3",
        "assets/3f9c1e7a5b2d8046c1f7e9a3b5d20846/archive.zip", "00000000000000000000000000000000",
        "1.dkr.ecr.eu-west-1.amazonaws.com/app:3f9c1e7a5b2d8046c1f7e9a3b5d20846c1f7e9a3",
        "ThisIsAVeryLongCamelCaseNameOfAStateMachineInProduction",
        "-----BEGIN CERTIFICATE-----\nq7Zp2LmX9vTb4NcR8sWdK1fHgY6uJ3aE\n-----END CERTIFICATE-----",
        "ssh-ed25519 AAAAq7Zp2LmX9vTb4NcR8sWdK1fHgY6uJ3aE me@host",
    ],
)  # fmt: skip
def test_what_has_no_place_for_a_secret_stays_readable(text: str) -> None:
    assert not holds_secret(text)
    assert not holds_secret(base64.b64encode(f"#!/bin/sh\n{text}\n".encode()).decode())


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        (["--password", "hunter2"], [False, True]),
        (["app", "--api-key", "hunter2", "-v"], [False, False, True, False]),
        (["sshpass", "-p", "hunter2", "ssh"], [False, False, True, False]),
        (["mysql", "-u", "a", "-phunter2"], [False, False, False, True]),
        (["mkdir", "-p", "/opt"], [False, False, False]),
        (["app", "--password", "$PASSWORD"], [False, False, False]),
        (["app", "--port", "8080"], [False, False, False]),
    ],
)
@pytest.mark.parametrize("wrapped", [False, True])
def test_an_argument_is_told_by_the_words_before_it(
    command: list[str], shown: list[bool], wrapped: bool
) -> None:
    value: Any = json.dumps([{"command": command}]) if wrapped else command
    assert [secret for _, secret in with_secrecy(change("aws_x.a", after={"c": value}))] == shown


def test_an_argument_alone_changes() -> None:
    sides = [{"command": ["app", "--password", value, "-v"]} for value in ("hunter2", "hunter3")]
    assert [secret for _, secret in with_secrecy(change("aws_x.a", "update", *sides))] == [True]


def test_references_to_secrets_are_readable() -> None:
    secrets = [{"name": "DB_PASSWORD", "valueFrom": "/app/db/anything"}]
    found = with_secrecy(change("aws_x.a", after={"c": json.dumps([{"secrets": secrets}])}))
    assert [secret for _, secret in found] == [False, False]


@pytest.mark.parametrize("key", ["triggers", "keepers"])
def test_what_terraform_compares_is_a_hash(key: str) -> None:
    digest = "3f9c1e7a5b2d8046c1f7e9a3b5d20846"
    found = with_secrecy(change("aws_x.a", after={key: {"code": digest}, "other": digest}))
    assert {difference.path[0]: secret for difference, secret in found} == {
        key: False,
        "other": True,
    }
