"""Rules that let traffic in: of security groups, network ACLs and their like."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any

from pipeline.plan.masked import Masked
from pipeline.plan.model import Change
from pipeline.plan.values import as_list, as_map, as_text, at, blocks
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
        yield from (Opening(f"opens {traffic(rule)}", found) for found in _sources(side, rule))
    if where or lets_in(side.values):
        what = "ports" if where else traffic(side.values)
        yield from (Opening(f"opens {what}", found) for found in _to_come(side, where))


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


def _sources(side: Side, rule: Values) -> Iterator[str]:
    for name in _RANGES:
        for item in as_list(rule.get(name)):
            if isinstance(item, Masked):
                yield "addresses that are marked sensitive: nobody can review them"
            elif is_public(as_text(item)):
                yield as_text(item)
    for name in _PREFIX_LISTS:
        for item in map(as_text, as_list(rule.get(name))):
            known = [each for each in side.prefix_lists if as_map(each.after).get("id") == item]
            yield from chain.from_iterable(map(_listed, known))
            if item and not known:
                yield f"the prefix list {item}, whose ranges the plan does not say"


def _listed(prefix_list: Change) -> Iterator[str]:
    """Public ranges of a prefix list."""
    for text in map(as_text, at(as_map(prefix_list.after), "entry.cidr")):
        if is_public(text):
            yield text


def _to_come(side: Side, where: str) -> Iterator[str]:
    """Sources that are known only after the apply, other than networks of ours."""

    def comes(name: str) -> bool:
        path = f"{where}.{name}" if where else name
        return side.is_unknown(path) and (not where or side.is_written(path))

    if any(comes(name) and not _is_ours(side, where or name) for name in _RANGES):
        yield "addresses that are known only after the apply"
    for name in filter(comes, _PREFIX_LISTS):
        targets = side.references.get(where or name, ())
        new = [each for each in side.prefix_lists if each.address in targets]
        yield from chain.from_iterable(map(_listed, new))
        if not new:
            yield "a prefix list that is known only after the apply"


def _is_ours(side: Side, attribute: str) -> bool:
    return any(side.refers_to(attribute, each) for each in _OWN_RANGES)


def traffic(rule: Values) -> str:
    """Which protocol and ports a rule lets in."""
    protocol = as_text(rule.get("ip_protocol", rule.get("protocol"))).lower()
    protocol = _NAMES.get(protocol, protocol)
    if protocol in _ICMP:
        return _icmp(_ICMP[protocol], rule)
    if protocol in ("-1", "all"):
        return "all ports"
    if protocol.isdecimal():
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
