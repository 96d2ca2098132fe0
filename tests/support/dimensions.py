"""Whether what dashboards, alarms and saved queries look at is in the stack at all.

A dimension of the right name with the value of nothing is accepted and stays empty.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.support.stacks import Stack

OWNERS: Mapping[str, tuple[str, str]] = {
    "ApiId": ("aws_apigatewayv2_api", "id"),
    "DBInstanceIdentifier": ("aws_db_instance", "identifier"),
    "FunctionName": ("aws_lambda_function", "function_name"),
    "KeyArn": ("aws_kms_key", "arn"),
    "LogGroupName": ("aws_cloudwatch_log_group", "name"),
    "NatGatewayId": ("aws_nat_gateway", "id"),
    "ProxyName": ("aws_db_proxy", "name"),
    "QueueName": ("aws_sqs_queue", "name"),
    "TopicName": ("aws_sns_topic", "name"),
}
"""Dimension to the type that has it, and the argument or attribute."""

WORDS = {"Operation"}
"""Dimensions whose values are AWS's own words, and no things."""

_REFERENCE = re.compile(r"\$\{(?P<kind>aws_\w+)\.(?P<name>[\w-]+)\.(?P<attribute>\w+)\}")
_SOURCE = re.compile(r"SOURCE '([^']+)'")
_FINDINGS = "LogEventsWithFindings"

Dimensions = Mapping[str, str]


def strangers(stack: Stack, *, stack_id: str) -> list[str]:
    """One line for each value of a dimension, and each log group, that the stack does not have.

    Args:
        stack: a synthesised stack.
        stack_id: its id, by which deployments are told apart.
    """
    found = [
        f"{where}: {name} by {dimension}={value}: the stack has no such thing"
        for where, name, dimensions in series(stack)
        for dimension, value in dimensions.items()
        if not _known(stack, dimension, value, stack_id)
    ]
    found += [
        f"{where}: {dimensions['LogGroupName']} masks nothing and has no findings"
        for where, name, dimensions in series(stack)
        if name == _FINDINGS and not _masks(stack, dimensions["LogGroupName"])
    ]
    return found + [
        f"{where}: the stack has no log group {group}"
        for where, group in _searched(stack)
        if not _known(stack, "LogGroupName", group, stack_id)
    ]


def series(stack: Stack) -> Iterator[tuple[str, str, Dimensions]]:
    """What is drawn and judged: where, the metric's name, its dimensions."""
    for title, properties in _widgets(stack, "metric"):
        for row in properties["metrics"]:
            *names, options = row
            if "expression" not in options:
                pairs = names[2:]
                yield title, names[1], dict(zip(pairs[::2], pairs[1::2], strict=True))
    for body in stack.resources("aws_cloudwatch_metric_alarm").values():
        queried = [each["metric"] for each in body.get("metric_query", []) if "metric" in each]
        for metric in queried or [body]:
            yield body["alarm_name"], metric["metric_name"], metric.get("dimensions", {})


def _widgets(stack: Stack, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for body in stack.resources("aws_cloudwatch_dashboard").values():
        for widget in json.loads(body["dashboard_body"])["widgets"]:
            if widget["type"] == kind:
                yield widget["properties"]["title"], widget["properties"]


def _searched(stack: Stack) -> Iterator[tuple[str, str]]:
    for title, properties in _widgets(stack, "log"):
        for group in _SOURCE.findall(properties["query"]):
            yield title, group
    for body in stack.resources("aws_cloudwatch_query_definition").values():
        for group in body["log_group_names"]:
            yield body["name"], group


def _known(stack: Stack, dimension: str, value: str, stack_id: str) -> bool:
    if dimension in WORDS:
        return True
    if dimension == "stack":
        return value == stack_id
    if dimension == "ModelId":
        return any(
            value in body["environment"]["variables"].values()
            for body in stack.resources("aws_lambda_function").values()
        )
    return _owner(stack, dimension, value) is not None


def _owner(stack: Stack, dimension: str, value: str) -> str | None:
    """The name in Terraform of the resource that a value belongs to."""
    kind, attribute = OWNERS[dimension]
    if reference := _REFERENCE.fullmatch(value):
        right = (reference["kind"], reference["attribute"]) == (kind, attribute)
        return reference["name"] if right and reference["name"] in stack.resources(kind) else None
    return next(
        (name for name, body in stack.resources(kind).items() if body.get(attribute) == value), None
    )


def _masks(stack: Stack, log_group: str) -> bool:
    owner = _owner(stack, "LogGroupName", log_group)
    return any(
        body["log_group_name"] == f"${{aws_cloudwatch_log_group.{owner}.id}}"
        for body in stack.resources("aws_cloudwatch_log_data_protection_policy").values()
    )
