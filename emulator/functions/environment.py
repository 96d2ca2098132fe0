"""The process environment of a function: what Lambda would give it, with the emulator for AWS."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from emulator import identity
from emulator.functions.deployed import Function

RUNTIME = "python3.13"

_STANDING_IN = {
    # The developer's own files would lead to real credentials and endpoints.
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    # There is no X-Ray daemon; in Lambda, Powertools traces.
    "POWERTOOLS_TRACE_DISABLED": "true",
    "AWS_XRAY_SDK_ENABLED": "false",
}
_FROM_IDENTITY = (
    "AWS_ENDPOINT_URL",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "NO_PROXY",
)


def environment(
    function: Function,
    *,
    url: str,
    root: Path,
    credentials: Mapping[str, str],
    database: Mapping[str, str],
    log_stream: str,
) -> dict[str, str]:
    """Gives a function's whole environment; nothing of this process's own gets in.

    As with Lambda, the deployed variables win over the runtime's defaults and lose to what Lambda
    reserves.

    Args:
        function: which.
        url: of the emulator.
        root: where its code is.
        credentials: of its role.
        database: how to reach the database; wins over the deployed variables.
        log_stream: that the process writes to.
    """
    # An empty environment: the function's NO_PROXY must not have entries of this process's own.
    ours = identity.variables(url, function.account_id, function.region, {})
    return (
        _defaults()
        | dict(function.environment)
        | _reserved(function, root, log_stream)
        | {name: ours[name] for name in _FROM_IDENTITY}
        | dict(credentials)
        | _STANDING_IN
        | dict(database)
    )


def _defaults() -> dict[str, str]:
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin:/usr/bin:/bin"]),
        # Not the developer's home, where libpq and boto3 would find files.
        "HOME": tempfile.gettempdir(),
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
    }


def _reserved(function: Function, root: Path, log_stream: str) -> dict[str, str]:
    """Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html."""
    reserved = {
        "_HANDLER": function.handler,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{RUNTIME}",
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": function.version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mib),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": function.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
        "AWS_LAMBDA_LOG_FORMAT": function.log_format,
        "LAMBDA_TASK_ROOT": str(root),
    }
    if function.log_level:
        reserved["AWS_LAMBDA_LOG_LEVEL"] = function.log_level
    return reserved
