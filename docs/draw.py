"""Draws a stack's architecture from its synthesised JSON, as a Mermaid flowchart.

Nothing is drawn from memory: a box is a resource, an arrow is a reference, a security-group rule
or an IAM statement that stands in the JSON. Any stack can be drawn; types without a box are left
out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

Resources = Mapping[str, Mapping[str, Mapping[str, Any]]]

BOXES = {
    # resource type: shape of its box, with the label inside
    "aws_cloudfront_distribution": '(["CloudFront<br/>{label}"])',
    "aws_lb": '(["Load balancer<br/>{label}"])',
    "aws_apigatewayv2_api": '(["API Gateway<br/>{label}"])',
    "aws_cognito_user_pool": '(["Cognito<br/>{label}"])',
    "aws_iam_openid_connect_provider": '(["{url}"])',
    "aws_lambda_function": '["Lambda<br/>{label}"]',
    "aws_instance": '["EC2<br/>{label}"]',
    "aws_ecs_service": '["ECS<br/>{label}"]',
    "aws_db_proxy": '["RDS Proxy<br/>{label}"]',
    "aws_db_instance": '[("PostgreSQL {engine_version}<br/>{instance_class}")]',
    "aws_dynamodb_table": '[("DynamoDB<br/>{label}")]',
    "aws_s3_bucket": '[("S3<br/>{label}")]',
    "aws_bedrock_model_invocation_logging_configuration": '["Bedrock<br/>log of invocations"]',
    "aws_flow_log": '["VPC flow log<br/>{log_destination_type}"]',
    "aws_athena_workgroup": '["Athena<br/>{label}"]',
    "aws_cloudtrail": '["CloudTrail<br/>{label}"]',
    "aws_config_delivery_channel": '["Config<br/>{label}"]',
    "aws_guardduty_detector": '["GuardDuty"]',
    "aws_accessanalyzer_analyzer": '["Access Analyzer<br/>{analyzer_name}"]',
    "aws_budgets_budget": '["Budget<br/>{label}"]',
    "aws_ce_anomaly_subscription": '["Cost anomalies<br/>{label}"]',
    "aws_iam_group": '["Group<br/>{label}"]',
    "aws_sns_topic": '["SNS<br/>{label}"]',
    "aws_secretsmanager_secret": '>"Secret<br/>{label}"]',
    "aws_nat_gateway": '["NAT gateway<br/>{label}"]',
}
_REFERRING = (
    "aws_bedrock_model_invocation_logging_configuration",
    "aws_athena_workgroup",
    "aws_cloudtrail",
    "aws_config_delivery_channel",
    "aws_cloudfront_distribution",
    "aws_cognito_user_pool",
    "aws_ecs_service",
    "aws_flow_log",
    "aws_lb",
    "aws_s3_bucket_logging",
)
"""Types whose references to other boxes are arrows; the rest have arrows that say more."""
_LABEL_FIELDS = ("name", "function_name", "identifier", "bucket")
_REFERENCE = re.compile(r"\$\{(aws_[a-z0-9_]+)\.([A-Za-z0-9_-]+)")


def mermaid(stack: Mapping[str, Any]) -> str:
    """A flowchart of one stack.

    Args:
        stack: the parsed ``cdk.tf.json``.
    """
    resources: Resources = stack.get("resource", {})
    lines = ["flowchart LR"]
    for kind, shape in BOXES.items():
        for name, body in resources.get(kind, {}).items():
            lines.append(f"    {_box(name)}{shape.format(label=_label(body), **body)}")
    for box, services in _endpoints(resources).values():
        lines.append(f'    {box}["Interface endpoints<br/>{"<br/>".join(services)}"]')
    lines += [f'    {_box(model)}{{{{"Bedrock<br/>{model}"}}}}' for model in _models(resources)]
    lines += [f'    {_box(name)}["Role<br/>{role}"]' for name, role in _signed_in(resources)]
    told = list(dict.fromkeys(_told(resources)))
    if any(source == _RULES for source, _ in told):
        lines.append(f'    {_box(_RULES)}["EventBridge<br/>rules"]')
    topics = sorted({topic for _, topic in told})
    lines += [f'    {_box(topic)}["SNS<br/>{topic}"]' for topic in topics]
    edges = dict.fromkeys(
        [
            *_routes(resources),
            *_subscriptions(resources),
            *_events(resources),
            *(f"{_box(source)} --> {_box(topic)}" for source, topic in told),
            *_network(resources),
            *_secrets(resources),
            *_model_edges(resources),
            *_sign_ins(resources),
            *_queries(resources),
            *_references(resources),
        ]
    )
    return "\n".join([*lines, *(f"    {edge}" for edge in edges)]) + "\n"


def _routes(resources: Resources) -> Iterator[str]:
    """API to function, by way of route, integration and alias: one arrow for all routes."""
    keys: dict[tuple[str, str], list[str]] = {}
    for route in resources.get("aws_apigatewayv2_route", {}).values():
        integration = resources["aws_apigatewayv2_integration"][_target(route["target"])]
        kind, name = _reference(integration.get("integration_uri", ""))
        if kind in ("aws_lambda_alias", "aws_lambda_function"):
            name = _function(resources, kind, name)
            ends = _box(_target(route["api_id"])), _box(name)
            keys.setdefault(ends, []).append(route["route_key"])
    for (api, function), routes in keys.items():
        # By path, as a reader looks for them.
        ordered = sorted(routes, key=lambda key: key.split()[::-1])
        yield f'{api} -- "{"<br/>".join(ordered)}" --> {function}'


def _function(resources: Resources, kind: str, name: str) -> str:
    """The function itself, or the one that an alias stands for."""
    if kind == "aws_lambda_alias":
        return _target(resources[kind][name]["function_name"])
    return name


def _subscriptions(resources: Resources) -> Iterator[str]:
    """Topic to the function that hears of it; whom mail reaches is no box."""
    for body in resources.get("aws_sns_topic_subscription", {}).values():
        if body["protocol"] == "lambda":
            function = _function(resources, *_reference(body["endpoint"]))
            yield f"{_box(_target(body['topic_arn']))} --> {_box(function)}"


def _events(resources: Resources) -> Iterator[str]:
    """What rules of EventBridge tell topics of; the rule itself is no box."""
    named = {
        _label(body): name
        for kind in ("aws_db_instance", "aws_db_proxy")
        for name, body in resources.get(kind, {}).items()
    }
    for target in resources.get("aws_cloudwatch_event_target", {}).values():
        kind, topic = _reference(target["arn"])
        rule = resources["aws_cloudwatch_event_rule"][_target(target["rule"])]
        pattern = json.loads(rule.get("event_pattern", "{}"))
        if kind == "aws_sns_topic":
            for source in pattern.get("detail", {}).get("SourceIdentifier", []):
                if source in named:
                    yield f"{_box(named[source])} --> {_box(topic)}"


_RULES = "event-rules"
"""One box for all rules of a stack that tell another stack's topics."""
_TOPIC = re.compile(r"arn:aws:sns:[^:]*:[^:]*:([^\"]+)")


