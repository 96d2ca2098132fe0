"""The network: ranges, zones, ways out, endpoints, guards."""

from __future__ import annotations

import ipaddress
from itertools import combinations

import pytest

from modules.vpc import TIERS, subnet_range, tier_range, zone_letter
from tests.support.stacks import Stack, rag_stack

ZONES = tuple(f"ap-southeast-1{letter}" for letter in "abc")


def network_resources(stack: Stack) -> dict[str, object]:
    """What the network module made, by address."""
    parts = (".network_", ".endpoints_", ".flow-logs_")
    return {a: b for a, b in stack.everything() if any(part in a for part in parts)}


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
    before, after = dict(two.everything()), dict(three.everything())
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


def test_database_acl_admits_the_port_from_two_tiers_only() -> None:
    stack = rag_stack("dev")
    rules = [r for r in stack.resources("aws_network_acl_rule").values() if not r["egress"]]
    queries = {r["cidr_block"] for r in rules if r["from_port"] == 5432}
    assert queries == {"10.20.64.0/18", "10.20.128.0/18"}
    assert all(
        r["cidr_block"] != "0.0.0.0/0" for r in stack.resources("aws_network_acl_rule").values()
    )
    assert len(stack.resources("aws_network_acl_association")) == 2
