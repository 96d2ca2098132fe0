"""The internet reaches load balancers on 80 and 443, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.plan.values import as_list, as_map, as_text
from pipeline.warnings.ranges import is_everything, network
from policies.check import Check, Unknown
from policies.stack import Resource, Stack, is_unknown

_GROUPS = ("aws_default_security_group", "aws_security_group")
_LOAD_BALANCERS = ("aws_alb", "aws_elb", "aws_lb")
_EDGE_PORTS = {"80", "443"}
_TCP = ("tcp", "6")

_RANGES = ("cidr_blocks", "cidr_ipv4", "cidr_ipv6", "ipv6_cidr_blocks")
_LISTS = ("prefix_list_id", "prefix_list_ids")
_LIST = "aws_ec2_managed_prefix_list"
_NETWORKS = ("aws_default_subnet.", "aws_default_vpc.", "aws_subnet.", "aws_vpc.")

_SHORTEST_PREFIX = {4: 8, 6: 16}
"""A range that is larger than any private network is the world or a part of it: two halves are all."""


class NoOpenSecurityGroup(Check):
    """Rules of their own and rules within a group, of both versions of the protocol."""

    types = (*_GROUPS, "aws_security_group_rule", "aws_vpc_security_group_ingress_rule")

    def faults(self, resource: Resource, stack: Stack) -> Iterator[str]:
        """What lets the world in."""
        if resource.type in _GROUPS:
            groups, rules = [resource], as_list(resource.values.get("ingress"))
        else:
            groups = stack.named_by(resource, "security_group_id")
            rules = [] if resource.first("type") == "egress" else [resource.values]
        for rule in rules:
            if is_unknown(rule):
                yield Unknown("its rules are not known yet")
            elif not _is_edge(as_map(rule), groups, stack):
                yield from _ranges(as_map(rule), resource)
                yield from _lists(as_map(rule), resource, stack)


def _ranges(rule: Mapping[str, Any], resource: Resource) -> Iterator[str]:
    ranges = [as_text(item) for name in _RANGES for item in as_list(rule.get(name))]
    for each in ranges:
        if is_unknown(each) and not _is_own_network(resource):
            yield Unknown("from where it lets in is not known yet")
        elif _is_world(each):
            yield f"lets in {each} on {_ports(rule)}"
    if is_everything(ranges) and not any(map(_is_world, ranges)):
        yield f"lets in everybody, by its ranges together, on {_ports(rule)}"


def _is_world(text: str) -> bool:
    found = network(text)
    return found is not None and found.prefixlen < _SHORTEST_PREFIX[found.version]


def _is_own_network(resource: Resource) -> bool:
    """Whether a range is that of a network of the same stack, whose size AWS limits."""
    targets = {target for names in resource.references.values() for target in names}
    return any(target.startswith(_NETWORKS) for target in targets)


def _lists(rule: Mapping[str, Any], resource: Resource, stack: Stack) -> Iterator[str]:
    for name in _LISTS:
        if not any(map(as_text, as_list(rule.get(name)))):
            continue
        attribute = name if name in resource.references else "ingress"
        found = [each for each in stack.named_by(resource, attribute) if each.type == _LIST]
        for each in found:
            for text in map(as_text, each.all("entry.cidr")):
                if _is_world(text):
                    yield f"lets in {text} on {_ports(rule)}, by the list {each.name}"
        if not found:
            yield Unknown("lets in a prefix list whose ranges this stack does not say")


def _ports(rule: Mapping[str, Any]) -> str:
    first, last = as_text(rule.get("from_port")), as_text(rule.get("to_port"))
    if _protocol(rule) in ("-1", "all") or first in ("", "-1"):
        return "every port"
    return f"port {first}" if first == last else f"ports {first} to {last}"


def _protocol(rule: Mapping[str, Any]) -> str:
    return as_text(rule.get("ip_protocol") or rule.get("protocol")).lower()


def _is_edge(rule: Mapping[str, Any], groups: list[Resource], stack: Stack) -> bool:
    """Whether it lets in browsers to what is made to answer them."""
    ports = {as_text(rule.get("from_port")), as_text(rule.get("to_port"))}
    return (
        len(ports) == 1
        and ports <= _EDGE_PORTS
        and _protocol(rule) in _TCP
        and bool(groups)
        and all(_is_of_load_balancers(group, stack) for group in groups)
    )


_USING = ("security_group_ids", "security_groups", "vpc_config", "vpc_security_group_ids")


def _is_of_load_balancers(group: Resource, stack: Stack) -> bool:
    """Whether load balancers have the group, and nothing else has."""
    users = [
        each
        for each in stack.resources
        if any(group.address in each.references.get(name, ()) for name in _USING)
    ]
    return bool(users) and all(each.type in _LOAD_BALANCERS for each in users)
