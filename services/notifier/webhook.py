"""The address of Slack's incoming webhook: whoever has it may write to the channel."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

_KEPT_SECONDS = 300
"""A new value counts after this long at the latest."""

_CONFIG = Config(connect_timeout=3, read_timeout=3, retries={"mode": "standard"})

_HOST = r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*"
_ADDRESS = re.compile(rf"(https?)://({_HOST})(?::([0-9]{{1,5}}))?(/[!-~]*)")
_LOOPBACK = ("127.0.0.1", "localhost")


class WebhookError(Exception):
    """There is no webhook to post to; the message never holds what the secret does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Webhook:
    """Where to post.

    Attributes:
        host: of the server.
        port: None for the scheme's own.
        path: the secret part.
        tls: False only for a receiver on this machine.
    """

    host: str
    port: int | None
    path: str = field(repr=False)
    tls: bool

    @classmethod
    def parse(cls, text: str, *, secret: str) -> Webhook:
        """Read an address: https, or http to this machine.

        A drill sends alarms to a receiver on the loopback interface, which nobody else reaches and
        for which there is no certificate.

        Args:
            text: what the secret holds.
            secret: its name, for the message.

        Raises:
            WebhookError: it is no such address.
        """
        found = _ADDRESS.fullmatch(text.strip())
        if not found or (found[1] == "http" and found[2] not in _LOOPBACK):
            raise WebhookError(
                f"secret {secret}: holds no https address of an incoming webhook; {how_to_put(secret)}"
            )
        scheme, host, port, path = found.groups()
        return cls(host=host, port=int(port) if port else None, path=path, tls=scheme == "https")


def how_to_put(secret: str) -> str:
    """The command that puts the webhook into the secret."""
    return (
        f"put it with: aws secretsmanager put-secret-value --secret-id {secret} "
        "--secret-string https://hooks.slack.com/services/…"
    )


class WebhookSecret:
    """Reads the secret, and keeps what it holds for five minutes."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Args: clock: seconds that only grow."""
        self._clock = clock
        self._kept: tuple[str, float, Webhook] | None = None

    def read(self, secret: str, *, region: str) -> Webhook:
        """The webhook.

        Args:
            secret: name or ARN of the secret.
            region: where it is.

        Raises:
            WebhookError: it has no value yet, cannot be read, or holds no webhook.
        """
        if self._kept and self._kept[0] == secret and self._clock() < self._kept[1]:
            return self._kept[2]
        webhook = Webhook.parse(_value(secret, region), secret=secret)
        self._kept = secret, self._clock() + _KEPT_SECONDS, webhook
        return webhook

    def forget(self) -> None:
        """Read the secret anew next time: a new webhook may be in it."""
        self._kept = None


def _value(secret: str, region: str) -> str:
    client: Any = boto3.client("secretsmanager", region_name=region, config=_CONFIG)
    try:
        return str(client.get_secret_value(SecretId=secret).get("SecretString", ""))
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "ResourceNotFoundException":
            # Terraform makes the secret without a value, so that no state ever holds one.
            raise WebhookError(f"secret {secret}: has no value yet; {how_to_put(secret)}") from None
        raise WebhookError(f"secret {secret}: cannot be read: {code}") from None
    except BotoCoreError as error:
        raise WebhookError(f"secret {secret}: cannot be read: {type(error).__name__}") from None
