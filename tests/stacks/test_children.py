"""What AWS deletes along with its parent is replaced along with it, in every stack.

A child that refers to what only AWS knows of its parent (an id, an ARN) is replaced with it: until
the new parent exists, that is unknown. A child that refers to what the stack itself has given the
parent, such as its name, stays in the state as it was, although AWS has deleted it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.stacks import BY_NAME, Stack, all_stacks, rag_stack

_REFERENCE = re.compile(r"\b(aws_\w+)\.([\w-]+)\.(\w+)")

OUTLIVE_THEIR_PARENT = {
    ("aws_cloudwatch_log_group", "aws_lambda_function"): "writes to any group of that name",
    ("aws_cloudwatch_log_group", "aws_cloudwatch_query_definition"): "a text that names groups",
    ("aws_cloudwatch_log_group", "aws_cloudwatch_dashboard"): "a text that names groups",
    ("aws_db_subnet_group", "aws_db_instance"): "AWS keeps a group that an instance uses",
    ("aws_glue_catalog_database", "aws_athena_named_query"): "a text; AWS keeps it",
    ("aws_lambda_function", "aws_lambda_invocation"): "a call; AWS keeps nothing of it",
    ("aws_lambda_alias", "aws_lambda_invocation"): "a call; AWS keeps nothing of it",
    ("aws_cloudwatch_log_group", "aws_iam_role_policy"): "allows any group of that name",
    ("aws_iam_group", "aws_iam_group_policy"): "Terraform renames a group and never replaces it",
    ("aws_iam_group", "aws_iam_group_policy_attachment"): "the same",
    ("aws_db_instance", "aws_instance"): "draws the metrics of any database of that name",
}
"""Parent and child that refers to it by a name: why the child need not be replaced with it."""

OPTIONS: dict[str, Any] = {
    "rag__network__nat": "per_zone",
    "rag__network__interface_endpoints": ("bedrock-runtime", "secretsmanager"),
    "rag__network__interface_endpoint_zones": ("ap-southeast-1a",),
    "rag__network__flow_logs__cloudwatch_days": None,
    "rag__function__provisioned_concurrency": 1,
    "rag__grafana": {},
    "rag__api__jwt_issuer": "https://issuer.example.com",
    "rag__api__jwt_audience": ("web",),
    "rag__api__domain_name": "api.example.com",
    "rag__api__certificate_arn": "arn:aws:acm:ap-southeast-1:111122223333:certificate/"
    "11111111-2222-3333-4444-555555555555",
}
"""What makes resources that neither environment has by itself."""


def _references(value: Any) -> Iterator[tuple[str, str, str]]:
    """Type, name and attribute of all that a value refers to."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _references(item)
    elif isinstance(value, str):
        for expression in re.findall(r"\$\{[^}]*\}", value):
            yield from _REFERENCE.findall(expression)


def _left_behind(stack: Stack) -> Iterator[str]:
    """Each child that a replacement of its parent would lose."""
    resources = stack.body["resource"]
    for child, body in stack.everything():
        arguments = {k: v for k, v in body.items() if k not in ("depends_on", "lifecycle")}
        references = set(_references(arguments))
        for kind, name, attribute in references:
            if attribute not in resources.get(kind, {}).get(name, {}):
                continue  # AWS chooses it
            others = {a for k, n, a in references if (k, n) == (kind, name)}
            if any(other not in resources[kind][name] for other in others):
                continue  # another argument is of AWS's choice
            triggers = body.get("lifecycle", {}).get("replace_triggered_by", [])
            if f"{kind}.{name}.id" in triggers:
                continue
            if (kind, child.partition(".")[0]) not in OUTLIVE_THEIR_PARENT:
                yield f"{child} names {kind}.{name} by its {attribute}"


def _every_stack(name: str) -> dict[str, Stack]:
    return {**all_stacks(name), "with all options": rag_stack(name, **OPTIONS)}


@pytest.mark.parametrize("name", BY_NAME)
def test_every_child_is_replaced_with_its_parent(name: str) -> None:
    """To mend: refer to ``parent.id``, or ``lifecycle=replaced_with(parent)``, or say above why."""
    for stack_name, stack in _every_stack(name).items():
        assert list(_left_behind(stack)) == [], stack_name


def test_no_exception_is_left_over() -> None:
    named = {
        (kind, child.partition(".")[0])
        for name in BY_NAME
        for stack in _every_stack(name).values()
        for child, body in stack.everything()
        for kind, _, _ in _references(body)
    }
    assert named >= OUTLIVE_THEIR_PARENT.keys()


def test_a_child_that_stays_behind_is_found() -> None:
    stack = rag_stack("dev")
    body = {**stack.body, "resource": {k: dict(v) for k, v in stack.body["resource"].items()}}
    (proxy,) = stack.resources("aws_db_proxy")
    groups = body["resource"]["aws_db_proxy_default_target_group"]
    ((group, settings),) = groups.items()
    groups[group] = {**settings, "db_proxy_name": f"${{aws_db_proxy.{proxy}.name}}"}
    assert list(_left_behind(Stack(body))) == [
        f"aws_db_proxy_default_target_group.{group} names aws_db_proxy.{proxy} by its name"
    ]