def _told(resources: Resources) -> Iterator[tuple[str, str]]:
    """Who tells which topic of another stack, which is known by its name."""
    for kind in ("aws_budgets_budget", "aws_ce_anomaly_subscription"):
        for name, body in resources.get(kind, {}).items():
            for found in _TOPIC.finditer(json.dumps(body)):
                yield name, found[1]
    for target in resources.get("aws_cloudwatch_event_target", {}).values():
        if topic := _TOPIC.match(target["arn"]):
            yield _RULES, topic[1]


def _network(resources: Resources) -> Iterator[str]:
    """Who may open a connection to whom: the security groups' egress rules."""
    owners = _owners(resources)
    for rule in resources.get("aws_vpc_security_group_egress_rule", {}).values():
        source = owners.get(_target(rule["security_group_id"]))
        if not source:
            continue
        if "referenced_security_group_id" not in rule:
            for nat in resources.get("aws_nat_gateway", {}):
                yield f'{source} -- "{rule["to_port"]}" --> {_box(nat)}'
            continue
        target = owners.get(_target(rule["referenced_security_group_id"]))
        if target:
            yield f'{source} -- "{rule["to_port"]}" --> {target}'


def _secrets(resources: Resources) -> Iterator[str]:
    """Which secrets the proxy signs in with."""
    for name, proxy in resources.get("aws_db_proxy", {}).items():
        for auth in proxy["auth"]:
            kind, secret = _reference(auth.get("secret_arn", ""))
            if kind == "aws_secretsmanager_secret":
                yield f"{_box(name)} -. reads .-> {_box(secret)}"


