"""Credentials from Secrets Manager."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

_CONFIG = Config(connect_timeout=5, read_timeout=5, retries={"mode": "standard"})


class SecretError(Exception):
    """A secret can't be read or used; the message names the variable, never the content."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Credentials:
    """Name and password of a database role.

    Attributes:
        username: its name.
        password: its password.
    """

    username: str
    password: str = field(repr=False)


def read(arn: str, *, variable: str, region: str) -> Credentials:
    """Read a secret with the members ``username`` and ``password``.

    Args:
        arn: the secret.
        variable: the variable that held the ARN, for the error.
        region: where the secret is.

    Returns:
        The credentials.

    Raises:
        SecretError: if it can't be read or has another form.
    """
    client = boto3.client("secretsmanager", region_name=region, config=_CONFIG)
    try:
        text: str = client.get_secret_value(SecretId=arn).get("SecretString", "")
    except ClientError as error:
        raise SecretError(f"{variable}: {error.response['Error']['Code']}") from None
    except BotoCoreError as error:
        raise SecretError(f"{variable}: {type(error).__name__}") from None
    try:
        match json.loads(text):
            case {"username": str(username), "password": str(password)} if username and password:
                return Credentials(username=username, password=password)
    except ValueError:
        pass
    raise SecretError(f"{variable}: the secret is not JSON with username and password")
