"""Who is calling: accounts, and the process environment that stands for one of them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

ACCESS_KEY_PREFIX = "local-"
DEFAULT_ACCOUNT = "123456789012"
DEFAULT_REGION = "us-east-1"

UNSET = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
)
"""Variables to unset: with them, tools would use real credentials or endpoints."""


def access_key_id(account_id: str) -> str:
    """Gives the access key id that makes a request belong to an account.

    Args:
        account_id: twelve digits.

    Raises:
        ValueError: if the account id is anything else.
    """
    if not re.fullmatch(r"[0-9]{12}", account_id):
        raise ValueError(f"account id {account_id!r} is not twelve digits")
    return f"{ACCESS_KEY_PREFIX}{account_id}"


def variables(
    url: str, account_id: str, region: str, inherited: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Gives the variables that send Terraform, boto3 and cdktf to the emulator.

    Args:
        url: of the emulator, such as `http://127.0.0.1:4566`.
        account_id: twelve digits.
        region: such as `us-east-1`.
        inherited: where a `NO_PROXY` to extend is read; this process's environment by default.

    Raises:
        ValueError: if the account id is not twelve digits.
    """
    inherited = os.environ if inherited is None else inherited
    direct = [*filter(None, inherited.get("NO_PROXY", "").split(",")), "127.0.0.1"]
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": access_key_id(account_id),
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        # The provider would try 25 times, for minutes, to reach an emulator that was stopped.
        "AWS_MAX_ATTEMPTS": "2",
        "CHECKPOINT_DISABLE": "1",
        "NO_PROXY": ",".join(dict.fromkeys(direct)),
    }


def unwanted(inherited: Mapping[str, str] | None = None) -> list[str]:
    """Names the inherited variables that would lead past the emulator, in order."""
    inherited = os.environ if inherited is None else inherited
    services = [name for name in inherited if name.startswith("AWS_ENDPOINT_URL_")]
    return sorted({*UNSET, *services})