def _queries(resources: Resources) -> Iterator[str]:
    """Which buckets a workgroup's saved queries read, by way of the tables of their database."""
    for query in resources.get("aws_athena_named_query", {}).values():
        for table in resources.get("aws_glue_catalog_table", {}).values():
            if _target(table["database_name"]) == _target(query["database"]):
                bucket = _target(table["storage_descriptor"]["location"])
                yield f"{_box(_target(query['workgroup']))} -. reads .-> {_box(bucket)}"


def _model_edges(resources: Resources) -> Iterator[str]:
    functions = {
        _target(function["role"]): name
        for name, function in resources.get("aws_lambda_function", {}).items()
    }
    for policy in resources.get("aws_iam_role_policy", {}).values():
        function = functions.get(_target(policy["role"]))
        if function:
            for model in _models_in(policy["policy"]):
                yield f"{_box(function)} -. invokes .-> {_box(model)}"


def _models(resources: Resources) -> list[str]:
    policies = resources.get("aws_iam_role_policy", {}).values()
    return list(dict.fromkeys(m for policy in policies for m in _models_in(policy["policy"])))


def _models_in(policy: str) -> list[str]:
    """Model ids that a policy lets its role invoke without a condition."""
    found = []
    for statement in json.loads(policy)["Statement"]:
        resources = statement.get("Resource", ())
        if statement["Effect"] == "Allow" and "Condition" not in statement:
            arns = [resources] if isinstance(resources, str) else resources
            found += [arn.split("/", 1)[1] for arn in arns if _is_model(arn)]
    return found


def _is_model(arn: str) -> bool:
    return ":bedrock:" in arn and ":guardrail/" not in arn


def _signed_in(resources: Resources) -> list[tuple[str, str]]:
    """Roles for those who sign in with another's identity: construct's name and role's name."""
    return [
        (name, role["name"])
        for name, role in resources.get("aws_iam_role", {}).items()
        if '"Federated"' in role["assume_role_policy"]
    ]


def _sign_ins(resources: Resources) -> Iterator[str]:
    for provider in resources.get("aws_iam_openid_connect_provider", {}):
        for name, _ in _signed_in(resources):
            yield f"{_box(provider)} -. assumes .-> {_box(name)}"


def _references(resources: Resources) -> Iterator[str]:
    for kind in _REFERRING:
        for name, body in resources.get(kind, {}).items():
            source = _target(body["bucket"]) if kind == "aws_s3_bucket_logging" else name
            for found in _REFERENCE.finditer(json.dumps(body)):
                if found.group(1) in BOXES and found.group(2) != source:
                    yield f"{_box(source)} --> {_box(found.group(2))}"


def _owners(resources: Resources) -> dict[str, str]:
    """Security group to the box that carries it."""
    owners = {}
    for kind, field in (
        ("aws_lambda_function", "vpc_config"),
        ("aws_db_proxy", "vpc_security_group_ids"),
        ("aws_db_instance", "vpc_security_group_ids"),
        ("aws_instance", "vpc_security_group_ids"),
        ("aws_ecs_service", "network_configuration"),
        ("aws_lb", "security_groups"),
    ):
        for name, body in resources.get(kind, {}).items():
            for found in _REFERENCE.finditer(json.dumps(body.get(field))):
                if found.group(1) == "aws_security_group":
                    owners[found.group(2)] = _box(name)
    return owners | {group: box for group, (box, _) in _endpoints(resources).items()}


def _endpoints(resources: Resources) -> dict[str, tuple[str, list[str]]]:
    """Security group of interface endpoints to their common box and the services in it."""
    found: dict[str, tuple[str, list[str]]] = {}
    for endpoint in resources.get("aws_vpc_endpoint", {}).values():
        for group in endpoint.get("security_group_ids", ()):
            box = f"endpoints_{len(found) + 1}" if found else "endpoints"
            _, services = found.setdefault(_target(group), (box, []))
            services.append(endpoint["service_name"].rsplit(".", 1)[-1])
    return found


def _label(body: Mapping[str, Any]) -> str:
    named = next((str(body[field]) for field in _LABEL_FIELDS if field in body), "")
    return named or str(body.get("tags", {}).get("Name", ""))


def _reference(expression: str) -> tuple[str, str]:
    """Type and name of the first resource that an expression refers to; empty without one."""
    found = _REFERENCE.search(expression)
    return (found.group(1), found.group(2)) if found else ("", "")


def _target(expression: str) -> str:
    return _reference(expression)[1]


def _box(name: str) -> str:
    """An id that Mermaid accepts."""
    return re.sub(r"\W", "_", name)
