"""What Terraform deployed: a function's version, as moto keeps it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.models import LambdaFunction
from moto.awslambda.utils import get_backend
from moto.sts.models import sts_backends

DEFAULT_CONCURRENCY = 10
"""Invocations at once of a function without reserved concurrency; AWS shares 1,000 an account."""

_SECONDS = 12 * 3_600
"""What credentials say of their length of life; the emulator lets none expire."""

_LOG_DEFAULTS = {"LogFormat": "Text"}


@dataclass(frozen=True, kw_only=True)
class Function:
    """One version of a function. Equal ones may share a worker process.

    Attributes:
        account_id: twelve digits.
        region: such as `us-east-1`.
        name: without qualifier.
        version: a number or `$LATEST`.
        arn: without qualifier.
        handler: `<module>.<function>`.
        memory_mib: as configured; not enforced.
        timeout_seconds: when an invocation is stopped.
        environment: the variables that Terraform gave it.
        code_sha256: of the deployed zip, base64.
        log_format: `Text` or `JSON`.
        log_level: of the application, where the format is JSON.
        log_group: where AWS would write.
        invoked_arn: with the qualifier that the caller used.
        concurrency: invocations at once.
        statements: its resource policy.
        system_log_level: of Lambda's own lines, where the format is JSON.
        dead_letter_arn: queue or topic for asynchronous events that failed; None without one.
        role_arn: whom its code is for AWS.
    """

    account_id: str
    region: str
    name: str
    version: str
    arn: str
    handler: str
    memory_mib: int
    timeout_seconds: float
    environment: Mapping[str, str]
    code_sha256: str
    log_format: str
    log_level: str | None
    log_group: str
    invoked_arn: str = field(compare=False)
    concurrency: int = field(compare=False)
    statements: str = field(compare=False, repr=False)
    system_log_level: str | None = None
    dead_letter_arn: str | None = field(compare=False, default=None)
    role_arn: str = ""

    def policy(self) -> list[dict[str, Any]]:
        """The statements of its resource policy."""
        statements: list[dict[str, Any]] = json.loads(self.statements)
        return statements


class Functions:
    """The functions of every account and region."""

    def __init__(self, lock: AbstractContextManager[Any]) -> None:
        """Reads moto under the lock that every request holds while it is inside moto."""
        self._lock = lock

    def find(
        self, account_id: str, region: str, name: str, qualifier: str | None
    ) -> Function | None:
        """Finds a version of a function.

        Args:
            account_id: twelve digits.
            region: such as `us-east-1`.
            name: a name or an ARN, whole or partial, possibly with a qualifier.
            qualifier: a version, an alias or `$LATEST`, unless the name has it.

        Returns:
            The version, or None if there is none.
        """
        name, in_name = _split(name)
        qualifier = in_name or qualifier
        with self._lock:
            backend = get_backend(account_id, region)
            try:
                latest = backend.get_function(name)
                wanted = backend.get_function(name, qualifier) if qualifier else latest
            except UnknownFunctionException:
                return None
            return _describe(wanted, latest, qualifier)

    def credentials(self, function: Function) -> dict[str, str]:
        """Temporary credentials of a function's role, as the variables that Lambda gives it.

        Permissions are not checked; but who called is known, to logs for example.
        """
        with self._lock:
            found = sts_backends[function.account_id]["aws"].assume_role(
                region_name=function.region,
                role_session_name=function.name,
                role_arn=function.role_arn,
                policy="",
                duration=_SECONDS,
                external_id="",
            )
        return {
            "AWS_ACCESS_KEY_ID": found.access_key_id,
            "AWS_SECRET_ACCESS_KEY": found.secret_access_key,
            "AWS_SESSION_TOKEN": found.session_token,
        }


def _split(name: str) -> tuple[str, str | None]:
    """Name and qualifier of `name`, `name:live`, `<account>:function:name` or an ARN."""
    found = re.fullmatch(r"(?:(?:.+:)?function:)?([^:]+)(?::([^:]+))?", name)
    return (found[1], found[2]) if found else (name, None)


def _describe(wanted: LambdaFunction, latest: LambdaFunction, qualifier: str | None) -> Function:
    reserved = latest.reserved_concurrency
    logging = _LOG_DEFAULTS | (getattr(wanted, "logging_config", None) or {})
    arn = latest.function_arn
    return Function(
        account_id=wanted.account_id,
        region=wanted.region,
        name=wanted.function_name,
        version=str(wanted.version),
        arn=arn,
        handler=wanted.handler or "",
        memory_mib=int(wanted.memory_size),
        timeout_seconds=float(wanted.timeout),
        environment=dict(wanted.environment_vars or {}),
        code_sha256=str(getattr(wanted, "code_sha_256", "")),
        log_format=logging["LogFormat"],
        log_level=logging.get("ApplicationLogLevel"),
        log_group=logging.get("LogGroup") or f"/aws/lambda/{wanted.function_name}",
        invoked_arn=f"{arn}:{qualifier}" if qualifier else arn,
        concurrency=DEFAULT_CONCURRENCY if reserved is None else int(reserved),
        statements=json.dumps(wanted.policy.statements),
        system_log_level=logging.get("SystemLogLevel"),
        dead_letter_arn=(getattr(wanted, "dead_letter_config", None) or {}).get("TargetArn")
        or None,
        role_arn=wanted.role,
    )
