"""boto3 for one account of the emulator. Loads boto3, which the emulator's commands do without."""

from __future__ import annotations

import boto3

from emulator import identity


def session(account_id: str, region: str) -> boto3.Session:
    """Gives a session that belongs to an account, whatever the process environment says.

    Args:
        account_id: twelve digits.
        region: such as `eu-west-1`.

    Raises:
        ValueError: if the account id is not twelve digits.
    """
    return boto3.Session(
        aws_access_key_id=identity.access_key_id(account_id),
        aws_secret_access_key="local",  # noqa: S106 - the emulator checks none
        region_name=region,
    )
