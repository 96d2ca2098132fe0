"""What opens to the internet is told once, when it opens."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pipeline.plan.model import Change
from pipeline.report.model import Topic
from pipeline.warnings import find_warnings
from tests.pipeline.plans import change, plan

RULE = "aws_vpc_security_group_ingress_rule.web_00000000"


def public(*changes: Change, **others: Any) -> list[str]:
    return [w.text for w in find_warnings(plan(*changes, **others)) if w.topic == Topic.PUBLIC]


def anybody(action: str, **statement: Any) -> str:
    row = {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": "*", **statement}
    return json.dumps({"Version": "2012-10-17", "Statement": [row]})


OPEN: dict[str, tuple[str, dict[str, Any], str]] = {
    "rule": (
        RULE,
        {"cidr_ipv4": "0.0.0.0/0", "from_port": 22, "to_port": 22, "ip_protocol": "tcp"},
        "opens port 22 to anywhere",
    ),
    "rule-ipv6": (
        RULE,
        {"cidr_ipv6": "::/0", "from_port": 0, "to_port": 99, "ip_protocol": "tcp"},
        "opens ports 0-99 to anywhere",
    ),
    "rule-half-of-the-internet": (
        RULE,
        {"cidr_ipv4": "0.0.0.0/1", "ip_protocol": "-1"},
        "opens all ports to 0.0.0.0/1",
    ),
    "rule-one-address": (
        RULE,
        {"cidr_ipv4": "8.8.8.8/32", "from_port": 443, "to_port": 443},
        "opens port 443 to 8.8.8.8/32",
    ),
    "old-rule": (
        "aws_security_group_rule.web_00000000",
        {"type": "ingress", "cidr_blocks": ["10.0.0.0/8", "0.0.0.0/0"], "protocol": "-1"},
        "opens all ports to anywhere",
    ),
    "group": (
        "aws_security_group.web_00000000",
        {"ingress": [{"cidr_blocks": ["0.0.0.0/0"], "from_port": 80, "to_port": 80}]},
        "opens port 80 to anywhere",
    ),
    "acl": (
        "aws_network_acl_rule.in_00000000",
        {"egress": False, "rule_action": "allow", "cidr_block": "0.0.0.0/0", "protocol": "-1"},
        "opens all ports to anywhere",
    ),
    "database": (
        "aws_db_instance.database_00000000",
        {"publicly_accessible": True},
        "the database gets an address on the internet",
    ),
    "route": (
        "aws_apigatewayv2_route.api_00000000",
        {"authorization_type": "NONE"},
        "anybody may call the route, without signing in",
    ),
    "function-url": (
        "aws_lambda_function_url.f_00000000",
        {"authorization_type": "NONE"},
        "anybody may call the function, without signing in",
    ),
    "load-balancer": ("aws_lb.web_00000000", {"internal": False}, "it faces the internet"),
    "gateway-route": (
        "aws_route.way_00000000",
        {"destination_cidr_block": "0.0.0.0/0", "gateway_id": "igw-123"},
        "its subnets become public: a way to the internet gateway",
    ),
    "bucket-block": (
        "aws_s3_bucket_public_access_block.b_00000000",
        {"block_public_policy": False},
        "public bucket policies are no longer blocked",
    ),
    "bucket-policy": (
        "aws_s3_bucket_policy.b_00000000",
        {"policy": anybody("s3:GetObject")},
        "its policy lets anybody s3:GetObject on *",
    ),
    "queue-policy": (
        "aws_sqs_queue.q_00000000",
        {"policy": anybody("sqs:SendMessage", Principal={"AWS": "*"})},
        "its policy lets anybody sqs:SendMessage on *",
    ),
}


@pytest.mark.parametrize("name", OPEN)
def test_an_opening_that_is_made_is_told(name: str) -> None:
    address, values, text = OPEN[name]
    assert public(change(address, after=values)) == [text]


@pytest.mark.parametrize("name", OPEN)
def test_an_opening_that_a_change_adds_is_told_and_one_that_was_there_is_not(name: str) -> None:
    address, values, text = OPEN[name]
    assert public(change(address, "update", before={}, after=values)) == [text]
    assert public(change(address, "update", before=values, after=values | {"tags": {}})) == []
    gone = "goes: nothing keeps the bucket from being made public"
    deleted = public(change(address, "delete", before=values))
    assert deleted == ([gone] if name == "bucket-block" else [])


CLOSED: dict[str, tuple[str, dict[str, Any]]] = {
    "private-range": (RULE, {"cidr_ipv4": "10.0.0.0/16", "from_port": 22, "to_port": 22}),
    "private-ipv6": (RULE, {"cidr_ipv6": "fd00::/8", "from_port": 22, "to_port": 22}),
    "no-range": (RULE, {"referenced_security_group_id": "sg-1"}),
    "egress": (
        "aws_vpc_security_group_egress_rule.web_00000000",
        {"cidr_ipv4": "0.0.0.0/0", "ip_protocol": "-1"},
    ),
    "old-egress": (
        "aws_security_group_rule.web_00000000",
        {"type": "egress", "cidr_blocks": ["0.0.0.0/0"]},
    ),
    "acl-deny": (
        "aws_network_acl_rule.in_00000000",
        {"egress": False, "rule_action": "deny", "cidr_block": "0.0.0.0/0"},
    ),
    "signed-in": ("aws_apigatewayv2_route.api_00000000", {"authorization_type": "JWT"}),
    "nat": (
        "aws_route.way_00000000",
        {"destination_cidr_block": "0.0.0.0/0", "nat_gateway_id": "nat-1"},
    ),
    "under-a-condition": (
        "aws_s3_bucket_policy.b_00000000",
        {
            "policy": anybody(
                "s3:GetObject", Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}}
            )
        },
    ),
    "denied-to-all": (
        "aws_s3_bucket_policy.b_00000000",
        {"policy": anybody("s3:*", Effect="Deny")},
    ),
}


@pytest.mark.parametrize("name", CLOSED)
def test_what_stays_closed_is_not_told(name: str) -> None:
    address, values = CLOSED[name]
    assert public(change(address, after=values)) == []


def test_a_route_to_a_gateway_that_does_not_exist_yet_is_told() -> None:
    address = "aws_route.way_00000000"
    values = {"destination_cidr_block": "0.0.0.0/0"}
    new = change(address, after=values, unknown={"gateway_id": True, "id": True})
    references = {address: {"gateway_id": ("aws_internet_gateway.network_00000000",)}}
    assert public(new, references=references) == [
        "its subnets become public: a way to the internet gateway"
    ]
    elsewhere = {address: {"gateway_id": ("aws_vpn_gateway.network_00000000",)}}
    assert public(new, references=elsewhere) == []
