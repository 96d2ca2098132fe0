"""Whether a function lets an API invoke it, by the function's resource policy."""

from __future__ import annotations

from emulator.api.deployed import Api
from emulator.api.event import STAGE
from emulator.api.routes import DEFAULT_ROUTE, Route
from emulator.functions.deployed import Function
from emulator.functions.permission import admits


def allows(function: Function, api: Api, route: Route, method: str) -> bool:
    """Whether a statement of the policy covers a request.

    Args:
        function: with the qualifier that the integration names.
        api: which calls.
        route: that the request takes.
        method: of the request.
    """
    path = f"{method}{route.path}" if route.key != DEFAULT_ROUTE else DEFAULT_ROUTE
    prefix = f"arn:aws:execute-api:{api.region}:{api.account_id}:{api.api_id}"
    return admits(
        function,
        service="apigateway.amazonaws.com",
        source=f"{prefix}/{STAGE}/{path}",
        account_id=api.account_id,
    )
