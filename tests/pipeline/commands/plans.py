"""A plan in which every room of the pipeline has something to say, for tests that change it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.pipeline.cost.pricers.test_prices import CASES
from tests.pipeline.plans import plan_json, resource_change

Path = tuple[str | int, ...]

_POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"},
            {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::1:role/x"},
        ],
    }
)
_JUDGED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("aws_sqs_queue.judged", {"policy": _POLICY, "name": "a-queue"}),
    (
        "aws_iam_role.judged",
        {"assume_role_policy": _POLICY, "inline_policy": [{"policy": _POLICY}]},
    ),
    ("aws_iam_role_policy.judged", {"policy": _POLICY, "role": "a-role"}),
    (
        "aws_iam_role_policy_attachment.judged",
        {"policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess", "role": "a-role"},
    ),
    (
        "aws_vpc_security_group_ingress_rule.judged",
        {"cidr_ipv4": "0.0.0.0/0", "from_port": 4711, "to_port": 4711, "ip_protocol": "tcp"},
    ),
    (
        "aws_security_group.judged",
        {"ingress": [{"cidr_blocks": ["0.0.0.0/0"], "from_port": 1, "to_port": 2}]},
    ),
    ("aws_route_table.judged", {"route": [{"cidr_block": "0.0.0.0/0", "gateway_id": "igw-1"}]}),
    ("aws_s3_bucket_acl.judged", {"acl": "public-read", "bucket": "a-bucket"}),
    ("aws_lambda_permission.judged", {"principal": "999999999999", "function_name": "f"}),
    ("aws_db_snapshot.judged", {"shared_accounts": ["all"]}),
    ("aws_mystery_box.judged", {"size": "large-enough"}),
)


def resources() -> list[dict[str, Any]]:
    """Items of ``resource_changes``: what is priced and what is judged, by every action."""
    found: list[dict[str, Any]] = []
    for number, case in enumerate(CASES):
        for subject in (case.of, *case.beside):
            name = f"{subject.type}.case{number}_{len(found)}"
            after = {"tags": {"CostCenter": "a-center"}, **subject.values}
            found.append(resource_change(name, _ACTIONS[number % 3], *_sides(number, after)))
    for number, (name, values) in enumerate(_JUDGED):
        found.append(resource_change(name, _ACTIONS[number % 3], *_sides(number, values)))
    return found


_ACTIONS = ("create", "update", "replace")


def _sides(number: int, values: dict[str, Any]) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """Before and after; a change takes away one attribute in turn."""
    if _ACTIONS[number % 3] == "create":
        return None, values
    gone = sorted(values)[number % len(values)] if values else None
    return {name: value for name, value in values.items() if name != gone}, values


def document(items: list[dict[str, Any]]) -> dict[str, Any]:
    """A plan of these resources, with drift, a failing check and an action beside."""
    drift = [resource_change("aws_sqs_queue.judged", "update", {"name": "was"}, {"name": "is now"})]
    check = {
        "address": {"to_display": "check.c"},
        "status": "fail",
        "instances": [
            {
                "address": {"to_display": "check.c"},
                "status": "fail",
                "problems": [{"message": "it does not answer"}],
            }
        ],
    }
    action = {"address": "action.aws_lambda_invoke.a", "type": "aws_lambda_invoke"}
    return plan_json(*items, resource_drift=drift, checks=[check], action_invocations=[action])


def leaves(value: Any, path: Path = ()) -> Iterator[Path]:
    """Where the values of a resource stand, the containers among them."""
    if path:
        yield path
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, item in items:
        yield from leaves(item, (*path, key))


def put(value: Any, path: Path, new: Any) -> Any:
    """A copy of a value with another one at a place; what lies on the way is made where missing."""
    if not path:
        return new
    key, rest = path[0], path[1:]
    if isinstance(key, int):
        items = list(value) if isinstance(value, list) else []
        items += [None] * (key + 1 - len(items))
        items[key] = put(items[key], rest, new)
        return items
    mapping = dict(value) if isinstance(value, dict) else {}
    mapping[key] = put(mapping.get(key), rest, new)
    return mapping
