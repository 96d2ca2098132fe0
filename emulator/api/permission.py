"""Whether a function lets an API invoke it, by the function's resource policy."""

from __future__ import annotations

import re
from typing import Any

from emulator.api.deployed import Api
from emulator.api.event import STAGE
from emulator.api.routes import DEFAULT_ROUTE, Route
from emulator.functions.deployed import Function

_ACTIONS = {"lambda:InvokeFunction", "lambda:*", "*"}


def allows(function: Function, api: Api, route: Route, method: str) -> bool:
    """Whether a statement of the policy covers a request.

    Conditions other than on the source's ARN and account are not looked at.

    Args:
        function: with the qualifier that the integration names.
        api: which calls.
        route: that the request takes.
        method: of the request.
    """
    path = f"{method}{route.path}" if route.key != DEFAULT_ROUTE else DEFAULT_ROUTE
    prefix = f"arn:aws:execute-api:{api.region}:{api.account_id}:{api.api_id}"
    source = f"{prefix}/{STAGE}/{path}"
    return any(
        _covers(statement, function.invoked_arn, source, api.account_id)
        for statement in function.policy()
    )


def _covers(statement: dict[str, Any], function_arn: str, source: str, account_id: str) -> bool:
    conditions = statement.get("Condition") or {}
    source_arn = conditions.get("ArnLike", {}).get("AWS:SourceArn")
    account = conditions.get("StringEquals", {}).get("AWS:SourceAccount", account_id)
    return (
        statement.get("Effect") == "Allow"
        and statement.get("Action") in _ACTIONS
        and statement.get("Principal") in ({"Service": "apigateway.amazonaws.com"}, "*")
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
