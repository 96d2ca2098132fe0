"""The network: ranges, zones, ways out, endpoints, guards."""

from __future__ import annotations

import ipaddress
from itertools import combinations
from typing import Any, get_args

import pytest
from policy_sentry.querying.all import get_all_actions

from modules.vpc import TIERS, subnet_range, tier_range, zone_letter
from modules.vpc.network import GATEWAY_ENDPOINTS
from stacks.rag.settings import EndpointService
from tests.support.iam.decisions import FULL_ACCESS, Policies, Request, allowed
from tests.support.stacks import Stack, policy_of, rag_stack

ZONES = tuple(f"ap-southeast-1{letter}" for letter in "abc")


def resources(stack: Stack) -> dict[str, dict[str, Any]]:
    """What the stack makes, by address; without the order, which changes nothing that exists."""
    return {
        address: {key: value for key, value in body.items() if key != "depends_on"}
        for address, body in stack.everything()
    }


def network_resources(stack: Stack) -> dict[str, object]:
    """What the network module made, by address."""
    parts = (".network_", ".endpoints_", ".flow-logs_")
    return {a: b for a, b in resources(stack).items() if any(part in a for part in parts)}


@pytest.mark.parametrize("cidr", ["10.20.0.0/16", "10.20.8.0/21", "192.168.0.0/18"])
def test_ranges_are_disjoint_and_inside(cidr: str) -> None:
    vpc = ipaddress.IPv4Network(cidr)
    ranges = [
        ipaddress.IPv4Network(subnet_range(cidr, tier, f"ap-southeast-1{letter}"))
        for tier in TIERS
        for letter in "abcdefgh"
    ]
    assert all(subnet.subnet_of(vpc) for subnet in ranges)
    assert not any(first.overlaps(second) for first, second in combinations(ranges, 2))


def test_documented_ranges() -> None:
    assert tier_range("10.20.0.0/16", "application") == "10.20.64.0/18"
    assert subnet_range("10.20.0.0/16", "public", "ap-southeast-1c") == "10.20.16.0/21"
    assert subnet_range("10.20.0.0/16", "database", "ap-southeast-1b") == "10.20.136.0/21"


def test_a_quarter_stays_free() -> None:
    used = [ipaddress.IPv4Network(tier_range("10.20.0.0/16", tier)) for tier in TIERS]
    free = ipaddress.IPv4Network("10.20.192.0/18")
    assert not any(tier.overlaps(free) for tier in used)


@pytest.mark.parametrize("zone", ["", "ap-southeast-1", "us-west-2-lax-1z"])
def test_a_zone_without_a_letter_is_refused(zone: str) -> None:
    with pytest.raises(ValueError, match="availability zone"):
        zone_letter(zone)


@pytest.mark.parametrize(
    "two", list(combinations(ZONES, 2)), ids=lambda two: two[0][-1] + two[1][-1]
)
@pytest.mark.parametrize("nat", ["none", "per_zone"])
def test_a_third_zone_adds_and_touches_none(two: tuple[str, str], nat: str) -> None:
    """Whichever zone comes third, and wherever it is written in the list."""

    def build(zones: tuple[str, ...]) -> Stack:
        return rag_stack(
            "dev",
            rag__network__zones=zones,
            rag__network__nat=nat,
            rag__network__interface_endpoint_zones=two[:1],
            rag__database__proxy={"zones": two},
        )

    before, after = network_resources(build(two)), network_resources(build(ZONES))
    added = set(after) - set(before)
    assert added, "a third zone must add something"
    assert {a: b for a, b in after.items() if a not in added} == before


def test_a_third_zone_touches_only_lists_of_subnets_elsewhere() -> None:
    """The subnet group and the functions grow in place; the proxy is not replaced."""
    two, three = rag_stack("dev"), rag_stack("dev", rag__network__zones=ZONES)
    before, after = resources(two), resources(three)
    assert set(before) <= set(after)
    changed = {address for address in before if before[address] != after[address]}
    assert {address.split(".")[0] for address in changed} == {
        "aws_db_subnet_group",
        "aws_lambda_function",
    }
    for address in changed:
        old, new = dict(before[address]), dict(after[address])
        for body in (old, new):
            body.pop("subnet_ids", None)
            body.pop("vpc_config", None)
        assert old == new


@pytest.mark.parametrize(("nat", "gateways"), [("none", 0), ("single", 1), ("per_zone", 2)])
def test_nat(nat: str, gateways: int) -> None:
    stack = rag_stack("dev", rag__network__nat=nat)
    assert len(stack.resources("aws_nat_gateway")) == gateways
    assert len(stack.resources("aws_eip")) == gateways
    routes = [r for r in stack.resources("aws_route").values() if "nat_gateway_id" in r]
    assert len(routes) == (2 if gateways else 0)
    assert len({route["nat_gateway_id"] for route in routes}) == gateways


