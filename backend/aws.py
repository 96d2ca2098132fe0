"""Clients of the account that holds a state, and the check that it is this account."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from backend.errors import BackendError
from backend.synthesised import StackState


def client(service: str, state: StackState) -> Any:
    """A boto3 client in the state's region."""
    return boto3.client(service, region_name=state.region)


def error_code(error: ClientError) -> str:
    """AWS's code of an error, such as ``NoSuchBucket``."""
    return str(error.response["Error"]["Code"])


def check_account(state: StackState) -> None:
    """Refuse credentials of another account before anything is read or written.

    Raises:
        BackendError: no credentials, credentials that AWS refuses, or another account's.
    """
    environment, account = state.environment, state.account_id
    try:
        identity = client("sts", state).get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        raise BackendError(
            f"AWS credentials: {error}; sign in to account {account} "
            f'(or run eval "$(make -s local-env ENV={environment})" for the emulator)'
        ) from error
    if identity["Account"] != account:
        raise BackendError(
            f"AWS credentials: they are of account {identity['Account']}, but {environment} "
            f"lives in {account}; sign in there, or correct account_id in "
            f"environments/{environment}.py"
        )
