"""Draws a stack's architecture from its synthesised JSON, as a Mermaid flowchart.

Nothing is drawn from memory: a box is a resource, an arrow is a reference, a security-group rule
or an IAM statement that stands in the JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

Resources = Mapping[str, Mapping[str, Mapping[str, Any]]]

BOXES = {
    # resource type: shape of its box, with the label inside
    "aws_apigatewayv2_api": '(["API Gateway<br/>{label}"])',
    "aws_lambda_function": '["Lambda<br/>{label}"]',
    "aws_db_proxy": '["RDS Proxy<br/>{label}"]',
    "aws_db_instance": '[("PostgreSQL {engine_version}<br/>{instance_class}")]',
    "aws_secretsmanager_secret": '>"Secret<br/>{label}"]',
    "aws_nat_gateway": '["NAT gateway<br/>{label}"]',
}
_LABEL_FIELDS = ("name", "function_name", "identifier")
_REFERENCE = re.compile(r"\$\{(aws_[a-z0-9_]+)\.([A-Za-z0-9_-]+)")


def mermaid(stack: Mapping[str, Any]) -> str:
    """A flowchart of one stack.

    Args:
        stack: the parsed ``cdk.tf.json``.
    """
    resources: Resources = stack["resource"]
    lines = ["flowchart LR"]
    for kind, shape in BOXES.items():
        for name, body in resources.get(kind, {}).items():
            lines.append(f"    {_box(name)}{shape.format(label=_label(body), **body)}")
    endpoints = _endpoint_names(resources)
    if endpoints:
        lines.append(f'    endpoints["Interface endpoints<br/>{"<br/>".join(endpoints)}"]')
    lines += [f'    {_box(model)}{{{{"Bedrock<br/>{model}"}}}}' for model in _models(resources)]
    edges = dict.fromkeys(
        [
            *_routes(resources),
            *_network(resources),
            *_secrets(resources),
            *_model_edges(resources),
        ]
    )
    return "\n".join([*lines, *(f"    {edge}" for edge in edges)]) + "\n"


def _routes(resources: Resources) -> Iterator[str]:
    """API to function, by way of route, integration and alias: one arrow for all routes."""
    keys: dict[tuple[str, str], list[str]] = {}
    for route in resources.get("aws_apigatewayv2_route", {}).values():
        api = _target(route["api_id"])
        integration = resources["aws_apigatewayv2_integration"][_target(route["target"])]
        alias = resources["aws_lambda_alias"][_target(integration["integration_uri"])]
        ends = _box(api), _box(_target(alias["function_name"]))
        keys.setdefault(ends, []).append(route["route_key"])
    for (api, function), routes in keys.items():
        # By path, as a reader looks for them.
        ordered = sorted(routes, key=lambda key: key.split()[::-1])
        yield f'{api} -- "{"<br/>".join(ordered)}" --> {function}'


def _network(resources: Resources) -> Iterator[str]:
    """Who may open a connection to whom: the security groups' egress rules."""
    owners = _owners(resources)
    for rule in resources.get("aws_vpc_security_group_egress_rule", {}).values():
        source = owners.get(_target(rule["security_group_id"]))
        if "referenced_security_group_id" not in rule:
            for nat in resources.get("aws_nat_gateway", {}):
                yield f'{source} -- "{rule["to_port"]}" --> {_box(nat)}'
            continue
        target = owners.get(_target(rule["referenced_security_group_id"]))
        if source and target:
            yield f'{source} -- "{rule["to_port"]}" --> {target}'


def _secrets(resources: Resources) -> Iterator[str]:
    """Which secrets the proxy signs in with."""
    for name, proxy in resources.get("aws_db_proxy", {}).items():
        for auth in proxy["auth"]:
            kind, secret = _reference(auth["secret_arn"])
            if kind == "aws_secretsmanager_secret":
                yield f"{_box(name)} -. reads .-> {_box(secret)}"


def _model_edges(resources: Resources) -> Iterator[str]:
    by_role = {
        _target(function["role"]): name
        for name, function in resources.get("aws_lambda_function", {}).items()
    }
    for policy in resources.get("aws_iam_role_policy", {}).values():
        for model in _models_in(policy["policy"]):
            yield f"{_box(by_role[_target(policy['role'])])} -. invokes .-> {_box(model)}"


def _models(resources: Resources) -> list[str]:
    policies = resources.get("aws_iam_role_policy", {}).values()
    return list(dict.fromkeys(m for policy in policies for m in _models_in(policy["policy"])))


def _models_in(policy: str) -> list[str]:
    """Model ids that a policy lets its role invoke without a condition."""
    found = []
    for statement in json.loads(policy)["Statement"]:
        resources = statement["Resource"]
        if "Condition" not in statement:
            arns = [resources] if isinstance(resources, str) else resources
            found += [arn.split("/", 1)[1] for arn in arns if _is_model(arn)]
    return found


def _is_model(arn: str) -> bool:
    return ":bedrock:" in arn and ":guardrail/" not in arn


def _owners(resources: Resources) -> dict[str, str]:
    """Security group to the box that carries it."""
    owners = {}
    for kind, field in (
        ("aws_lambda_function", "vpc_config"),
        ("aws_db_proxy", "vpc_security_group_ids"),
        ("aws_db_instance", "vpc_security_group_ids"),
    ):
        for name, body in resources.get(kind, {}).items():
            for found in _REFERENCE.finditer(json.dumps(body[field])):
                if found.group(1) == "aws_security_group":
                    owners[found.group(2)] = _box(name)
    for endpoint in resources.get("aws_vpc_endpoint", {}).values():
        for group in endpoint.get("security_group_ids", ()):
            owners[_target(group)] = "endpoints"
    return owners


def _endpoint_names(resources: Resources) -> list[str]:
    return [
        endpoint["service_name"].rsplit(".", 1)[-1]
        for endpoint in resources.get("aws_vpc_endpoint", {}).values()
        if endpoint["vpc_endpoint_type"] == "Interface"
    ]


def _label(body: Mapping[str, Any]) -> str:
    named = next((str(body[field]) for field in _LABEL_FIELDS if field in body), "")
    return named or str(body.get("tags", {}).get("Name", ""))


def _reference(expression: str) -> tuple[str, str]:
    """Type and name of the first resource that an expression refers to."""
    found = _REFERENCE.search(expression)
    if found is None:
        raise ValueError(f"{expression!r} refers to no resource")
    return found.group(1), found.group(2)


def _target(expression: str) -> str:
    return _reference(expression)[1]


def _box(name: str) -> str:
    """An id that Mermaid accepts."""
    return re.sub(r"\W", "_", name)