def test_the_database_tier_has_no_way_out() -> None:
    stack = rag_stack("prod")
    tables = {name for name in stack.resources("aws_route_table") if "_database-routes" in name}
    assert len(tables) == 3
    for route in stack.resources("aws_route").values():
        assert not any(name in route["route_table_id"] for name in tables)


def test_no_subnet_hands_out_public_addresses() -> None:
    subnets = rag_stack("prod").resources("aws_subnet").values()
    assert len(subnets) == 9
    assert all(subnet["map_public_ip_on_launch"] is False for subnet in subnets)


def test_the_default_security_group_is_empty() -> None:
    group = rag_stack("dev").one("aws_default_security_group")
    assert "ingress" not in group
    assert "egress" not in group


def test_gateway_endpoints_serve_every_application_route_table() -> None:
    stack = rag_stack("prod")
    gateways = [
        e
        for e in stack.resources("aws_vpc_endpoint").values()
        if e["vpc_endpoint_type"] == "Gateway"
    ]
    assert {e["service_name"].rsplit(".", 1)[-1] for e in gateways} == {"s3", "dynamodb"}
    assert len(stack.resources("aws_vpc_endpoint_route_table_association")) == 2 * 3


def test_interface_endpoints_share_one_security_group() -> None:
    stack = rag_stack("dev")
    interfaces = [
        e
        for e in stack.resources("aws_vpc_endpoint").values()
        if e["vpc_endpoint_type"] == "Interface"
    ]
    assert len(interfaces) == 2
    assert len({tuple(e["security_group_ids"]) for e in interfaces}) == 1
    assert all(e["private_dns_enabled"] is True for e in interfaces)


INTERNET, NAT, FUNCTION, ENDPOINT, PROXY, DATABASE = (
    "203.0.113.9",
    "10.20.0.10",
    "10.20.64.10",
    "10.20.72.10",
    "10.20.128.10",
    "10.20.136.10",
)


def tier_of(address: str) -> str | None:
    """The tier that an address is in; None outside of the VPC."""
    ip = ipaddress.IPv4Address(address)
    ranges = {tier: ipaddress.IPv4Network(tier_range("10.20.0.0/16", tier)) for tier in TIERS}
    return next((tier for tier, cidr in ranges.items() if ip in cidr), None)


def passes(stack: Stack, source: str, target: str, port: int) -> bool:
    """Whether the ACLs of both ends let one packet through."""

    def through(tier: str | None, other: str, egress: bool) -> bool:
        if tier is None:
            return True
        return any(
            rule["egress"] is egress
            and f"network_{tier}-acl_" in rule["network_acl_id"]
            and ipaddress.IPv4Address(other) in ipaddress.IPv4Network(rule["cidr_block"])
            and rule["protocol"] == "tcp"
            and rule["from_port"] <= port <= rule["to_port"]
            for rule in stack.resources("aws_network_acl_rule").values()
        )

    return through(tier_of(source), target, True) and through(tier_of(target), source, False)


@pytest.mark.parametrize(
    ("client", "server", "port", "talks"),
    [
        (FUNCTION, ENDPOINT, 443, True),
        (FUNCTION, INTERNET, 443, True),  # to a gateway endpoint's addresses, or through NAT
        (FUNCTION, NAT, 443, True),
        (NAT, INTERNET, 443, True),
        (FUNCTION, PROXY, 5432, True),
        (PROXY, DATABASE, 5432, True),
        (FUNCTION, INTERNET, 80, False),
        (FUNCTION, INTERNET, 22, False),
        (FUNCTION, DATABASE, 22, False),
        (FUNCTION, PROXY, 443, False),
        (NAT, DATABASE, 5432, False),
        (NAT, FUNCTION, 443, False),
        (INTERNET, FUNCTION, 443, False),
        (INTERNET, NAT, 443, False),
        (INTERNET, DATABASE, 5432, False),
        (DATABASE, INTERNET, 443, False),
        (DATABASE, FUNCTION, 443, False),
    ],
)
@pytest.mark.parametrize("answered_at", [1024, 32_768, 65_535])
def test_acls_let_through_what_the_system_says_and_hears_and_nothing_else(
    client: str, server: str, port: int, talks: bool, answered_at: int
) -> None:
    stack = rag_stack("dev")
    asked = passes(stack, client, server, port)
    answered = passes(stack, server, client, answered_at)
    assert (asked and answered) is talks


def test_what_talks_to_the_internet_hears_of_too_large_packets_and_nothing_else_of_icmp() -> None:
    rules = rag_stack("dev").resources("aws_network_acl_rule").items()
    icmp = [(name, rule) for name, rule in rules if rule["protocol"] != "tcp"]
    assert {(rule["icmp_type"], rule["icmp_code"]) for _, rule in icmp} == {(3, 4)}
    ways = sorted((name.split("-acl_")[0], rule["egress"]) for name, rule in icmp)
    tiers = ("network_application", "network_public")
    assert ways == [(tier, egress) for tier in tiers for egress in (False, True)]


