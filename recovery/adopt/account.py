"""Asks AWS what exists, each question once a round."""

from __future__ import annotations

import json
import re
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from recovery.errors import RecoveryError

_NOT_FOUND = re.compile(r"NotFound|NoSuch|NonExistent|QueueDoesNotExist|^404$")


class Account:
    """What exists in an account and a region.

    Attributes:
        id: the account's twelve digits.
        region: its region.
    """

    def __init__(self, *, id: str, region: str) -> None:  # noqa: A002 - AWS's own word for it
        """Args: id: twelve digits. region: such as ``ap-southeast-1``."""
        self.id = id
        self.region = region
        self._clients: dict[str, Any] = {}
        self._answers: dict[str, Any] = {}

    def forget(self) -> None:
        """Ask anew from now on."""
        self._answers.clear()

    def ask(self, call: str, **arguments: Any) -> dict[str, Any] | None:
        """The whole answer of an operation, all its pages; None where there is no such thing.

        Args:
            call: service and operation as boto3 names them, such as ``ec2.describe_vpcs``.
            arguments: of the operation.

        Raises:
            RecoveryError: AWS refuses the question.
        """
        key = json.dumps([call, arguments], sort_keys=True)
        if key not in self._answers:
            self._answers[key] = self._ask(call, arguments)
        answer: dict[str, Any] | None = self._answers[key]
        return answer

    def _ask(self, call: str, arguments: dict[str, Any]) -> dict[str, Any] | None:
        service, _, operation = call.partition(".")
        client = self._client(service)
        try:
            if client.can_paginate(operation):
                pages = client.get_paginator(operation).paginate(**arguments)
                return dict(pages.build_full_result())
            return dict(getattr(client, operation)(**arguments))
        except ClientError as error:
            if _NOT_FOUND.search(error.response["Error"]["Code"]):
                return None
            raise RecoveryError(f"{service}: {error}") from error
        except BotoCoreError as error:
            raise RecoveryError(f"{service}: {error}") from error

    def _client(self, service: str) -> Any:
        if service not in self._clients:
            # It asks hundreds of questions within seconds; AWS may ask it to slow down.
            settings = Config(retries={"mode": "adaptive", "total_max_attempts": 10})
            self._clients[service] = boto3.client(service, region_name=self.region, config=settings)
        return self._clients[service]
