"""Calls of AWS that the pipeline makes itself: quick ones, with the credentials that Terraform has."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from pipeline.release.credentials import ROLE, SESSION, TOKEN_FILE

LIMITS: Mapping[str, Any] = {
    "connect_timeout": 3,
    "read_timeout": 5,
    "retries": {"total_max_attempts": 2},
}
"""Of one call, which tells people of something and must not hold anything up for long."""


def signed_in(region: str, env: Mapping[str, str]) -> Any:
    """Credentials of the stack's role by the job's token; without one, those that are there.

    AWS's library takes a token's file from this process's own variables only, and each stack has
    another role.

    Args:
        region: where the token is shown.
        env: as ``pipeline.release.credentials.sign_in`` gives it.
    """
    if not env.get(TOKEN_FILE):
        return boto3.Session()
    config = Config(signature_version=UNSIGNED, **LIMITS)
    sts: Any = boto3.client("sts", region_name=region, config=config)
    found = sts.assume_role_with_web_identity(
        RoleArn=env[ROLE],
        RoleSessionName=env[SESSION],
        WebIdentityToken=Path(env[TOKEN_FILE]).read_text(),
    )["Credentials"]
    return boto3.Session(
        aws_access_key_id=found["AccessKeyId"],
        aws_secret_access_key=found["SecretAccessKey"],
        aws_session_token=found["SessionToken"],
    )


def failure(error: Exception, *, allow: str) -> str:
    """What went wrong with a call, in one line.

    Args:
        error: AWS's.
        allow: the action that the role needs.
    """
    code = error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
    hint = (
        f"allow {allow}" if "Denied" in code or "Authorization" in code else "see AWS's own words"
    )
    return f"{' '.join(str(error).split())}; {hint}"