def test_each_tier_has_an_acl_and_the_default_one_is_closed_after_them() -> None:
    stack = rag_stack("prod")
    associations = stack.resources("aws_network_acl_association")
    subnets = sorted(body["subnet_id"] for body in associations.values())
    assert subnets == sorted(f"${{aws_subnet.{name}.id}}" for name in stack.resources("aws_subnet"))
    for name, body in associations.items():
        tier = name.removeprefix("network_").partition("-")[0]
        assert f"network_{tier}-acl_" in body["network_acl_id"]
        assert f"network_{tier}-" in body["subnet_id"]
        assert all(f"network_{tier}-acl_" in address for address in body["depends_on"])
        assert body["depends_on"]
    default = stack.one("aws_default_network_acl")
    assert not {"ingress", "egress", "subnet_ids"} & set(default)
    assert set(default["depends_on"]) == {f"aws_network_acl_association.{n}" for n in associations}


ACCOUNT, STRANGER = "111122223333", "444455556666"
HERE = f"ap-southeast-1:{ACCOUNT}"
FILE = "arn:aws:s3:::a-bucket/a-file"
TABLE = f"arn:aws:dynamodb:{HERE}:table/orders"
SECRET = f"arn:aws:secretsmanager:{HERE}:secret:a-secret-a1B2c3"
MODEL = "arn:aws:bedrock:ap-southeast-1::foundation-model/cohere.embed-multilingual-v3"
ANYBODY = [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]
"""A resource's policy that leaves it to the endpoint's."""


def carries(
    stack: Stack, service: str, action: str, resource: str, *, caller: str, owner: str
) -> bool:
    """Whether an endpoint lets a request through, which everything else allows."""
    (endpoint,) = [
        body
        for body in stack.resources("aws_vpc_endpoint").values()
        if body["service_name"].endswith(f".{service}")
    ]
    return allowed(
        Request(
            principal=f"arn:aws:iam::{caller}:role/somebody",
            action=action,
            resource=resource,
            context={"aws:ResourceAccount": owner},
        ),
        Policies(identity=[FULL_ACCESS], resource=ANYBODY, endpoint=policy_of(endpoint)),
    )


@pytest.mark.parametrize(
    ("service", "action", "resource", "caller", "owner", "may"),
    [
        ("s3", "s3:PutObject", FILE, ACCOUNT, ACCOUNT, True),
        ("s3", "s3:PutObject", FILE, ACCOUNT, STRANGER, False),
        ("s3", "s3:PutObject", FILE, STRANGER, STRANGER, False),
        ("s3", "s3:PutObject", FILE, STRANGER, ACCOUNT, False),
        ("dynamodb", "dynamodb:PutItem", TABLE, ACCOUNT, ACCOUNT, True),
        ("dynamodb", "dynamodb:PutItem", TABLE, ACCOUNT, STRANGER, False),
        ("secretsmanager", "secretsmanager:GetSecretValue", SECRET, ACCOUNT, ACCOUNT, True),
        ("secretsmanager", "secretsmanager:PutSecretValue", SECRET, ACCOUNT, STRANGER, False),
        ("secretsmanager", "secretsmanager:GetSecretValue", SECRET, STRANGER, ACCOUNT, False),
        # Models belong to AWS.
        ("bedrock-runtime", "bedrock:InvokeModel", MODEL, ACCOUNT, "", True),
        ("bedrock-runtime", "bedrock:InvokeModel", MODEL, STRANGER, "", False),
    ],
)
def test_endpoints_carry_this_accounts_requests_for_what_it_owns(
    service: str, action: str, resource: str, caller: str, owner: str, may: bool
) -> None:
    stack = rag_stack("dev")
    assert carries(stack, service, action, resource, caller=caller, owner=owner) is may


def test_every_endpoint_has_a_policy_whatever_its_service() -> None:
    services = get_args(EndpointService)
    stack = rag_stack("dev", rag__network__interface_endpoints=services)
    assert len(stack.resources("aws_vpc_endpoint")) == len(services) + len(GATEWAY_ENDPOINTS)
    known = {action.partition(":")[0] for action in get_all_actions()}
    for body in stack.resources("aws_vpc_endpoint").values():
        (statement,) = policy_of(body)
        assert statement["Action"].removesuffix(":*") in known


@pytest.mark.parametrize(
    ("bucket", "may"),
    [
        ("al2023-repos-ap-southeast-1-de612dc2", True),
        ("amazon-ssm-ap-southeast-1", True),
        ("al2023-repos-us-east-1-de612dc2", False),
        ("somebodys", False),
    ],
)
def test_packages_come_through_only_where_a_machine_needs_them(bucket: str, may: bool) -> None:
    without, with_machine = rag_stack("dev"), rag_stack("dev", rag__grafana={})
    package = f"arn:aws:s3:::{bucket}/a.rpm"

    def comes(stack: Stack, action: str) -> bool:
        return carries(stack, "s3", action, package, caller=ACCOUNT, owner=STRANGER)

    assert comes(with_machine, "s3:GetObject") is may
    assert not comes(with_machine, "s3:PutObject")
    assert not comes(without, "s3:GetObject")
