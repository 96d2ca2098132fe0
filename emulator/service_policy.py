"""Whether a resource's policy lets a service of AWS do something for a resource of somebody's."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Caller:
    """A service that acts for one resource: what its requests tell of themselves.

    Attributes:
        service: its principal, such as `cloudwatch.amazonaws.com`.
        account_id: of the resource, in `aws:SourceAccount`; None where the service sends none.
        source_arn: of the resource, in `aws:SourceArn`; None where the service sends none.
    """

    service: str
    account_id: str | None = None
    source_arn: str | None = None

    def allowed(
        self, policy: str, *, action: str, resource: str, context: Mapping[str, str] | None = None
    ) -> bool:
        """Whether a policy allows an action and does not deny it.

        Conditions on what such a request does not have are not met.

        Args:
            policy: a resource's, as JSON.
            action: such as `SNS:Publish`.
            resource: the ARN of the resource.
            context: further keys of this request, in lower case, with their values.
        """
        values = self._values() | dict(context or {})
        statements = [
            statement
            for statement in _listed(json.loads(policy).get("Statement"))
            if self._is_meant(statement)
            and _named(statement, "Action", action)
            and _named(statement, "Resource", resource)
            and _fits(statement.get("Condition") or {}, values)
        ]
        effects = {statement["Effect"] for statement in statements}
        return effects == {"Allow"}

    def _is_meant(self, statement: Mapping[str, Any]) -> bool:
        if "NotPrincipal" in statement:
            return not self._is_principal(statement["NotPrincipal"])
        return self._is_principal(statement.get("Principal"))

    def _is_principal(self, principal: Any) -> bool:
        if principal == "*":
            return True
        if not isinstance(principal, Mapping):
            return False
        anybody = "*" in _listed(principal.get("AWS"))
        return anybody or self.service in _listed(principal.get("Service"))

    def _values(self) -> dict[str, str]:
        known = {
            "aws:sourceaccount": self.account_id,
            "aws:sourceowner": self.account_id,
            "aws:sourcearn": self.source_arn,
            "aws:securetransport": "true",
        }
        return {key: value for key, value in known.items() if value is not None}


def _fits(
    conditions: Mapping[str, Mapping[str, Any]],
    values: Mapping[str, str],
) -> bool:
    return all(
        _holds(operator, values.get(key.lower()), [str(each) for each in _listed(expected)])
        for operator, keys in conditions.items()
        for key, expected in keys.items()
    )


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda pattern, value: pattern == value,
    "StringLike": lambda pattern, value: _like(pattern, value),
    "ArnEquals": lambda pattern, value: _like(pattern, value),
    "ArnLike": lambda pattern, value: _like(pattern, value),
    "Bool": lambda pattern, value: pattern.lower() == value,
}


def _holds(operator: str, value: str | None, expected: list[str]) -> bool:
    if operator.endswith("IfExists") and value is None:
        return True
    operator = operator.removesuffix("IfExists")
    negated = "Not" in operator
    compare = _OPERATORS.get(operator.replace("Not", ""))
    if compare is None:
        return False
    if value is None:
        return negated
    return any(compare(each, value) for each in expected) != negated


def _named(statement: Mapping[str, Any], key: str, name: str) -> bool:
    if f"Not{key}" in statement:
        return not any(_like(each, name) for each in _listed(statement[f"Not{key}"]))
    return any(_like(each, name) for each in _listed(statement.get(key)))


def _like(pattern: str, text: str) -> bool:
    regular = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(regular, text, re.IGNORECASE) is not None


def _listed(value: Any) -> Iterable[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
