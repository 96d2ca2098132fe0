"""Rules that let traffic in: of security groups, network ACLs and their like."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pipeline.plan.masked import Masked
from pipeline.plan.values import as_list, as_text, blocks
from pipeline.warnings.ranges import is_public
from pipeline.warnings.side import Opening, Side

Values = Mapping[str, Any]

_RANGES = (
    "cidr_ipv4",
    "cidr_ipv6",
    "cidr_block",
    "ipv6_cidr_block",
    "cidr_blocks",
    "ipv6_cidr_blocks",
    "cidrs",
    "ipv6_cidrs",
    "ip_range",
)
_PREFIX_LISTS = ("prefix_list_id", "prefix_list_ids")
_OWN_RANGES = ("aws_vpc", "aws_subnet", "aws_default_vpc", "aws_default_subnet")

_ICMP = {"icmp": "ICMP", "1": "ICMP", "icmpv6": "ICMPv6", "58": "ICMPv6"}
_NAMES = {"6": "tcp", "17": "udp"}
"""Source: https://www.iana.org/assignments/protocol-numbers/protocol-numbers.xhtml"""

_EVERY_PORT = ({"0", "1"}, "65535")


def openings(side: Side) -> Iterator[Opening]:
    """What the rules of a resource open, range by range."""
    where, lets_in = _RULES.get(side.type, ("", None))
    if lets_in is None:
        return
    rules = blocks(side.values.get(where)) if where else [side.values]
    for rule in filter(lets_in, rules):
        yield from (Opening(f"opens {_traffic(rule)}", found) for found in _sources(rule))
    if _is_unknown(side, where) and (where or lets_in(side.values)):
        traffic = "ports" if where else _traffic(side.values)
        yield Opening(f"opens {traffic}", "addresses that are known only after the apply")


def _ingress(rule: Values) -> bool:
    return rule.get("type") in (None, "ingress")


def _allowed(rule: Values) -> bool:
    return rule.get("egress") is not True and "allow" in (
        rule.get("rule_action"),
        rule.get("action"),
    )


def _any(_: Values) -> bool:
    return True


_RULES: Mapping[str, tuple[str, Callable[[Values], bool]]] = {
    "aws_default_network_acl": ("ingress", _allowed),
    "aws_default_security_group": ("ingress", _any),
    "aws_gamelift_fleet": ("ec2_inbound_permission", _any),
    "aws_lightsail_instance_public_ports": ("port_info", _any),
    "aws_network_acl": ("ingress", _allowed),
    "aws_network_acl_rule": ("", _allowed),
    "aws_security_group": ("ingress", _any),
    "aws_security_group_rule": ("", _ingress),
    "aws_vpc_security_group_ingress_rule": ("", _any),
}
"""Type to the argument that holds its rules, or nothing where it is one, and which let in."""


def _sources(rule: Values) -> Iterator[str]:
    for name in _RANGES:
        for item in as_list(rule.get(name)):
            if isinstance(item, Masked):
                yield "addresses that are marked sensitive: nobody can review them"
            elif is_public(as_text(item)):
                yield as_text(item)
    for name in _PREFIX_LISTS:
        for item in as_list(rule.get(name)):
            if as_text(item):
                yield f"the prefix list {as_text(item)}, whose ranges the plan does not say"


def _is_unknown(side: Side, where: str) -> bool:
    """Whether ranges are known only after the apply, other than those of networks of ours."""
    return any(
        side.is_unknown(path)
        and (not where or side.is_written(path))
        and not any(side.refers_to(where or name, ours) for ours in _OWN_RANGES)
        for name in _RANGES
        for path in (f"{where}.{name}" if where else name,)
    )


def _traffic(rule: Values) -> str:
    """Which protocol and ports a rule lets in."""
    protocol = as_text(rule.get("ip_protocol", rule.get("protocol"))).lower()
    protocol = _NAMES.get(protocol, protocol)
    if protocol in _ICMP:
        return _icmp(_ICMP[protocol], rule)
    if protocol in ("-1", "all"):
        return "all ports"
    if protocol not in ("", "tcp", "udp") and protocol.isdecimal():
        return f"protocol {protocol}"
    kind = "UDP " if protocol == "udp" else ""
    first, last = as_text(rule.get("from_port")), as_text(rule.get("to_port"))
    if first in ("", "-1"):
        return f"all {kind}ports"
    if first in _EVERY_PORT[0] and last == _EVERY_PORT[1]:
        return f"all {kind or 'TCP '}ports"
    return f"{kind}port {first}" if first == last else f"{kind}ports {first}-{last}"


def _icmp(name: str, rule: Values) -> str:
    """ICMP has types and codes in place of ports; -1 stands for all of them."""
    kind = as_text(rule.get("icmp_type", rule.get("from_port")))
    code = as_text(rule.get("icmp_code", rule.get("to_port")))
    if kind in ("", "-1"):
        return f"all {name}"
    return f"{name} type {kind}" + (f" code {code}" if code not in ("", "-1") else "")
