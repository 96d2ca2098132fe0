"""The functions of a synthesised stack that callers reach by an alias."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from recovery.errors import RecoveryError

_REFERENCE = re.compile(r"\$\{(aws_lambda_\w+)\.([\w-]+)\.")


@dataclass(frozen=True, kw_only=True, slots=True)
class AliasedFunction:
    """A function and the alias by which it is called.

    Attributes:
        name: of the function, as AWS knows it.
        alias: name of the alias.
        behind_api: an API calls it.
        deploys: Terraform itself invokes it in a deployment.
    """

    name: str
    alias: str
    behind_api: bool
    deploys: bool


def choose(body: Mapping[str, Any], stack: str, wanted: str | None) -> AliasedFunction:
    """The function to roll back.

    Args:
        body: the stack's JSON.
        stack: its id, for messages.
        wanted: name of a function, or its last part; None for the one behind the API.

    Raises:
        RecoveryError: there is none, or Terraform itself invokes it.
    """
    functions = aliased_functions(body)
    names = ", ".join(each.name for each in functions if not each.deploys) or "none"
    if wanted is None:
        found = [each for each in functions if each.behind_api]
    else:
        found = [f for f in functions if f.name == wanted or f.name.endswith(f"-{wanted}")]
    if len(found) != 1:
        what = "behind an API" if wanted is None else f"called {wanted!r}"
        raise RecoveryError(
            f"stack {stack}: {len(found) or 'no'} function{'s' if len(found) > 1 else ''} {what}; "
            f"name one with FUNCTION=NAME: {names}"
        )
    if found[0].deploys:
        raise RecoveryError(
            f"{found[0].name}: it runs in deployments only, where an earlier version of it refuses "
            f"the database of a newer one; FUNCTION may be: {names}"
        )
    return found[0]


def aliased_functions(body: Mapping[str, Any]) -> list[AliasedFunction]:
    """Every function of a stack that has an alias, by name."""
    resources: Mapping[str, Mapping[str, Any]] = body.get("resource", {})
    called = set(_aliases(resources, "aws_apigatewayv2_integration", "integration_uri"))
    invoked = set(_aliases(resources, "aws_lambda_invocation", "qualifier"))
    return sorted(
        (
            AliasedFunction(
                name=_function_name(resources, alias),
                alias=alias["name"],
                behind_api=resource_id in called,
                deploys=resource_id in invoked,
            )
            for resource_id, alias in resources.get("aws_lambda_alias", {}).items()
        ),
        key=lambda function: function.name,
    )


def _aliases(
    resources: Mapping[str, Mapping[str, Any]], resource_type: str, argument: str
) -> Iterator[str]:
    """Ids of the aliases to which an argument of a type refers."""
    for resource in resources.get(resource_type, {}).values():
        for kind, resource_id in _REFERENCE.findall(str(resource.get(argument))):
            if kind == "aws_lambda_alias":
                yield resource_id


def _function_name(resources: Mapping[str, Mapping[str, Any]], alias: Mapping[str, Any]) -> str:
    [(_, resource_id)] = _REFERENCE.findall(alias["function_name"])
    return str(resources["aws_lambda_function"][resource_id]["function_name"])
