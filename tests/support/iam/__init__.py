"""Decides what policies allow, as far as our statements need it.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from tests.support.stacks import Stack, policy_of

Statements = Sequence[Mapping[str, Any]]
Context = Mapping[str, str | Sequence[str]]


def allowed(statements: Statements, action: str, resource: str, context: Context) -> bool:
    """Whether the statements allow an action: one allows it, and none denies it."""
    effects = {s["Effect"] for s in statements if _applies(s, action, resource, context)}
    return effects == {"Allow"}


def _applies(statement: Mapping[str, Any], action: str, resource: str, context: Context) -> bool:
    return (
        any(matches(pattern.lower(), action.lower()) for pattern in listed(statement["Action"]))
        and _names(statement, resource)
        and all(
            _holds(operator, wanted, context.get(key))
            for operator, keys in statement.get("Condition", {}).items()
            for key, wanted in keys.items()
        )
    )


def _names(statement: Mapping[str, Any], resource: str) -> bool:
    if "NotResource" in statement:
        return not any(matches(pattern, resource) for pattern in listed(statement["NotResource"]))
    # A role's trust policy names no resource.
    return any(matches(pattern, resource) for pattern in listed(statement.get("Resource", "*")))


def _holds(operator: str, wanted: str | Sequence[str], given: str | Sequence[str] | None) -> bool:
    quantifier, _, plain = operator.rpartition(":")
    if plain == "Null":
        return (given is None) == (wanted == "true")
    values = [] if given is None else listed(given)

    def like(value: str) -> bool:
        return any(matches(pattern, value) for pattern in listed(wanted))

    tests: dict[str, Callable[[str], bool]] = {
        "ArnLike": like,
        "StringEquals": lambda value: value in listed(wanted),
        "StringNotEquals": lambda value: value not in listed(wanted),
        "StringLike": like,
        "Bool": lambda value: value in listed(wanted),
    }
    results = [tests[plain](value) for value in values]
    if not results:
        return quantifier == "ForAllValues" or "Not" in plain
    return all(results) if quantifier == "ForAllValues" else any(results)


def role_statements(stack: Stack, role: str) -> list[dict[str, Any]]:
    """All statements of the managed policies that a pipeline's role has.

    Args:
        stack: the pipeline's stack.
        role: ``plan``, ``apply``, or the apply role of another system, ``apply-<system>``.
    """
    made = stack.resources("aws_iam_policy")
    found = []
    for attachment in stack.resources("aws_iam_role_policy_attachment").values():
        if f"gitlab_{role}_" in attachment["role"]:
            found += policy_of(made[attachment["policy_arn"].split(".")[1]])
    assert found, f"no role {role}"
    return found


def listed(value: str | Iterable[str]) -> list[str]:
    """A list of what IAM writes as one value or as several."""
    return [value] if isinstance(value, str) else list(value)


def matches(pattern: str, text: str) -> bool:
    """Whether IAM's pattern, with its asterisks and question marks, is that of the whole text."""
    return _compiled(pattern).fullmatch(text) is not None


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = {"*": ".*", "?": "."}
    return re.compile("".join(parts.get(char, re.escape(char)) for char in pattern), re.DOTALL)


def size(document: str) -> int:
    """Characters of a policy as IAM counts them: without white space."""
    return len(re.sub(r"\s", "", json.dumps(json.loads(document))))
