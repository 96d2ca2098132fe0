"""EC2's network: most of it has no name, and is known by its tags and its VPC."""

from __future__ import annotations

from typing import Any

from recovery.adopt.account import Account
from recovery.adopt.rule import Item, Look, Rule, Values, listed
from recovery.adopt.rules.security_groups import RULES as SECURITY_GROUPS

_OURS = [
    {"Name": "tag:Project", "Values": ["{project}"]},
    {"Name": "tag:Environment", "Values": ["{environment}"]},
]
_GONE = frozenset({"deleting", "deleted", "failed", "rejected", "expired"})


def _ours(call: str, items: str) -> Look:
    return listed(call, items, Filters=_OURS)


def _nat_gateways(account: Account, values: Values) -> list[Item]:
    """The one operation of EC2 whose filters are called otherwise."""
    return listed("ec2.describe_nat_gateways", "NatGateways", Filter=_OURS)(account, values)


def _is_attached_here(gateway: Item, values: Values) -> bool:
    """An internet gateway is made first and attached then."""
    attached = [each["VpcId"] for each in gateway["Attachments"]]
    return not attached or attached == [values.get("vpc_id")]


def _within(kind: str, items: str, *, id: str, **same: str) -> Rule:  # noqa: A002 - as in Rule
    """A part of something that has an id of its own."""
    call, argument, attribute = _PARENTS[kind]
    arguments: dict[str, Any] = {argument: [f"{{{attribute}}}"]}
    return Rule(look=listed(call, items, **arguments), same=same, id=id)


_PARENTS = {
    "table": ("ec2.describe_route_tables", "RouteTableIds", "route_table_id"),
    "acl": ("ec2.describe_network_acls", "NetworkAclIds", "network_acl_id"),
    "endpoint": ("ec2.describe_vpc_endpoints", "VpcEndpointIds", "vpc_endpoint_id"),
}

RULES = {
    "aws_vpc": Rule(
        look=_ours("ec2.describe_vpcs", "Vpcs"),
        same={"CidrBlock": "cidr_block"},
        tags="Tags",
        id="{VpcId}",
        several=True,
        arn="ec2:vpc",
        removal="ec2 delete-vpc --vpc-id {id}",
    ),
    **SECURITY_GROUPS,
    "aws_internet_gateway": Rule(
        look=_ours("ec2.describe_internet_gateways", "InternetGateways"),
        tags="Tags",
        fits=_is_attached_here,
        id="{InternetGatewayId}",
        arn="ec2:internet-gateway",
        removal="ec2 delete-internet-gateway --internet-gateway-id {id}",
    ),
    "aws_subnet": Rule(
        look=_ours("ec2.describe_subnets", "Subnets"),
        same={"VpcId": "vpc_id", "CidrBlock": "cidr_block"},
        tags="Tags",
        id="{SubnetId}",
        arn="ec2:subnet",
        removal="ec2 delete-subnet --subnet-id {id}",
    ),
    "aws_route_table": Rule(
        look=_ours("ec2.describe_route_tables", "RouteTables"),
        same={"VpcId": "vpc_id"},
        tags="Tags",
        id="{RouteTableId}",
        several=True,
        arn="ec2:route-table",
        removal="ec2 delete-route-table --route-table-id {id}",
    ),
    "aws_route": _within(
        "table",
        "RouteTables[].Routes[]",
        DestinationCidrBlock="destination_cidr_block",
        id="{route_table_id}_{destination_cidr_block}",
    ),
    "aws_route_table_association": _within(
        "table",
        "RouteTables[].Associations[]",
        SubnetId="subnet_id",
        id="{subnet_id}/{route_table_id}",
    ),
    "aws_network_acl": Rule(
        look=_ours("ec2.describe_network_acls", "NetworkAcls"),
        same={"VpcId": "vpc_id"},
        tags="Tags",
        fits=lambda acl, _values: not acl["IsDefault"],
        id="{NetworkAclId}",
        several=True,
        arn="ec2:network-acl",
        removal="ec2 delete-network-acl --network-acl-id {id}",
    ),
    "aws_network_acl_rule": _within(
        "acl",
        "NetworkAcls[].Entries[]",
        RuleNumber="rule_number",
        Egress="egress",
        id="{network_acl_id}:{rule_number}:{protocol}:{egress}",
    ),
    "aws_eip": Rule(
        look=_ours("ec2.describe_addresses", "Addresses"),
        tags="Tags",
        id="{AllocationId}",
        several=True,
        arn="ec2:elastic-ip",
        removal="ec2 release-address --allocation-id {id}",
    ),
    "aws_nat_gateway": Rule(
        look=_nat_gateways,
        same={"SubnetId": "subnet_id"},
        tags="Tags",
        status="State",
        pending=frozenset({"pending"}),
        gone=_GONE,
        id="{NatGatewayId}",
        several=True,
        arn="ec2:natgateway",
        removal="ec2 delete-nat-gateway --nat-gateway-id {id}",
    ),
    "aws_vpc_endpoint": Rule(
        look=_ours("ec2.describe_vpc_endpoints", "VpcEndpoints"),
        same={"VpcId": "vpc_id", "ServiceName": "service_name"},
        tags="Tags",
        status="State",
        pending=frozenset({"pending"}),
        gone=_GONE,
        id="{VpcEndpointId}",
        several=True,
        arn="ec2:vpc-endpoint",
        removal="ec2 delete-vpc-endpoints --vpc-endpoint-ids {id}",
    ),
    "aws_vpc_endpoint_route_table_association": _within(
        "endpoint",
        "VpcEndpoints[].RouteTableIds[].{RouteTableId: @}",
        RouteTableId="route_table_id",
        id="{vpc_endpoint_id}/{route_table_id}",
    ),
    "aws_vpc_endpoint_subnet_association": _within(
        "endpoint",
        "VpcEndpoints[].SubnetIds[].{SubnetId: @}",
        SubnetId="subnet_id",
        id="{vpc_endpoint_id}/{subnet_id}",
    ),
    "aws_flow_log": Rule(
        look=listed("ec2.describe_flow_logs", "FlowLogs", Filter=_OURS),
        same={"ResourceId": "vpc_id"},
        tags="Tags",
        id="{FlowLogId}",
        several=True,
        arn="ec2:vpc-flow-log",
        removal="ec2 delete-flow-logs --flow-log-ids {id}",
    ),
}
