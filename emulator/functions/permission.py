"""Whether a function lets a service invoke it, by the function's resource policy."""

from __future__ import annotations

import re
from typing import Any

from emulator.functions.deployed import Function

_ACTIONS = {"lambda:InvokeFunction", "lambda:*", "*"}


def admits(function: Function, *, service: str, source: str, account_id: str) -> bool:
    """Whether a statement of the policy covers an invocation.

    Conditions other than on the source's ARN and account are not looked at.

    Args:
        function: with the qualifier that the caller names.
        service: the principal, such as `sns.amazonaws.com`.
        source: ARN of what makes the service call.
        account_id: whose source.
    """
    return any(
        _covers(statement, function.invoked_arn, service, source, account_id)
        for statement in function.policy()
    )


def _covers(
    statement: dict[str, Any], function_arn: str, service: str, source: str, account_id: str
) -> bool:
    conditions = statement.get("Condition") or {}
    source_arn = conditions.get("ArnLike", {}).get("AWS:SourceArn")
    account = conditions.get("StringEquals", {}).get("AWS:SourceAccount", account_id)
    return (
        statement.get("Effect") == "Allow"
        and statement.get("Action") in _ACTIONS
        and statement.get("Principal") in ({"Service": service}, "*")
        and statement.get("Resource") == function_arn
        and account == account_id
        and (source_arn is None or _like(source_arn, source))
    )


def _like(pattern: str, arn: str) -> bool:
    """`ArnLike`: each of the six parts for itself, `*` and `?` as usual."""
    parts = list(zip(pattern.split(":", 5), arn.split(":", 5), strict=False))
    return pattern.count(":") >= 5 and all(
        re.fullmatch(re.escape(part).replace(r"\*", ".*").replace(r"\?", "."), text)
        for part, text in parts
    )
